"""A cart service in memory."""

import secrets
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.pages.fakes.base import Fake, Json, eur, problem, subject
from tests.pages.fakes.products import FakeProducts


class FakeCart(Fake):
    """Carts by id; a guest's is found by its token, a customer's by theirs."""

    def __init__(self, products: FakeProducts) -> None:
        self.products = products
        self.carts: dict[str, Json] = {}
        self.merges: dict[str, Json] = {}
        super().__init__()

    def routes(self) -> list[Route]:
        return [
            Route("/cart", self._show),
            Route("/cart", self._add, methods=["POST"]),
            Route("/cart/{line}", self._change, methods=["PUT"]),
            Route("/cart/{line}", self._remove, methods=["DELETE"]),
            Route("/internal/merges/{merge}", self._merge, methods=["PUT"]),
            Route("/internal/carts/{cart}", self._show),
        ]

    def of(self, request: Request) -> Json | None:
        owner, token = subject(request), request.headers.get("x-cart-token", "")
        return next(
            (
                cart
                for cart in self.carts.values()
                if (owner and cart["owner"] == owner) or (token and cart["token"] == token)
            ),
            None,
        )

    def shown(self, cart: Json | None) -> Json:
        if cart is None:
            return {"id": None, "version": 0, "items": [], "subtotal": None}
        lines = [self._line(line) for line in cart["lines"]]
        total = sum(line["line_total"]["amount"] for line in lines if line["line_total"])
        subtotal = None if self.products.down else eur(total)
        return {"id": cart["id"], "version": cart["version"], "items": lines, "subtotal": subtotal}

    def _line(self, line: Json) -> Json:
        known = self.products.variant(line["sku"])
        assert known
        product, variant = known
        away = self.products.down
        return {
            "id": line["id"],
            "sku": line["sku"],
            "variant_id": variant["id"],
            "product_id": product["id"],
            "slug": product["slug"],
            "name": None if away else product["name"],
            "options": variant["options"],
            "quantity": line["quantity"],
            "unit_price": None if away else variant["price"],
            "line_total": None if away else eur(variant["price"]["amount"] * line["quantity"]),
            "available": None if away else variant["available"],
            "image": product["images"][0] if product["images"] else None,
        }

    def make(self, owner: str = "") -> Json:
        cart: Json = {"id": str(uuid4()), "version": 1, "owner": owner, "token": "", "lines": []}
        if not owner:
            cart["token"] = secrets.token_urlsafe(32)
        self.carts[cart["id"]] = cart
        return cart

    async def _show(self, request: Request) -> Response:
        return JSONResponse(self.shown(self.of(request)))

    async def _add(self, request: Request) -> Response:
        body = await request.json()
        known = self.products.variant(body.get("sku") or body.get("variant_id"))
        if known is None:
            return problem(404, "variant_not_found")
        cart, headers = self.of(request), {}
        if cart is None:
            cart = self.make(subject(request))
            if cart["token"]:
                headers = {
                    "X-Cart-Token": cart["token"],
                    "Set-Cookie": f"cart_token={cart['token']}; Path=/cart",
                }
        self.put(cart, known[1]["sku"], body["quantity"])
        return JSONResponse(self.shown(cart), 201, headers=headers)

    def put(self, cart: Json, sku: str, quantity: int) -> None:
        cart["version"] += 1
        line = next((line for line in cart["lines"] if line["sku"] == sku), None)
        if line:
            line["quantity"] = min(999, line["quantity"] + quantity)
        else:
            cart["lines"].append({"id": str(uuid4()), "sku": sku, "quantity": quantity})

    async def _change(self, request: Request) -> Response:
        return await self._with_line(request, (await request.json())["quantity"])

    async def _remove(self, request: Request) -> Response:
        return await self._with_line(request, 0)

    async def _with_line(self, request: Request, quantity: int) -> Response:
        cart = self.of(request)
        lines = cart["lines"] if cart else []
        line = next((line for line in lines if line["id"] == request.path_params["line"]), None)
        if cart is None or line is None:
            return problem(404, "line_not_found")
        cart["version"] += 1
        if quantity:
            line["quantity"] = quantity
            return JSONResponse(self.shown(cart))
        cart["lines"].remove(line)
        return Response(status_code=204)

    async def _merge(self, request: Request) -> Response:
        merge_id, body = request.path_params["merge"], await request.json()
        if merge_id in self.merges:
            return JSONResponse(self.merges[merge_id])
        guest = next((c for c in self.carts.values() if c["token"] == body["cart_token"]), None)
        if guest is None:
            return problem(404, "cart_not_found")
        own = next((c for c in self.carts.values() if c["owner"] == body["customer_id"]), None)
        own = own or self.make(body["customer_id"])
        merged = [{"sku": line["sku"], "quantity": line["quantity"]} for line in guest["lines"]]
        for line in merged:
            self.put(own, line["sku"], line["quantity"])
        guest["lines"], guest["token"] = [], ""
        self.merges[merge_id] = {"cart_id": own["id"], "merged": merged}
        return JSONResponse(self.merges[merge_id])
