"""What the operations share: their register, and rules that hold for several kinds of resource."""

from ..errors import ServiceError, conflict

REGISTERED = {}


def operation(function):
    """Registers create_channel as CreateChannel."""
    REGISTERED["".join(word.capitalize() for word in function.__name__.split("_"))] = function
    return function


def new_resource(service, kind, quota, value):
    """Adds a resource, if the account may have one more of its kind."""
    service.quotas.check(quota, len(service.store.of_kind(kind)) + 1)
    return service.store.add(kind, {"tags": {}, **value})


def remove_unused(service, kind, arn, link):
    """Deletes a resource that no channel refers to in its member `link`."""
    resource = service.store.find(kind, arn)
    users = service.store.of_kind("channel", **{link: arn})
    if users:
        raise conflict(f"Resource {arn} is used by channel {users[0].value['arn']}: "
                       f"set its {link} to an empty string with UpdateChannel first")
    service.store.remove(resource)


def batch_get(service, kind, arns, view):
    """(what was found, in the order asked for; an error for each that was not)"""
    found, errors = [], []
    for arn in dict.fromkeys(arns):
        try:
            found.append(view(service.store.find(kind, arn)))
        except ServiceError as error:
            errors.append({"arn": arn, "code": error.code, "message": error.message})
    return found, errors


def list_page(service, request, operation_name, resources, default, scope=None, view=None):
    """The answer of a list operation; `view` gives an object that has all members of a summary."""
    model = service.model
    output = model.shapes[model.operations[operation_name]["output"]]
    member, use = next(iter(output["members"].items()))
    summary = model.shapes[use["shape"]]["member"]
    items = [(r.serial, model.pick(view(r) if view else r.value, summary)) for r in resources]
    page, token = service.pager.cut(items, request, [operation_name, scope], default)
    return {member: page, "nextToken": token}
