"""Types of the wire: strict on the way in, complete on the way out.

Inputs coerce nothing and refuse unknown fields. Text refuses NUL (PostgreSQL cannot store it), lone
surrogates (pydantic does) and control characters. Integers are bounded to what the database holds.
"""

import unicodedata
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from chassis.money import LARGEST_AMOUNT, Money, is_currency


class StrictIn(BaseModel):
    """Base of every request body."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Out(BaseModel):
    """Base of every answer. Fields have no defaults, so that clients see each as required."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


def _printable(text: str) -> str:
    if any(unicodedata.category(character) == "Cc" and character not in "\n\t\r" for character in text):
        raise PydanticCustomError("control_character", "must not contain control characters")
    return text


def _one_line(text: str) -> str:
    if any(character in "\n\r\t\x0b\x0c\x85\u2028\u2029" for character in text):
        raise PydanticCustomError("line_break", "must be a single line")
    return text


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_printable),
    AfterValidator(_one_line),
]
"""One line of text, 1 to 200 characters, outer blanks removed."""

Prose = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_printable)]
"""Text of several lines, at most 20,000 characters, may be empty."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
Sku = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$", max_length=64)]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""

Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=254, pattern=r"^[^@\s,;<>()\[\]\\\"]+@[^@\s.]+(\.[^@\s.]+)+$"
    ),
    AfterValidator(_printable),
]
"""Shaped like an address that can receive mail; whether it does, a mail tells."""


def _uuid(value: Any) -> Any:
    if isinstance(value, str) and len(value) == 36:
        try:
            return UUID(value)
        except ValueError:
            return value
    return value


Uuid = Annotated[UUID, BeforeValidator(_uuid, json_schema_input_type=UUID)]
"""A UUID written in its 36-character form (strict models accept no string as UUID otherwise)."""

Version = Annotated[int, Field(ge=0, le=2**62)]
Quantity = Annotated[int, Field(ge=1, le=999)]

Timestamp = Annotated[
    datetime,
    PlainSerializer(
        lambda value: value.isoformat(timespec="milliseconds").replace("+00:00", "Z"), return_type=str
    ),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""RFC 3339 in UTC with milliseconds."""

TimestampIn = Annotated[AwareDatetime, Field(strict=False)]


def _known_currency(code: str) -> str:
    if not is_currency(code):
        raise PydanticCustomError("unknown_currency", "must be an ISO 4217 currency")
    return code


class MoneyIn(StrictIn):
    """An amount somebody sends: `amount` in minor units, 0 or more, of `currency`."""

    amount: Annotated[int, Field(ge=0, le=LARGEST_AMOUNT, examples=[1999])]
    currency: Annotated[CurrencyCode, AfterValidator(_known_currency), Field(examples=["EUR"])]

    def money(self) -> Money:
        """The same as a value one can calculate with."""
        return Money(self.amount, self.currency)


class MoneyOut(Out):
    """An amount we answer: minor units of an ISO 4217 currency."""

    amount: Annotated[int, Field(examples=[1999])]
    currency: Annotated[str, Field(examples=["EUR"])]

    @classmethod
    def of(cls, money: Money) -> "MoneyOut":
        return cls(amount=money.amount, currency=money.currency)

    def money(self) -> Money:
        """The same as a value one can calculate with."""
        return Money(self.amount, self.currency)


class FieldErrorOut(BaseModel):
    """One wrong field of the input."""

    pointer: Annotated[str, Field(examples=["/quantity"])]
    code: Annotated[str, Field(examples=["greater_than_equal"])]
    message: Annotated[str, Field(examples=["Input should be greater than or equal to 1"])]


class ProblemOut(BaseModel):
    """RFC 9457 problem details, with our stable `code` and the request's id."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, Field(examples=["about:blank"])]
    title: str
    status: int
    detail: str
    instance: str
    code: Annotated[str, Field(examples=["invalid"])]
    request_id: str
    errors: list[FieldErrorOut] | None = None


Locale = Literal["en", "ru"]
