"""
The published form of a model, as botocore and the AWS tools read it (service-2.json, paginators-1.json), from ours
and back. What our form cannot say is refused by name, so that nothing of a newer published model is lost unseen;
only what answers say in HTTP headers, to browsers, is left out.
"""

import json
import os

from .model import ModelError

# What a shape may say beside its type, in the order of our form.
FACTS = ("min", "max", "pattern", "enum", "sensitive", "timestampFormat")
# What a published model says without any effect on the wire or on what a request may hold.
SILENT = {"documentation", "documentationUrl", "deprecated", "deprecatedMessage", "deprecatedSince", "box"}
SHAPE_KEYS = {"type", "required", "members", "member", "key", "value"} | set(FACTS) | SILENT
ERROR_KEYS = {"type", "required", "members", "error", "exception", "fault", "retryable"} | SILENT
MEMBER_KEYS = {"shape", "location", "locationName"} | SILENT
OPERATION_KEYS = {"name", "http", "input", "output", "errors", "idempotent", "readonly"} | SILENT
LOCATIONS = ("uri", "querystring")
MESSAGE = "exceptionMessage", "errorMessage"


# ---- from ours ----

def published_shape(shape):
    out = {"type": shape["type"]}
    if shape["type"] == "structure":
        if shape["required"]:
            out["required"] = shape["required"]
        out["members"] = {name: published_member(name, use) for name, use in shape["members"].items()}
    for key in ("member", "key", "value"):
        if key in shape:
            out[key] = {"shape": shape[key]}
    out.update((key, shape[key]) for key in FACTS if key in shape)
    return out


def published_member(name, use):
    return dict(use, locationName=name) if "location" in use else dict(use)


def published_error(status):
    error = {"httpStatusCode": status}
    kind = {"exception": True}
    if status < 500:
        error["senderFault"] = True
    else:
        kind["fault"] = True
    return {"type": "structure", "members": {MESSAGE[0]: {"shape": MESSAGE[1]}}, "error": error, **kind}


def published_operation(name, op):
    out = {"name": name,
           "http": {"method": op["method"], "requestUri": op["uri"], "responseCode": op["success"]}}
    out.update((key, {"shape": op[key]}) for key in ("input", "output") if op[key])
    out["errors"] = [{"shape": error} for error in op["errors"]]
    return out


def publish(facts):
    """(service, paginators) of a model in our form."""
    shapes = {name: published_shape(shape) for name, shape in facts["shapes"].items()}
    shapes.update((name, published_error(status)) for name, status in facts["errors"].items())
    shapes.setdefault(MESSAGE[1], {"type": "string"})
    operations = facts["operations"]
    service = {
        "version": "2.0",
        "metadata": {
            "apiVersion": facts["apiVersion"], "endpointPrefix": facts["endpointPrefix"], "jsonVersion": "1.1",
            "protocol": facts["protocol"], "serviceFullName": facts["service"], "serviceId": facts["service"],
            "signatureVersion": "v4", "signingName": facts["signingName"],
            "uid": "%s-%s" % (facts["service"], facts["apiVersion"])},
        "operations": {name: published_operation(name, op) for name, op in operations.items()},
        "shapes": dict(sorted(shapes.items())),
    }
    pages = {name: op["pagination"] for name, op in operations.items() if "pagination" in op}
    return service, {"pagination": pages}


# ---- to ours ----

def only(where, facts, keys):
    strange = sorted(set(facts) - keys)
    if strange:
        raise ModelError("%s: our form of the model cannot say %s" % (where, ", ".join(strange)))


def our_member(where, name, use):
    only(where, use, MEMBER_KEYS)
    location = use.get("location")
    if location is not None and location not in LOCATIONS:
        raise ModelError("%s: a member in the %s is not provided for" % (where, location))
    if use.get("locationName", name) != name:
        raise ModelError("%s: is called %s on the wire, which is not provided for" % (where, use["locationName"]))
    return {"shape": use["shape"], "location": location} if location else {"shape": use["shape"]}


