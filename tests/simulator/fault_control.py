"""Control calls for faults and counts: see README.md."""

import secrets

from .control_body import Wrong, member
from .fault_switch import Chance, Order
from .faults import CONNECTION, KINDS
from .faults.common import is_number

QUEUE = ("times", "skip", "operation")


def kind_of(name):
    if name not in KINDS:
        raise Wrong(f"there is no fault {name}; there are: {', '.join(sorted(KINDS))}")
    return KINDS[name]


def order_of(body):
    """The Order that a body with `fault` asks for."""
    kind = kind_of(member(body, "fault", (str,), "the name of a fault"))
    given = {name: value for name, value in body.items() if name not in ("fault", *QUEUE)}
    return Order(kind, kind.arguments(given), given)


def count(body, name, least, default):
    value = member(body, name, (int,), "a whole number")
    if value is not None and value < least:
        raise Wrong(f"{name} has to be {least} or more")
    return default if value is None else value


def set_one(service, body):
    order = order_of(body)
    order.times = count(body, "times", 1, None if "times" in body else 1)
    order.skip = count(body, "skip", 0, 0)
    order.operation = member(body, "operation", (str,), "the name of an operation")
    if order.operation is not None and order.operation not in service.model.operations:
        raise Wrong(f"there is no operation {order.operation}")
    if order.operation is not None and order.kind.meets == CONNECTION:
        raise Wrong(f"{order.kind.name} meets connections, which have no operation yet")
    service.faults.add(order)


def set_chance(service, body):
    seed = member(body, "seed", (int,), "a whole number")
    rate = member(body, "rate", (int, float), "a probability")
    faults = member(body, "faults", (list,), "a list of faults")
    if not is_number(rate, 0, 1):
        raise Wrong("rate has to be a probability, 0 to 1")
    if set(body) - {"seed", "rate", "faults"}:
        raise Wrong("with a rate there are seed and faults, nothing else")
    orders = []
    for given in sorted(KINDS) if faults is None else faults:
        given = {"fault": given} if isinstance(given, str) else given
        if not isinstance(given, dict) or set(given) & set(QUEUE):
            raise Wrong("faults has to list names, or objects of fault and parameters")
        orders.append(order_of(given))
    seed = secrets.randbelow(1 << 32) if seed is None else seed
    service.faults.leave_to_chance(Chance(seed, rate, orders))


def set_faults(service, body):
    if body.get("clear") is True and len(body) == 1:
        service.faults.clear()
    elif "rate" in body or "seed" in body:
        set_chance(service, body)
    elif body.get("fault") is not None:
        set_one(service, body)
    else:
        raise Wrong('there has to be "fault", or "rate" and "seed", or "clear": true')
    return service.faults.describe()


def clear_faults(service, _body):
    service.faults.clear()
    return service.faults.describe()


def faults(service, _body):
    return {**service.faults.describe(), **service.faults.history()}


def counts(service, _body):
    return service.counts.describe()


def reset_counts(service, _body):
    return service.counts.reset()


def post_counts(service, body):
    if body != {"reset": True}:
        raise Wrong('there has to be "reset": true, and nothing else')
    return service.counts.reset()


CALLS = {
    **{("POST", name): set_faults for name in ("fault", "faults")},
    **{("DELETE", name): clear_faults for name in ("fault", "faults")},
    **{("GET", name): faults for name in ("fault", "faults")},
    ("GET", "counts"): counts,
    ("DELETE", "counts"): reset_counts,
    ("POST", "counts"): post_counts,
}
