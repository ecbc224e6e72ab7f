"""The two kinds of refusal the service gives.

A modelled error is listed in the model, which also gives its status; its text is the member
`exceptionMessage`. A generic one comes from the layer in front of every AWS service (signatures,
unreadable requests); its text is the member `message`.
"""


class ServiceError(Exception):
    """A modelled error: its HTTP status is looked up in the model."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message

    def body(self):
        return {"exceptionMessage": self.message}


class GenericError(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self):
        return {"message": self.message}


class UnknownOperation(GenericError):
    """No such route. `why` is for the log: the answer is the same whatever the reason."""

    def __init__(self, why):
        super().__init__(404, "UnknownOperationException", why)

    def body(self):
        name = "com.amazon.coral.service#UnknownOperationException"
        return {"Output": {"__type": name}, "Version": "1.0"}


def invalid(message):
    return ServiceError("ValidationException", message)


def conflict(message):
    return ServiceError("ConflictException", message)


def not_found(arn):
    return ServiceError("ResourceNotFoundException", f"Resource: {arn} not found")


def unreadable(message):
    return GenericError(400, "SerializationException", message)