def our_shape(name, shape, answers):
    only(name, shape, SHAPE_KEYS)
    out = {"type": shape["type"]}
    if shape["type"] == "structure":
        members = {wire: use for wire, use in shape["members"].items()
                   if name not in answers or use.get("location") != "header"}
        out["required"] = [wire for wire in shape.get("required", []) if wire in members]
        out["members"] = {wire: our_member("%s.%s" % (name, wire), wire, use) for wire, use in members.items()}
    out.update((key, shape[key]) for key in FACTS if key in shape)
    for key in ("member", "key", "value"):
        if key in shape:
            only("%s, its %s" % (name, key), shape[key], {"shape"} | SILENT)
            out[key] = shape[key]["shape"]
    return out


def our_error(name, shape):
    """Its HTTP status."""
    only(name, shape, ERROR_KEYS)
    status = shape.get("error", {}).get("httpStatusCode")
    if status is None:
        raise ModelError("%s: an error without HTTP status" % name)
    if MESSAGE[0] not in shape["members"]:
        raise ModelError("%s: an error without %s is not provided for" % (name, MESSAGE[0]))
    return status


def our_operation(name, op, pages):
    only(name, op, OPERATION_KEYS)
    http = op["http"]
    only(name, http, {"method", "requestUri", "responseCode"})
    out = {"method": http["method"], "uri": http["requestUri"], "success": http.get("responseCode", 200)}
    for key in ("input", "output"):
        use = op.get(key)
        if use:
            only("%s, its %s" % (name, key), use, {"shape"} | SILENT)
        out[key] = use["shape"] if use else None
    out["errors"] = [error["shape"] for error in op.get("errors", [])]
    if name in pages:
        out["pagination"] = pages[name]
    return out


def adopt(service, paginators):
    """The model in our form of a published one."""
    about = service["metadata"]
    if about["protocol"] != "rest-json":
        raise ModelError("the protocol is %s; only rest-json is provided for" % about["protocol"])
    pages = paginators["pagination"]
    shapes = service["shapes"]
    errors = {name for name, shape in shapes.items() if shape.get("exception")}
    answers = {op["output"]["shape"] for op in service["operations"].values() if "output" in op}
    return {
        "service": about["endpointPrefix"], "apiVersion": about["apiVersion"], "protocol": about["protocol"],
        "signingName": about.get("signingName", about["endpointPrefix"]), "endpointPrefix": about["endpointPrefix"],
        "operations": {name: our_operation(name, op, pages) for name, op in sorted(service["operations"].items())},
        "errors": {name: our_error(name, shapes[name]) for name in sorted(errors)},
        "shapes": {name: our_shape(name, shape, answers)
                   for name, shape in sorted(shapes.items()) if name not in errors},
    }


# ---- files ----

def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def as_text(facts, indent):
    return json.dumps(facts, indent=indent, ensure_ascii=False) + "\n"


def export(model_path):
    """(path, text) of the files that tools look for below a folder of models (AWS_DATA_PATH)."""
    facts = load(model_path)
    service, paginators = publish(facts)
    folder = os.path.join(facts["service"], facts["apiVersion"])
    return [(os.path.join(folder, "service-2.json"), as_text(service, 2)),
            (os.path.join(folder, "paginators-1.json"), as_text(paginators, 2))]


def take_over(service_path):
    """(path, text) of our model, from a published one with its paginators-1.json, if any, in the same folder."""
    beside = os.path.join(os.path.dirname(service_path), "paginators-1.json")
    paginators = load(beside) if os.path.exists(beside) else {"pagination": {}}
    try:
        facts = adopt(load(service_path), paginators)
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelError("%s is not a published model: %s is missing or of another kind" % (service_path, error))
    return [("core/model/%s-%s.json" % (facts["service"], facts["apiVersion"]), as_text(facts, 1))]
