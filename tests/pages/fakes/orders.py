"""An orders service in memory."""

import hashlib
import secrets
from collections.abc import Callable
from uuid import UUID, uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.pages.fakes.base import NOW, Fake, Json, eur, is_staff, problem, subject
from tests.pages.fakes.cart import FakeCart
from tests.pages.fakes.payments import FakePayments


class FakeOrders(Fake):
    """Orders by id. `refuse` makes the next placing fail with that answer."""

    def __init__(self, cart: FakeCart, payments: FakePayments) -> None:
        self.cart = cart
        self.payments = payments
        payments.orders = self
        self.orders: dict[str, Json] = {}
        self.keys: dict[str, Json] = {}
        self.refuse: Callable[[], Response] | None = None
        self.slow_provider = False
        super().__init__()

    def routes(self) -> list[Route]:
        return [
            Route("/quotes", self._quote, methods=["POST"]),
            Route("/orders", self._list),
            Route("/orders", self._place, methods=["POST"]),
            Route("/orders/{id}", self._show),
            Route("/orders/{id}", self._cancel, methods=["DELETE"]),
            Route("/orders/{id}/retry", self._retry, methods=["POST"]),
            Route("/internal/events/{id}", self._show, methods=["PUT"]),
            Route("/mails", self._mails),
        ]

    async def _quote(self, request: Request) -> Response:
        body = await request.json()
        if body.get("coupon") not in (None, "WELCOME10"):
            return problem(
                422,
                "invalid",
                errors=[{"pointer": "/coupon", "code": "unknown_coupon", "message": "unknown"}],
            )
        return JSONResponse(self.priced(body["lines"], body.get("coupon"), body.get("shipping_method")))

    def priced(self, lines: list[Json], coupon: str | None, method: str | None) -> Json:
        sold = []
        for index, line in enumerate(lines):
            known = self.cart.products.variant(line["sku"])
            assert known
            product, variant = known
            total = variant["price"]["amount"] * line["quantity"]
            sold.append(
                {
                    "id": str(UUID(int=index + 1)), "sku": line["sku"], "name": product["name"], "options": variant["options"],
                    "quantity": line["quantity"], "unit_price": variant["price"], "discount": eur(0), "tax": eur(0),
                    "total": eur(total),
                }
            )  # fmt: skip
        subtotal = sum(line["total"]["amount"] for line in sold)
        discount = subtotal // 10 if coupon else 0
        methods: list[Json] = [
            {"code": "standard", "name": "Standard", "price": eur(490), "estimate": "3–5 days"},
            {"code": "express", "name": "Express", "price": eur(990), "estimate": "1–2 days"},
        ]
        chosen = next((m for m in methods if m["code"] == method), methods[0])
        shipping = chosen["price"]["amount"]
        total = subtotal - discount + shipping
        return {
            "lines": sold, "subtotal": eur(subtotal), "discount": eur(discount), "shipping": eur(shipping),
            "tax": eur(total * 19 // 119), "total": eur(total), "shipping_methods": methods,
            "shipping_method": chosen["code"],
        }  # fmt: skip

    async def _place(self, request: Request) -> Response:
        body, key = await request.json(), request.headers["idempotency-key"]
        if key in self.keys:
            return JSONResponse(self.keys[key], 201, headers={"Idempotent-Replayed": "true"})
        if self.refuse is not None:
            answer, self.refuse = self.refuse(), None
            return answer
        cart = self.cart.of(request)
        if cart is None or cart["id"] != body["cart_id"]:
            return problem(404, "cart_not_found")
        quote = self.priced(cart["lines"], body.get("coupon"), body["shipping_method"])
        if body.get("expected_total") not in (None, quote["total"]):
            return problem(409, "price_changed", quote=quote)
        token = "" if subject(request) else secrets.token_urlsafe(32)
        order = {
            "id": str(uuid4()), "number": secrets.token_hex(4).upper(), "status": "pending",
            "payment_status": "unpaid", "fulfillment_status": "unfulfilled", "created_at": NOW,
            "email": body["email"], "shipping_address": body["shipping_address"], "note": body.get("note"),
            "timeline": [{"at": NOW, "event": "order.placed", "who": "customer"}],
            "owner": subject(request), "hash": hashlib.sha256(token.encode()).hexdigest() if token else "",
            "version": 1, **quote,
        }  # fmt: skip
        self.orders[order["id"]] = order
        self.payments.begin(order)
        if self.slow_provider:
            order["payment"]["redirect_url"] = None
        shown = {**self.shown(order), **({"order_token": token} if token else {})}
        self.keys[key] = self.shown(order)
        return JSONResponse(shown, 202 if self.slow_provider else 201)

    def shown(self, order: Json) -> Json:
        return {
            key: value for key, value in order.items() if key not in ("owner", "hash", "shipping_methods")
        }

    def mine(self, request: Request, order_id: str) -> Json | None:
        order = self.orders.get(order_id)
        if order is None:
            return None
        given = hashlib.sha256(request.headers.get("x-order-token", "").encode()).hexdigest()
        owns = (order["owner"] and order["owner"] == subject(request)) or (
            order["hash"] and order["hash"] == given
        )
        return order if owns or is_staff(request) else None

    async def _show(self, request: Request) -> Response:
        order = self.mine(request, request.path_params["id"])
        return JSONResponse(self.shown(order)) if order else problem(404, "order_not_found")

    async def _list(self, request: Request) -> Response:
        if not subject(request):
            return problem(401, "unauthenticated")
        mine = [
            self.shown(o)
            for o in reversed(self.orders.values())
            if is_staff(request) or o["owner"] == subject(request)
        ]
        if status := request.query_params.get("status"):
            mine = [order for order in mine if order["status"] == status]
        return JSONResponse({"items": mine, "next_cursor": None})

    async def _cancel(self, request: Request) -> Response:
        order = self.mine(request, request.path_params["id"])
        if order is None:
            return problem(404, "order_not_found")
        if order["status"] == "completed":
            return problem(409, "illegal_transition")
        order["status"] = "canceled"
        return JSONResponse(self.shown(order), 202)

    async def _retry(self, request: Request) -> Response:
        order = self.mine(request, request.path_params["id"])
        if order is None or not is_staff(request):
            return problem(404, "order_not_found")
        return JSONResponse(self.shown(order), 202)

    async def _mails(self, request: Request) -> Response:
        if not is_staff(request):
            return problem(403, "forbidden")
        return JSONResponse({"items": [], "next_cursor": None})

    def pay(self, order_id: str) -> None:
        """The provider's customer has paid."""
        order = self.orders[order_id]
        order |= {"status": "confirmed", "payment_status": "paid"}
        order["payment"] |= {"status": "captured", "redirect_url": None}
