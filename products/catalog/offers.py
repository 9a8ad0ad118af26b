"""What other services ask the catalogue: `POST /internal/prices`."""

from typing import Annotated, Self
from uuid import UUID

import asyncpg
from fastapi import Depends, Response
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from chassis.auth import OneOf
from chassis.errors import Forbidden
from chassis.languages import Language
from chassis.openapi import responses
from chassis.routing import Router
from chassis.schemas import CurrencyCode, MoneyOut, Out, Sku, StrictIn, Uuid
from products import examples
from products.answering import as_json
from products.catalog import queries
from products.catalog.answers import ImageOut
from products.catalog.present import money
from products.deps import Shop

router = Router(prefix="/internal", tags=["between services"])

MOST_ITEMS = 500


class Asked(StrictIn):
    """A variant, by its SKU (the live one) or by its id (whatever its state)."""

    sku: Annotated[Sku | None, Field(examples=["MUG-1"])] = None
    variant_id: Uuid | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.sku is None) == (self.variant_id is None):
            raise PydanticCustomError("one_of_both", "needs either sku or variant_id")
        return self


class PricesIn(StrictIn):
    """Which variants, in which currency."""

    items: Annotated[list[Asked], Field(max_length=MOST_ITEMS)]
    currency: Annotated[CurrencyCode, Field(examples=["EUR"])]


class OfferOut(Out):
    """What a variant costs now. `price` is null when it has none in this currency: then it is not sellable."""

    variant_id: UUID
    sku: str
    product_id: UUID
    slug: str
    name: Annotated[str, Field(description="The product's; the variant's choices are in `options`.")]
    options: dict[str, str]
    price: MoneyOut | None
    compare_at: MoneyOut | None
    available: int
    backorder: bool
    image: ImageOut | None
    sellable: Annotated[bool, Field(description="On sale now, whether or not any are left.")]
    tax_class: str
    weight_grams: int | None
    version: int


class PricesOut(Out):
    """The offers in the order asked, and what there is no such variant for."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.OFFERS]})

    items: list[OfferOut]
    unknown: Annotated[list[str], Field(description="SKUs and ids, as they were sent.")]


@router.post(
    "/prices",
    summary="Prices and stock of variants",
    description="Names in the language of `Accept-Language`. For cart and orders.",
    responses=responses(Forbidden),
    dependencies=[Depends(OneOf("cart", "orders"))],
    response_model=PricesOut,
)
async def prices(shop: Shop, locale: Language, body: PricesIn) -> Response:
    rows = await queries.offers(
        shop.db,
        ids=[item.variant_id for item in body.items],
        skus=[item.sku for item in body.items],
        currency=body.currency,
        locale=locale,
    )
    known = {row["place"] for row in rows}
    unknown = [item.sku or str(item.variant_id) for at, item in enumerate(body.items) if at not in known]
    offers = [_offer(row, body.currency) for row in rows]
    return as_json(
        PricesOut(items=offers, unknown=unknown),
        headers={"Vary": "Accept-Language", "Content-Language": locale},
    )


def _offer(row: asyncpg.Record, currency: str) -> OfferOut:
    return OfferOut(
        variant_id=row["variant_id"],
        sku=row["sku"],
        product_id=row["product_id"],
        slug=row["slug"],
        name=row["name"],
        options=row["options"] or {},
        price=money(row["amount"], currency),
        compare_at=money(row["compare_at_amount"], currency),
        available=row["available"],
        backorder=row["backorder"],
        image=ImageOut(**row["image"]) if row["image"] else None,
        sellable=row["sellable"],
        tax_class=row["tax_class"],
        weight_grams=row["weight_grams"],
        version=row["version"],
    )
