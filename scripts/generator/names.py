"""How names of the API become names of C, Lua and the command line. Each rule is here once."""

import re

# Words that C99 to C++20 keep for themselves; a member of that name gets a trailing underscore.
KEYWORDS = frozenset(
    """alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t
    char8_t class co_await co_return co_yield compl concept const const_cast consteval constexpr constinit
    continue decltype default delete do double dynamic_cast else enum explicit export extern false float
    for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or or_eq
    private protected public register reinterpret_cast requires restrict return short signed sizeof static
    static_assert static_cast struct switch template this thread_local throw true try typedef typeid
    typename union unsigned using virtual void volatile wchar_t while xor xor_eq""".split()
)


def snake_case(name):
    """latencyMode -> latency_mode, PlaybackURL -> playback_url, S3Destination -> s3_destination."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return name.replace("-", "_").lower()


def member_name(name):
    """The C name of a member."""
    name = snake_case(name)
    return name + "_" if name in KEYWORDS else name


def macro_name(name):
    """ChannelNotBroadcasting -> CHANNEL_NOT_BROADCASTING."""
    return snake_case(name).upper()


def enum_prefix(model, member, shape):
    """
    What the macros of an enumeration are called, without IVS_ in front and the value behind.

    The member's name, as people meet it (latencyMode: IVS_LATENCY_MODE_LOW), if it is of two words or more
    and means this enumeration wherever it occurs. Otherwise the name of the enumeration itself: a lone
    `state` or `type` says too little, or means another thing elsewhere (IVS_STREAM_STATE_LIVE).
    """
    snake = snake_case(member)
    if "_" in snake and all(model.enum_of(other) == shape for other in model.shapes_of_member(member)):
        return snake.upper()
    return macro_name(shape)
