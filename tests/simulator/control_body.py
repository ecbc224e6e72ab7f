"""What control calls share: reading the members of a body."""


class Wrong(Exception):
    """The control call makes no sense; the text says why."""


def member(body, name, kinds, wanted):
    value = body.get(name)
    if value is not None and (not isinstance(value, kinds)
                              or isinstance(value, bool) and bool not in kinds):
        raise Wrong(f"{name} has to be {wanted}")
    return value
