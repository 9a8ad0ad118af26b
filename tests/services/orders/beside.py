"""The services beside orders, pretended: they keep state, repeat their answers, refuse, and fail on request."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx2

Json = dict[str, Any]
Answer = tuple[int, Json | None]


class Beside(httpx2.AsyncBaseTransport):
    """A service with faults: `down`, `lose_replies` (does it, then breaks), `slow` (seconds before it answers)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.down = False
        self.lose_replies = 0
        self.slow = 0.0
        self.before: Callable[[str, str], None] = lambda _method, _path: None
        self.after: Callable[[str, str], None] = lambda _method, _path: None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        method, path = request.method, request.url.path
        self.before(method, path)
        if self.down:
            raise httpx2.ConnectError("down", request=request)
        if self.slow:
            await asyncio.sleep(self.slow)
        self.calls.append((method, path))
        body = json.loads(request.content) if request.content else {}
        status, answer = self.answer(method, path, body, request.headers)
        if self.lose_replies:
            self.lose_replies -= 1
            raise httpx2.ReadError("the reply is lost", request=request)
        self.after(method, path)
        return httpx2.Response(status, json=answer) if answer is not None else httpx2.Response(status)

    def answer(self, method: str, path: str, body: Json, headers: httpx2.Headers) -> Answer:
        """What it does and says."""
        raise NotImplementedError

    def count(self, method: str, pattern: str) -> int:
        """How many calls there were like this."""
        return sum(1 for each, path in self.calls if each == method and re.search(pattern, path))


def problem(status: int, code: str, **more: Any) -> Answer:
    """A refusal."""
    return status, {"status": status, "code": code, "detail": code, **more}


class ProductsBeside(Beside):
    """Variants with stock. A reservation is held, allocated or released."""

    def __init__(self) -> None:
        super().__init__()
        self.variants: dict[str, Json] = {}
        self.stock: dict[str, int] = {}
        self.reservations: dict[str, Json] = {}

    def add(self, sku: str, price: int | None, stock: int, **more: Any) -> UUID:
        variant = UUID(int=1000 + len(self.variants))
        self.variants[str(variant)] = {
            "variant_id": str(variant),
            "sku": sku,
            "product_id": str(UUID(int=1)),
            "slug": sku.lower(),
            "name": sku.title(),
            "options": {},
            "price": None if price is None else {"amount": price, "currency": "EUR"},
            "sellable": price is not None,
            "image": None,
            "tax_class": "standard",
            **more,
        }
        self.stock[str(variant)] = stock
        return variant

    def named(self, sku: str) -> Json:
        return next(each for each in self.variants.values() if each["sku"] == sku)

    def left(self, sku: str) -> int:
        return self.stock[self.named(sku)["variant_id"]]

    def answer(self, method: str, path: str, body: Json, headers: httpx2.Headers) -> Answer:
        if path == "/internal/prices":
            return self._prices(body, headers.get("accept-language", "en"))
        order_id, _, verb = path.removeprefix("/internal/reservations/").partition("/")
        return {"": self._hold, "commit": self._commit, "release": self._release}[verb](order_id, body)

    def _prices(self, body: Json, language: str) -> Answer:
        items, unknown = [], []
        for asked in body["items"]:
            found = [
                each
                for each in self.variants.values()
                if asked.get("sku") == each["sku"] or asked.get("variant_id") == each["variant_id"]
            ]
            if not found:
                unknown.append(asked.get("sku") or asked["variant_id"])
            for each in found:
                name = each["name"] if language == "en" else f"{each['name']} ({language})"
                items.append({**each, "name": name, "available": max(0, self.stock[each["variant_id"]])})
        return 200, {"items": items, "unknown": unknown}

    def _hold(self, order_id: str, body: Json) -> Answer:
        known = self.reservations.get(order_id)
        if known is not None:
            if known["state"] in ("released", "expired"):
                return problem(410, "reservation_released")
            return (200, known) if known["lines"] == body["lines"] else problem(422, "id_reused")
        if short := self._short(body["lines"]):
            return problem(409, "out_of_stock", shortages=short)
        self._move(body["lines"], -1)
        self.reservations[order_id] = {"order_id": order_id, "state": "held", "lines": body["lines"]}
        return 200, self.reservations[order_id]

    def _commit(self, order_id: str, _: Json) -> Answer:
        known = self.reservations.get(order_id)
        if known is None:
            return problem(404, "not_found")
        if known["state"] == "released":
            return problem(410, "reservation_released")
        if known["state"] == "expired":
            if short := self._short(known["lines"]):
                return problem(409, "out_of_stock", shortages=short)
            self._move(known["lines"], -1)
        known["state"] = "allocated"
        return 200, known

    def _release(self, order_id: str, _: Json) -> Answer:
        known = self.reservations.setdefault(order_id, {"state": "new", "lines": []})
        if known["state"] in ("held", "allocated"):
            self._move(known["lines"], 1)
        known["state"] = "released"
        return 200, known

    def expire(self, order_id: str) -> None:
        """The sweeper has taken the hold back."""
        self._move(self.reservations[order_id]["lines"], 1)
        self.reservations[order_id]["state"] = "expired"

    def _short(self, lines: list[Json]) -> list[Json]:
        return [
            {
                "variant_id": line["variant_id"],
                "sku": self.variants[line["variant_id"]]["sku"],
                "requested": line["quantity"],
                "available": max(0, self.stock[line["variant_id"]]),
            }
            for line in lines
            if self.stock[line["variant_id"]] < line["quantity"]
        ]

    def _move(self, lines: list[Json], sign: int) -> None:
        for line in lines:
            self.stock[line["variant_id"]] += sign * line["quantity"]
            assert self.stock[line["variant_id"]] >= 0, "oversold"


class CartBeside(Beside):
    """Carts with a version, opened by a secret or by their customer."""

    def __init__(self) -> None:
        super().__init__()
        self.carts: dict[str, Json] = {}
        self.cleared: dict[str, Json] = {}

    def add(self, items: list[tuple[Json, int]], *, token: str = "", customer: UUID | None = None) -> str:
        cart_id = str(UUID(int=5000 + len(self.carts)))
        self.carts[cart_id] = {
            "id": cart_id,
            "version": 1,
            "customer_id": str(customer) if customer else None,
            "token": token,
            "items": [
                {"variant_id": variant["variant_id"], "sku": variant["sku"], "quantity": quantity}
                for variant, quantity in items
            ],
            "note": "",
        }
        return cart_id

    def answer(self, method: str, path: str, body: Json, headers: httpx2.Headers) -> Answer:
        if path.startswith("/internal/carts/"):
            cart = self.carts.get(path.rsplit("/", 1)[1])
            proven = cart is not None and (
                (cart["token"] and headers.get("x-cart-token") == cart["token"])
                or (cart["customer_id"] and headers.get("x-customer-id") == cart["customer_id"])
            )
            return (200, cart) if proven else problem(404, "not_found")
        order_id = path.rsplit("/", 1)[1]
        if order_id not in self.cleared:
            self.cleared[order_id] = body
            cart = self.carts[body["cart_id"]]
            ordered = {line["variant_id"]: line["quantity"] for line in body["lines"]}
            for item in cart["items"]:
                item["quantity"] -= ordered.get(item["variant_id"], 0)
            cart["items"] = [item for item in cart["items"] if item["quantity"] > 0]
            cart["version"] += 1
        return 204, None
