"""What the query of `GET /products` may say."""

from typing import Annotated

from fastapi import Request
from pydantic import BeforeValidator, Field

from chassis.errors import FieldError, Forbidden, Invalid, Unauthenticated
from chassis.money import LARGEST_AMOUNT
from chassis.pagination import LONGEST_CURSOR
from chassis.schemas import CurrencyCode, Line, Slug
from products.catalog.rules import code_of
from products.reading import QueryIn, caller_of, context_of, locale_of, read_query
from products.search.filters import Filters, Options, Sort, Status

OPTION = "option."
MOST_OPTION_VALUES = 50

Amount = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT)]

OPTION_PARAMETER = {
    "name": "option.size",
    "in": "query",
    "required": False,
    "description": "One axis of choice; any axis of the shop works the same (`option.colour`). May be repeated.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100},
    "example": "M",
}


class ListQuery(QueryIn):
    """The keys of the query beside `option.…`."""

    q: Annotated[
        Line | None,
        BeforeValidator(lambda typed: typed.strip() or None),
        Field(
            description="Words in English or Russian; typos are forgiven.",
            examples=["leather boots"],
            validate_default=False,
        ),
    ] = None
    category: Annotated[
        Slug | None, Field(description="A category's slug; those below it count too.", examples=["shoes"])
    ] = None
    price_min: Annotated[Amount | None, Field(description="Minor units, inclusive.")] = None
    price_max: Annotated[Amount | None, Field(description="Minor units, inclusive.")] = None
    in_stock: Annotated[bool, Field(description="Only what can be ordered now.")] = False
    currency: Annotated[
        CurrencyCode | None,
        Field(description="ISO 4217; the shop's currency when left out.", examples=["EUR"]),
    ] = None
    status: Annotated[Status | None, Field(description="Drafts and archived products are for staff.")] = None
    sort: Annotated[Sort, Field(description="`relevance` without `q` is by popularity.")] = "relevance"
    limit: Annotated[int, Field(ge=1, le=100, description="How many items a page holds.")] = 24
    cursor: Annotated[
        str | None,
        Field(max_length=LONGEST_CURSOR, description="`next_cursor` of the page before, as it was."),
    ] = None
    facets: Annotated[bool, Field(description="Add the facets.")] = False


async def asked(request: Request) -> tuple[Filters, ListQuery]:
    """What the request wants to see. Raises RequestValidationError or Invalid for a wrong query,
    Unauthenticated or Forbidden when it asks for what is not public.
    """
    plain: dict[str, str] = {}
    chosen: dict[str, list[str]] = {}
    for key, value in request.query_params.multi_items():
        if key.startswith(OPTION):
            chosen.setdefault(code_of(key.removeprefix(OPTION)), []).append(code_of(value))
        else:
            plain[key] = value
    query = read_query(ListQuery, plain)
    caller = await caller_of(request)
    if query.status not in (None, "active") and not caller.is_staff:
        raise Forbidden("Drafts and archived products are for staff.") if caller.subject else Unauthenticated
    filters = Filters(
        currency=query.currency or context_of(request).settings.currency,
        locale=locale_of(request),
        status=query.status or "active",
        text=query.q,
        category=query.category,
        price_min=query.price_min,
        price_max=query.price_max,
        in_stock=query.in_stock,
        options=_options(chosen) if chosen else (),
    )
    return filters, query


def _options(chosen: dict[str, list[str]]) -> Options:
    """The choices, sorted. Raises Invalid for too many, long, empty or unprintable ones."""
    words = [word for axis, values in chosen.items() for word in (axis, *values)]
    if len(words) > MOST_OPTION_VALUES or not all(
        0 < len(word) <= 100 and word.isprintable() for word in words
    ):
        raise Invalid(
            errors=[FieldError("?option", "invalid_option", "too many, too long or unprintable values")]
        )
    return tuple((axis, tuple(sorted(set(values)))) for axis, values in sorted(chosen.items()))
