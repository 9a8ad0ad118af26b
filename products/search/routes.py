"""`GET /products`: lists, filters, search, facets."""

from itertools import groupby
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, Query, Request, Response
from pydantic import BeforeValidator

from chassis import etags
from chassis.auth import AnyCaller
from chassis.errors import FieldError, Forbidden, Invalid, Unauthenticated
from chassis.languages import DEFAULT_LOCALE, Language
from chassis.money import LARGEST_AMOUNT
from chassis.openapi import responses
from chassis.pagination import CursorIn, InvalidCursor, Limit
from chassis.routing import Router, query_prefixes
from chassis.schemas import CurrencyCode, Line, Locale, MoneyOut, Slug
from products.answering import tagged_by_content
from products.catalog.answers import ImageOut
from products.catalog.rules import code_of
from products.deps import Shop
from products.search import queries
from products.search.answers import Card, Facet, FacetValue, ProductPage
from products.search.filters import Filters, Sort, Status

router = Router(tags=["products"])

OPTION = "option."
MOST_OPTION_VALUES = 50
LABELS: dict[str, dict[Locale, str]] = {
    "category": {"en": "Category", "ru": "Категория"},
    "in_stock": {"en": "In stock", "ru": "В наличии"},
}

Amount = Annotated[int | None, Query(ge=0, le=LARGEST_AMOUNT, description="Minor units, inclusive.")]


async def asked_options(request: Request) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The `option.…` keys of the query as (axis, values). Raises Invalid for too many, long or empty ones."""
    chosen: dict[str, list[str]] = {}
    for key, value in request.query_params.multi_items():
        if key.startswith(OPTION):
            chosen.setdefault(code_of(key.removeprefix(OPTION)), []).append(code_of(value))
    words = [word for axis, values in chosen.items() for word in (axis, *values)]
    if len(words) > MOST_OPTION_VALUES or not all(
        0 < len(word) <= 100 and word.isprintable() for word in words
    ):
        raise Invalid(
            errors=[FieldError("?option", "invalid_option", "too many, too long or unprintable values")]
        )
    return tuple((axis, tuple(sorted(set(values)))) for axis, values in sorted(chosen.items()))


async def asked_filters(
    shop: Shop,
    caller: AnyCaller,
    locale: Language,
    options: Annotated[tuple[tuple[str, tuple[str, ...]], ...], Depends(asked_options)],
    q: Annotated[
        Line | None,
        BeforeValidator(lambda typed: typed.strip() or None),
        Query(description="Words in English or Russian; typos are forgiven.", examples=["leather boots"]),
    ] = None,
    category: Annotated[
        Slug | None, Query(description="A category's slug; those below it count too.")
    ] = None,
    price_min: Amount = None,
    price_max: Amount = None,
    in_stock: Annotated[bool, Query(description="Only what can be ordered now.")] = False,  # noqa: FBT002  # a query key
    currency: Annotated[
        CurrencyCode | None, Query(description="ISO 4217; the shop's currency when left out.")
    ] = None,
    status: Annotated[Status | None, Query(description="Drafts and archived products are for staff.")] = None,
) -> Filters:
    """What was asked for. Raises Unauthenticated or Forbidden when a status is asked for that is not public."""
    if status not in (None, "active") and not caller.is_staff:
        raise Forbidden("Drafts and archived products are for staff.") if caller.subject else Unauthenticated
    return Filters(
        currency=currency or shop.settings.currency,
        locale=locale,
        status=status or "active",
        text=q,
        category=category,
        price_min=price_min,
        price_max=price_max,
        in_stock=in_stock,
        options=options,
    )


@router.get(
    "/products",
    summary="List and search products",
    description=(
        "Filters hold together; `option.<name>=<value>` may be given several times (`option.size=M&option.size=L`: "
        "either; `option.size=M&option.colour=Red`: a variant that is both). `sort=relevance` without `q` is by popularity. "
        "`facets=true` adds the further choices with the number of products each would leave."
    ),
    responses={
        304: {"description": "The client has it already."},
        **responses(InvalidCursor, Unauthenticated, Forbidden),
    },
    response_model=ProductPage,
    openapi_extra={
        "parameters": [
            {
                "name": "option.size",
                "in": "query",
                "required": False,
                "description": "One axis of choice; any axis of the shop works the same (`option.colour`).",
                "schema": {"type": "string", "minLength": 1, "maxLength": 100},
                "example": "M",
            }
        ]
    },
)
@query_prefixes(OPTION)
async def list_products(
    shop: Shop,
    filters: Annotated[Filters, Depends(asked_filters)],
    sort: Annotated[Sort, Query()] = "relevance",
    limit: Limit = 24,
    cursor: CursorIn = None,
    facets: Annotated[bool, Query(description="Add the facets.")] = False,  # noqa: FBT002  # a query key
    if_none_match: etags.IfNoneMatch = None,
) -> Response:
    identity = filters.identity(sort)
    after = None
    if cursor is not None:
        length = queries.position_length(filters, sort)
        after = shop.cursors.decode(identity, cursor, length=length)
    rows, position = await queries.page(shop.db, filters, sort=sort, after=after, limit=limit + 1)
    shown = rows[:limit]
    next_cursor = None
    if len(rows) > limit:
        next_cursor = shop.cursors.encode(identity, [shown[-1][name] for name in position])
    page = ProductPage.model_construct(
        items=[_card(row, filters.currency, filters.locale) for row in shown],
        next_cursor=next_cursor,
        facets=_facets(await queries.facets(shop.db, filters), filters.locale) if facets else None,
    )
    return tagged_by_content(page, locale=filters.locale, if_none_match=if_none_match)


def _card(row: asyncpg.Record, currency: str, locale: Locale) -> Card:
    was = row["compare_at_amount"]
    image = row["image"]
    return Card(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        price=MoneyOut(amount=row["price_amount"], currency=currency),
        compare_at=None if was is None else MoneyOut(amount=was, currency=currency),
        available=row["available"],
        in_stock=row["in_stock"],
        image=None if image is None else _image(image, locale),
        sku=row["sku"],
        status=row["status"],
    )


def _image(image: dict[str, Any], locale: Locale) -> ImageOut:
    alts: dict[str, str] = image["alts"]
    alt = alts.get(locale) or alts.get(DEFAULT_LOCALE, "")
    return ImageOut(url=image["url"], alt=alt, width=image["width"], height=image["height"])


def _facets(rows: list[asyncpg.Record], locale: Locale) -> list[Facet]:
    found = []
    for key, group in groupby(rows, key=lambda row: str(row["key"])):
        values = list(group)
        label: Any = LABELS[key][locale] if key in LABELS else values[0]["label"]
        found.append(
            Facet(
                key=key,
                label=label,
                values=[
                    FacetValue(value=row["value"], label=row["value_label"] or label, count=row["count"])
                    for row in values
                ],
            )
        )
    return found
