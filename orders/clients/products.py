"""Prices and stock, as orders see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from chassis.http import ServiceClient
from chassis.schemas import MoneyOut


class PricedVariant(BaseModel):
    """A variant as it is sold at this moment, without a price when it is not sold in our currency.

    `name` is the product's, in the language that was asked for.
    """

    variant_id: UUID
    sku: str
    product_id: UUID
    slug: str
    name: str
    options: dict[str, str]
    price: MoneyOut | None
    available: int
    sellable: bool
    image: dict[str, Any] | None = None
    tax_class: str = "standard"


class Prices(BaseModel):
    """`items` in the order of the question; `unknown` are the skus or ids that name nothing."""

    items: list[PricedVariant]
    unknown: list[str]


class Shortage(BaseModel):
    """A line that cannot be had in full."""

    variant_id: UUID
    sku: str
    requested: int
    available: int


@dataclass(frozen=True, slots=True)
class Held:
    """The stock is kept for the order."""


@dataclass(frozen=True, slots=True)
class Short:
    """Some stock is missing and nothing was kept."""

    shortages: tuple[Shortage, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """The reservation was closed before, and stays so."""


_SHORTAGES = TypeAdapter(list[Shortage])


class Products:
    """The products service."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def prices(
        self, *, skus: Sequence[str] = (), variants: Sequence[UUID] = (), currency: str, locale: str
    ) -> Prices:
        """What is known of each sku and each variant, in that order. Raises RemoteUnavailable or RemoteProblem."""
        items = [{"sku": sku} for sku in skus] + [{"variant_id": str(variant)} for variant in variants]
        return await self._client.call(
            "POST",
            "/internal/prices",
            Prices,
            body={"items": items, "currency": currency},
            headers={"accept-language": locale},
            repeatable=True,
        )

    async def hold(
        self, order_id: UUID, lines: Sequence[tuple[UUID, int]], *, seconds: int
    ) -> Held | Short | Released:
        """Keeps stock for `seconds`; `lines` are variant and quantity. Raises RemoteUnavailable or RemoteProblem."""
        body = {
            "lines": [{"variant_id": str(variant), "quantity": quantity} for variant, quantity in lines],
            "ttl_seconds": seconds,
        }
        return await self._reservation(order_id, "", body)

    async def allocate(self, order_id: UUID) -> Held | Short | Released:
        """The held stock is the order's for good, past the end of the hold too if there still is some."""
        return await self._reservation(order_id, "/commit", {})

    async def release(self, order_id: UUID, *, reason: str) -> None:
        """The order has no stock and can get none any more. Raises RemoteUnavailable or RemoteProblem."""
        path = f"/internal/reservations/{order_id}/release"
        response = await self._client.send("PUT", path, body={"reason": reason})
        if response.status_code >= 300:
            raise self._client.problem(response)

    async def _reservation(self, order_id: UUID, verb: str, body: dict[str, Any]) -> Held | Short | Released:
        path = f"/internal/reservations/{order_id}{verb}"
        response = await self._client.send("PUT", path, body=body)
        if response.status_code < 300:
            return Held()
        problem = self._client.problem(response)
        if problem.status == 409 and problem.code == "out_of_stock":
            return Short(tuple(_SHORTAGES.validate_python(problem.body.get("shortages", []))))
        if problem.status == 410 or (verb and problem.status == 404):
            return Released()
        raise problem
