"""Accounts as the rest of the gateway sees them."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from chassis.auth import STAFF

MOST_ORDERS = 20
"""So many orders' tokens a browser keeps."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in."""

    id: UUID
    email: str
    name: str
    roles: tuple[str, ...]
    locale: str

    @property
    def is_staff(self) -> bool:
        return STAFF in self.roles


@dataclass(frozen=True, slots=True)
class AddressEntry:
    """One address of a person's book. Empty strings where nothing was given."""

    id: UUID
    name: str
    line1: str
    line2: str
    city: str
    region: str
    postal_code: str
    country: str
    phone: str


class Belongings(BaseModel):
    """What a browser carries with it: secrets of a guest's cart and orders. Sealed at rest."""

    model_config = ConfigDict(frozen=True)

    cart_token: str = ""
    """The guest cart's `X-Cart-Token`. With a person signed in: one that still has to be merged."""
    order_tokens: dict[str, str] = {}
    """Order id → its `X-Order-Token`, newest last."""

    def with_order(self, order_id: UUID, token: str) -> "Belongings":
        """With one more order's token; the oldest is forgotten beyond twenty."""
        kept = {key: value for key, value in self.order_tokens.items() if key != str(order_id)}
        newest = list(kept.items())[1 - MOST_ORDERS :]
        return self.model_copy(update={"order_tokens": {**dict(newest), str(order_id): token}})

    def with_cart(self, token: str) -> "Belongings":
        """With another cart token; empty for none."""
        return self.model_copy(update={"cart_token": token})

    def order_token(self, order_id: UUID) -> str:
        """The token of an order this browser placed or was led to; empty when there is none."""
        return self.order_tokens.get(str(order_id), "")
