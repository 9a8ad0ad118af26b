"""The cart service: the shopper's own cart, and the merge at sign-in."""

from typing import Any
from uuid import UUID

import httpx2
from pydantic import Field

from chassis.http import ServiceClient
from chassis.schemas import MoneyOut
from frontend.clients.asking import CART_TOKEN, Asker, Shape
from frontend.clients.products import Image


class CartLine(Shape):
    """One line; prices are missing while products does not answer."""

    id: UUID
    sku: str
    variant_id: UUID
    product_id: UUID | None = None
    slug: str | None = None
    name: str | None = None
    options: dict[str, str] = Field(default_factory=dict)
    quantity: int
    unit_price: MoneyOut | None = None
    compare_at: MoneyOut | None = None
    line_total: MoneyOut | None = None
    available: int | None = None
    image: Image | None = None


class Cart(Shape):
    """What a shopper intends to buy. `id` is missing for the empty cart of nobody."""

    id: UUID | None = None
    version: int = 0
    items: list[CartLine] = Field(default_factory=list)
    subtotal: MoneyOut | None = None

    @property
    def count(self) -> int:
        """How many things, all lines together."""
        return sum(line.quantity for line in self.items)


class MergedLine(Shape):
    """What came from the guest's cart."""

    sku: str
    quantity: int


class Merge(Shape):
    """What a merge did."""

    cart_id: UUID | None = None
    merged: list[MergedLine] = Field(default_factory=list)


class CartClient:
    """Asks the cart service."""

    def __init__(self, service: ServiceClient) -> None:
        self.service = service

    async def cart(self, asker: Asker, *, deadline: float | None = None) -> Cart:
        """The asker's cart; an empty one for nobody."""
        return await self.service.call("GET", "/cart", Cart, deadline=deadline, **asker.options())

    async def add(self, asker: Asker, *, sku: str, quantity: int, key: str) -> tuple[Cart, str]:
        """The cart with the thing in it, and the secret of a cart that was made for it ("" when none was).

        `key` makes a repeat harmless. Raises RemoteProblem (404 unknown, 409, 422).
        """
        body = {"sku": sku, "quantity": quantity}
        options = asker.options(idempotency_key=key)
        response = await self.service.send("POST", "/cart", body=body, **options)
        return self._cart(response), response.headers.get(CART_TOKEN, "")

    async def change(self, asker: Asker, line_id: UUID, quantity: int) -> Cart:
        """The line has this quantity. Raises RemoteProblem."""
        body = {"quantity": quantity}
        return await self.service.call("PUT", f"/cart/{line_id}", Cart, body=body, **asker.options())

    async def remove(self, asker: Asker, line_id: UUID) -> None:
        """The line is gone; it may have been gone before."""
        response = await self.service.send("DELETE", f"/cart/{line_id}", **asker.options())
        if response.status_code >= 300 and response.status_code != 404:
            raise self.service.problem(response)

    async def merge(self, *, merge_id: UUID, cart_token: str, customer_id: UUID) -> Merge:
        """The guest's cart is in the customer's, once, however often this is repeated. Raises RemoteProblem."""
        body: dict[str, Any] = {"cart_token": cart_token, "customer_id": str(customer_id)}
        return await self.service.call("PUT", f"/internal/merges/{merge_id}", Merge, body=body)

    def _cart(self, response: httpx2.Response) -> Cart:
        if response.status_code >= 300:
            raise self.service.problem(response)
        return self.service.read(response, Cart)
