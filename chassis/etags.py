"""Entity tags made of version counters (RFC 9110 §8.8.3, §13): `"<version>.<stock>…"`."""

from typing import Annotated

from fastapi import Header

from chassis.errors import PreconditionFailed, PreconditionRequired

IfMatch = Annotated[
    str | None, Header(max_length=100, description="The `ETag` of what was edited.", examples=['"3.17"'])
]
IfNoneMatch = Annotated[str | None, Header(max_length=1000, description="An `ETag` the client has already.")]


def etag(*counters: int) -> str:
    """The tag of a representation with these counters, the version first."""
    return '"' + ".".join(str(counter) for counter in counters) + '"'


def unchanged(if_none_match: str | None, tag: str) -> bool:
    """Whether the client has the representation `tag` names already (answer 304)."""
    if if_none_match is None:
        return False
    known = [candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")]
    return tag in known or if_none_match.strip() == "*"


def edited_version(if_match: str | None) -> int | None:
    """The version an editor began from; None for `*`, which accepts any.

    Raises PreconditionRequired without the header, PreconditionFailed for a tag that is none of ours.
    """
    if if_match is None:
        raise PreconditionRequired
    tag = if_match.strip()
    if tag == "*":
        return None
    version = tag.strip('"').split(".")[0]
    if not (
        tag.startswith('"')
        and tag.endswith('"')
        and version.isascii()
        and version.isdigit()
        and len(version) < 19
    ):
        raise PreconditionFailed
    return int(version)
