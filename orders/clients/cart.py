"""Carts, as checkout sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel

from chassis.errors import NotFound
from chassis.http import RemoteProblem, ServiceClient


class CartLine(BaseModel):
    """How many of one variant."""

    variant_id: UUID
    sku: str
    quantity: int


class Cart(BaseModel):
    """A cart at one version; any change of it gives another."""

    id: UUID
    version: int
    customer_id: UUID | None
    items: list[CartLine]


@dataclass(frozen=True, slots=True)
class Proof:
    """Why somebody may order a cart: it is the customer's own, or they know its secret."""

    customer_id: UUID | None = None
    cart_token: str | None = None

    def headers(self) -> dict[str, str]:
        """As cart wants to see it."""
        if self.customer_id is not None:
            return {"x-customer-id": str(self.customer_id)}
        return {"x-cart-token": self.cart_token or ""}


class CartNotFound(NotFound):
    code = "cart_not_found"
    title = "There is no such cart, or it is not yours"


class Carts:
    """The cart service."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def read(self, cart_id: UUID, proof: Proof) -> Cart:
        """The cart. Raises CartNotFound when the proof does not open it, RemoteUnavailable."""
        try:
            return await self._client.call("GET", f"/internal/carts/{cart_id}", Cart, headers=proof.headers())
        except RemoteProblem as problem:
            if problem.status in (404, 410):
                raise CartNotFound from problem
            raise

    async def clear(self, order_id: UUID, cart_id: UUID, lines: Sequence[tuple[UUID, int]]) -> None:
        """The ordered quantities are out of the cart, once per order; a cart that is gone is clear already.

        `lines`: variant and quantity. Raises RemoteUnavailable or RemoteProblem.
        """
        body = {
            "cart_id": str(cart_id),
            "lines": [{"variant_id": str(variant), "quantity": quantity} for variant, quantity in lines],
        }
        response = await self._client.send("PUT", f"/internal/ordered/{order_id}", body=body)
        if response.status_code >= 300 and response.status_code not in (404, 410):
            raise self._client.problem(response)
