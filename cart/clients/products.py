"""Asks products what variants are called, cost, and whether they can be had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel

from chassis.http import RemoteProblem, RemoteUnavailable, ServiceClient
from chassis.schemas import Locale, MoneyOut
from chassis.telemetry import log

MOST_ASKED = 500
"""Variants that products takes in one question."""


class Picture(BaseModel):
    """A picture of a variant: its address, and its size in pixels."""

    url: str
    alt: str
    width: int
    height: int


class Offer(BaseModel):
    """What products says of one variant now; of all that it says, the part that carts show."""

    variant_id: UUID
    sku: str
    product_id: UUID
    slug: str
    name: str
    options: dict[str, str]
    price: MoneyOut | None
    compare_at: MoneyOut | None
    available: int
    backorder: bool
    image: Picture | None
    sellable: bool

    @property
    def is_for_sale(self) -> bool:
        return self.sellable and self.price is not None


class _Answer(BaseModel):
    items: list[Offer]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A variant by the one name that is known of it."""

    sku: str | None = None
    variant_id: UUID | None = None

    def as_json(self) -> dict[str, str]:
        """The name as products wants it."""
        return {"sku": self.sku} if self.sku is not None else {"variant_id": str(self.variant_id)}


@dataclass(frozen=True, slots=True)
class Offers:
    """What products said of variants. One that it said nothing about is missing, one that it does not know is None."""

    by_variant: Mapping[UUID, Offer | None]

    def of(self, wanted: Wanted) -> Offer | None:
        """The offer that a name means; None when products does not know it."""
        if wanted.variant_id is not None:
            return self.by_variant.get(wanted.variant_id)
        return next((offer for offer in self.by_variant.values() if offer and offer.sku == wanted.sku), None)


NO_OFFERS = Offers({})


class Products:
    """The products service, as far as carts need it."""

    def __init__(self, client: ServiceClient, *, currency: str) -> None:
        self.currency = currency
        self._client = client

    async def offers(self, wanted: Sequence[Wanted], *, language: Locale) -> Offers:
        """What products says of these variants now, named in `language`; asks nothing for none.

        Repeating is safe. Raises RemoteUnavailable when products gives no answer that can be used.
        """
        found: dict[UUID, Offer | None] = {name.variant_id: None for name in wanted if name.variant_id}
        for start in range(0, len(wanted), MOST_ASKED):
            for offer in await self._ask(wanted[start : start + MOST_ASKED], language):
                found[offer.variant_id] = self._in_our_currency(offer)
        return Offers(found)

    async def aclose(self) -> None:
        """Its connections are closed."""
        await self._client.aclose()

    async def _ask(self, wanted: Sequence[Wanted], language: Locale) -> list[Offer]:
        body = {"items": [name.as_json() for name in wanted], "currency": self.currency}
        try:
            answer = await self._client.call(
                "POST",
                "/internal/prices",
                _Answer,
                body=body,
                headers={"accept-language": language},
                repeatable=True,
            )
        except RemoteProblem as problem:
            log.error("products.refused", status=problem.status, code=problem.code)
            raise RemoteUnavailable("products", f"refused: {problem.code}", maybe_done=False) from problem
        return answer.items

    def _in_our_currency(self, offer: Offer) -> Offer:
        for money in (offer.price, offer.compare_at):
            if money is not None and money.currency != self.currency:
                log.error("products.foreign_currency", sku=offer.sku, currency=money.currency)
                raise RemoteUnavailable("products", "prices in another currency", maybe_done=False)
        return offer
