"""The products service as a process would run it, on its own database, and short ways to fill it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx2

from chassis.database import Database
from chassis.ids import new_id
from tests.support.identities import Identities

Json = dict[str, Any]


@dataclass
class ProductsShop:
    """The products service's client, its database, and headers of those who call it."""

    client: httpx2.AsyncClient
    db: Database
    identities: Identities
    staff: dict[str, str] = field(init=False)
    customer: dict[str, str] = field(init=False)
    orders: dict[str, str] = field(init=False)
    cart: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.staff = self.identities.staff_headers("products")
        self.customer = self.identities.customer_headers("products", new_id())
        self.orders = self.identities.service_headers("orders", "products")
        self.cart = self.identities.service_headers("cart", "products")

    async def add(self, sku: str = "MUG", *, stock: int = 5, amount: int = 1500, **more: Any) -> Json:
        """A simple product that is on sale now; its answer."""
        body = {"name": f"Product {sku}", "sku": sku, "price": euro(amount), "stock": stock, **more}
        return await self.add_body(body)

    async def add_body(self, body: Json) -> Json:
        """The product that `POST /products` makes of the body."""
        answer = await self.client.post("/products", json=body, headers=self.staff)
        assert answer.status_code == 201, answer.text
        product: Json = answer.json()
        return product

    async def product(self, key: str, **headers: str) -> Json:
        """`GET /products/{key}`."""
        answer = await self.client.get(f"/products/{key}", headers=headers)
        assert answer.status_code == 200, answer.text
        product: Json = answer.json()
        return product

    async def names(self, query: str = "", **headers: str) -> list[str]:
        """The names that `GET /products?…` lists, in order."""
        answer = await self.client.get(f"/products?{query}", headers=headers)
        assert answer.status_code == 200, answer.text
        return [item["name"] for item in answer.json()["items"]]

    async def put_product(self, product: Json, body: Json, **headers: str) -> httpx2.Response:
        """`PUT /products/{id}` by staff, on the version that `product` says."""
        match = {"if-match": f'"{product["version"]}.0"', **self.staff, **headers}
        return await self.client.put(f"/products/{product['id']}", json=body, headers=match)

    async def reserve(
        self, order_id: UUID, lines: dict[str, int], *, ttl_seconds: int = 600
    ) -> httpx2.Response:
        """`PUT /internal/reservations/{order}` for variant id → quantity."""
        body = {
            "lines": [{"variant_id": variant, "quantity": quantity} for variant, quantity in lines.items()],
            "ttl_seconds": ttl_seconds,
        }
        return await self.client.put(f"/internal/reservations/{order_id}", json=body, headers=self.orders)

    async def commit(self, order_id: UUID) -> httpx2.Response:
        """`PUT /internal/reservations/{order}/commit`."""
        return await self.client.put(
            f"/internal/reservations/{order_id}/commit", json={}, headers=self.orders
        )

    async def release(self, order_id: UUID, reason: str = "customer") -> httpx2.Response:
        """`PUT /internal/reservations/{order}/release`."""
        return await self.client.put(
            f"/internal/reservations/{order_id}/release", json={"reason": reason}, headers=self.orders
        )

    async def adjust(self, sku: str, delta: int, reason: str = "counted") -> httpx2.Response:
        """`POST /stock/{sku}/adjustments` by staff."""
        body = {"delta": delta, "reason": reason}
        return await self.client.post(f"/stock/{sku}/adjustments", json=body, headers=self.staff)

    async def counters(self, sku: str) -> tuple[int, int, int, int, int]:
        """on_hand, held, allocated, shortage and available of a variant."""
        answer = await self.client.get(f"/stock/{sku}", headers=self.staff)
        assert answer.status_code == 200, answer.text
        stock = answer.json()
        return (
            stock["on_hand"],
            stock["held"],
            stock["allocated"],
            stock["shortage"],
            stock["available"],
        )

    async def overdue(self, order_id: UUID, *, seconds: int) -> None:
        """As if the order's hold had expired so many seconds ago."""
        await self.db.execute(
            "UPDATE reservations SET expires_at = now() - make_interval(secs => $2) WHERE order_id = $1",
            order_id,
            seconds,
        )

    async def category(self, slug: str, *, parent: str | None = None, ru: str = "") -> None:
        """A category, perhaps below another."""
        await self.db.execute(
            "INSERT INTO categories (slug, parent_id, names) VALUES ($1, (SELECT id FROM categories WHERE slug = $2), $3)",
            slug,
            parent,
            {"en": slug.capitalize()} | ({"ru": ru} if ru else {}),
        )


def euro(amount: int) -> Json:
    """So many cents."""
    return {"amount": amount, "currency": "EUR"}


def shirt(name: str = "Shirt", *, sku: str = "TEE", stock: int = 3, **more: Any) -> Json:
    """A body with two sizes in two colours, of which red/L costs more."""
    return {
        "name": name,
        "options": ["Size", "Colour"],
        "variants": [
            {
                "sku": f"{sku}-{colour[0]}{size}",
                "price": euro(2500 if (size, colour) == ("L", "Red") else 2000),
                "stock": stock,
                "options": {"Size": size, "Colour": colour},
            }
            for size in ("M", "L")
            for colour in ("Red", "Blue")
        ],
        **more,
    }


def without_stock(body: Json) -> Json:
    """The same body as PUT takes it."""
    kept = {name: value for name, value in body.items() if name != "stock"}
    if "variants" in kept:
        kept["variants"] = [{k: v for k, v in one.items() if k != "stock"} for one in kept["variants"]]
    return kept
