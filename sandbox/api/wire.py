"""Stripe's forms: `a[b][0]=x` in, nested parameters out, and the parameter types that many calls share."""

from typing import Annotated, Any, TypeAlias, TypeVar
from urllib.parse import parse_qsl

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Json: TypeAlias = dict[str, Any]
"""An object on the wire, as it is sent."""

API_VERSION = "2026-10-28.endive"
LARGEST_BODY = 64 * 1024
MOST_FIELDS = 500
DEEPEST = 8


class Unreadable(ValueError):
    """The form is not UTF-8, holds NUL, is too deep, or names a value as both text and group."""


def parse_form(raw: bytes) -> Json:
    """The parameters of a form or query, nested by their brackets; lists stay groups with the keys `0`, `1`, ….

    Raises Unreadable.
    """
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:
        raise Unreadable("The request body is not a form in UTF-8") from error
    form: Json = {}
    for key, value in pairs:
        if "\x00" in key or "\x00" in value:
            raise Unreadable("Parameters must not contain NUL")
        _put(form, key, value)
    return form


def _put(form: Json, key: str, value: str) -> None:
    name, *rest = key.split("[", DEEPEST)
    parts = [name]
    for part in rest:
        if not part.endswith("]") or "[" in part:
            raise Unreadable("Parameter names must be well formed, as in a[b][0]")
        parts.append(part[:-1])
    group = form
    for part in parts[:-1]:
        group = group.setdefault(part, {})
        if not isinstance(group, dict):
            raise Unreadable("A parameter is given both as a value and as a group")
    last = parts[-1] or str(len(group))
    if isinstance(group.get(last), dict):
        raise Unreadable("A parameter is given both as a value and as a group")
    group[last] = value


def _in_order(value: object) -> object:
    if isinstance(value, dict) and all(key.isascii() and key.isdigit() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return value


Item = TypeVar("Item")
Listed = Annotated[list[Item], BeforeValidator(_in_order)]
"""A list, which a form spells `name[0]=…&name[1]=…`."""


def _within_limits(metadata: dict[str, str]) -> dict[str, str]:
    if len(metadata) > 50:
        raise ValueError("Metadata can have at most 50 keys")
    for key, value in metadata.items():
        if not 0 < len(key) <= 40 or len(value) > 500:
            raise ValueError("Metadata keys can have at most 40 characters and values at most 500")
    return metadata


Metadata = Annotated[dict[str, str], AfterValidator(_within_limits)]
Amount = Annotated[int, Field(ge=1, le=99_999_999)]
"""Minor units; Stripe's largest charge has eight digits."""
Currency = Annotated[str, StringConstraints(to_lower=True, pattern="^[A-Za-z]{3}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Moment = Annotated[int, Field(ge=0, le=253_402_300_799)]
"""Seconds since 1970."""


class Params(BaseModel):
    """Base of every call's parameters. Unknown ones are refused, as by Stripe."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    expand: Listed[str] = []


class Between(BaseModel):
    """Bounds in time, each end open or closed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gt: Moment | None = None
    gte: Moment | None = None
    lt: Moment | None = None
    lte: Moment | None = None


def _from_moment(value: object) -> object:
    return value if isinstance(value, dict) else {"gte": value, "lte": value}


class ListParams(Params):
    """What every list takes: a page of at most 100, newest first, and bounds on `created`."""

    limit: int = Field(default=10, ge=1, le=100)
    starting_after: str | None = None
    ending_before: str | None = None
    created: Annotated[Between, BeforeValidator(_from_moment)] | None = None
