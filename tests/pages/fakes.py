"""The four services with enough behaviour to walk through the shop: shapes of DOMAIN.md §4, state in memory.

Each can be put out of order (`down = True`), and notes the requests it got (`seen`).
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

Json = dict[str, Any]
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC).isoformat().replace("+00:00", "Z")


def eur(amount: int) -> Json:
    """Cents."""
    return {"amount": amount, "currency": "EUR"}


def problem(status: int, code: str, **extra: Any) -> Response:
    """problem+json with the members the shop reads."""
    body = {"type": "about:blank", "title": code, "status": status, "detail": code, "code": code, **extra}
    return JSONResponse(body, status, media_type="application/problem+json")


class Fake:
    """A service that can die. `seen`: (method, path, headers) of every request, in order."""

    def __init__(self) -> None:
        self.down = False
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.app = Starlette(routes=self.routes())

    def routes(self) -> list[Route]:
        raise NotImplementedError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            self.seen.append((request.method, request.url.path, dict(request.headers)))
            if self.down:
                await problem(503, "unavailable")(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def transport(self) -> httpx2.ASGITransport:
        return httpx2.ASGITransport(self)

    def paths(self, method: str) -> list[str]:
        """The paths asked for with `method`, in order."""
        return [path for seen_method, path, _ in self.seen if seen_method == method]


def is_staff(request: Request) -> bool:
    """Whether the token says so; nobody checks signatures here."""
    return "staff" in _claims(request).get("roles", [])


def subject(request: Request) -> str:
    """Who the token speaks for; empty without one."""
    return str(_claims(request).get("sub", ""))


def _claims(request: Request) -> Json:
    import base64
    import json

    parts = request.headers.get("authorization", "").removeprefix("Bearer ").split(".")
    if len(parts) != 3:
        return {}
    claims: Json = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    return claims


class FakeProducts(Fake):
    """Products by slug; `names` may be changed by tests."""

    def __init__(self) -> None:
        self.products: list[Json] = []
        self.categories: list[Json] = []
        self.movements: list[Json] = []
        super().__init__()

    def add(
        self,
        name: str,
        *,
        price: int = 1990,
        stock: int = 10,
        category: str = "kitchen",
        variants: list[Json] | None = None,
        options: list[str] | None = None,
        compare_at: int | None = None,
        **more: Any,
    ) -> Json:
        """A product is sold; without variants it has one, whose sku is its slug in capitals."""
        slug = more.pop("slug", name.lower().replace(" ", "-"))
        one = {"sku": slug.upper()[:60], "price": eur(price), "available": stock, "options": {}}
        one["compare_at"] = eur(compare_at) if compare_at else None
        kinds = [{"id": str(uuid4()), "compare_at": None, **variant} for variant in variants or [one]]
        product = {
            "id": str(uuid4()),
            "slug": slug,
            "name": name,
            "description": "Made to be used.\nFor years.",
            "status": "active",
            "category": category,
            "brand": None,
            "options": options or [],
            "images": [{"url": f"/media/{slug}.webp", "alt": name, "width": 800, "height": 800}],
            "variants": kinds,
            "translations": {},
            "created_at": NOW,
            "updated_at": NOW,
            "version": 1,
            **more,
        }
        self.products.append(self._summed(product))
        return product

    def variant(self, sku: str) -> tuple[Json, Json] | None:
        """(product, variant) of a sku, or of a variant's id."""
        for product in self.products:
            for variant in product["variants"]:
                if sku in (variant["sku"], variant["id"]):
                    return product, variant
        return None

    def card(self, product: Json) -> Json:
        first = product["variants"][0]
        return {
            **{key: product[key] for key in ("id", "slug", "name", "price", "available", "status")},
            "compare_at": first["compare_at"],
            "image": product["images"][0] if product["images"] else None,
            "sku": first["sku"],
        }

    def routes(self) -> list[Route]:
        return [
            Route("/products", self._list),
            Route("/products", self._create, methods=["POST"]),
            Route("/products/{key}", self._show),
            Route("/products/{key}", self._replace, methods=["PUT"]),
            Route("/products/{key}", self._archive, methods=["DELETE"]),
            Route("/categories", self._categories),
            Route("/stock/{sku}/adjustments", self._adjust, methods=["POST"]),
            Route("/stock/{sku}", self._stock),
            Route("/media/{name}", self._media),
            Route("/openapi.json", self._specification),
            Route("/internal/prices", self._specification, methods=["POST"]),
            Route("/metrics", self._specification),
        ]

    def _summed(self, product: Json) -> Json:
        product["price"] = min((v["price"] for v in product["variants"]), key=lambda price: price["amount"])
        product["available"] = sum(v["available"] for v in product["variants"])
        return product

    async def _list(self, request: Request) -> Response:
        query = request.query_params
        if query.get("cursor") == "bad":
            return problem(400, "invalid_cursor")
        if query.get("category", "") not in ["", *self._slugs(self.categories)]:
            return problem(422, "invalid", errors=[{"pointer": "?category", "code": "x", "message": "x"}])
        wanted = query.get("status", "active") if is_staff(request) else "active"
        found = [
            product
            for product in self.products
            if query.get("q", "").lower() in product["name"].lower()
            and product["category"].startswith(query.get("category", ""))
            and (wanted == "all" or product["status"] == wanted)
            and (query.get("in_stock") != "true" or product["available"])
            and all(
                any(
                    value == variant["options"].get(key.removeprefix("option.").title())
                    for variant in product["variants"]
                )
                for key, value in query.items()
                if key.startswith("option.")
            )
        ]
        if (sort := query.get("sort", "")) in ("price", "-price"):
            found.sort(key=lambda product: product["price"]["amount"], reverse=sort == "-price")
        start, limit = int(query.get("cursor", "0")), int(query.get("limit", "24"))
        following = str(start + limit) if len(found) > start + limit else None
        body: Json = {
            "items": [self.card(product) for product in found[start : start + limit]],
            "next_cursor": following,
        }
        if query.get("facets") == "true":
            body["facets"] = self._facets(found)
        return JSONResponse(body, headers={"ETag": '"list"', "Set-Cookie": "evil=1"})

    def _slugs(self, categories: list[Json]) -> list[str]:
        return [slug for one in categories for slug in [one["slug"], *self._slugs(one["children"])]]

    def _facets(self, found: list[Json]) -> list[Json]:
        counts: dict[str, int] = {}
        for product in found:
            counts[product["category"]] = counts.get(product["category"], 0) + 1
        values = [{"value": slug, "label": slug.title(), "count": count} for slug, count in counts.items()]
        sizes = {v["options"].get("Size") for product in found for v in product["variants"]} - {None}
        facets = [{"key": "category", "label": "Category", "values": values}]
        if sizes:
            labels = [{"value": size, "label": size, "count": 1} for size in sorted(map(str, sizes))]
            facets.append({"key": "option.size", "label": "Size", "values": labels})
        return facets

    def _found(self, request: Request) -> Json | None:
        key = request.path_params["key"]
        return next((p for p in self.products if key in (p["id"], p["slug"])), None)

    async def _show(self, request: Request) -> Response:
        product = self._found(request)
        if product is None or (product["status"] != "active" and not is_staff(request)):
            return problem(404, "product_not_found")
        return JSONResponse(self._summed(product), headers={"ETag": f'"{product["version"]}"'})

    async def _create(self, request: Request) -> Response:
        if not is_staff(request):
            return problem(403 if subject(request) else 401, "forbidden")
        body = await request.json()
        if self.variant(body.get("sku") or body["variants"][0]["sku"]):
            return problem(409, "sku_taken")
        variants = [
            {**variant, "available": variant.pop("stock", 0)} for variant in body.get("variants") or []
        ] or None
        price = body["price"]["amount"] if body.get("price") else 0
        product = self.add(
            body["name"], price=price, stock=body.get("stock") or 0, variants=variants, options=body.get("options"),
            category=body.get("category") or "kitchen", description=body["description"],
        )  # fmt: skip
        if body.get("sku"):
            product["variants"][0]["sku"] = body["sku"]
        return JSONResponse(product, 201)

    async def _replace(self, request: Request) -> Response:
        product = self._found(request)
        if product is None:
            return problem(404, "product_not_found")
        if request.headers.get("if-match") != f'"{product["version"]}"':
            return problem(412, "precondition_failed")
        body = await request.json()
        product |= {
            "name": body["name"],
            "description": body["description"],
            "version": product["version"] + 1,
        }
        product["status"] = body.get("status") or product["status"]
        if body.get("price"):
            product["variants"][0]["price"] = body["price"]
        for variant in body.get("variants") or []:
            if known := self.variant(variant["sku"]):
                known[1]["price"] = variant["price"]
        return JSONResponse(self._summed(product))

    async def _archive(self, request: Request) -> Response:
        product = self._found(request)
        if product is None:
            return problem(404, "product_not_found")
        product["status"] = "archived"
        return Response(status_code=204)

    async def _categories(self, request: Request) -> Response:
        return JSONResponse({"items": self.categories, "next_cursor": None})

    async def _adjust(self, request: Request) -> Response:
        known, body = self.variant(request.path_params["sku"]), await request.json()
        if known is None:
            return problem(404, "variant_not_found")
        if known[1]["available"] + body["delta"] < 0:
            return problem(409, "stock_below_zero")
        known[1]["available"] += body["delta"]
        movement = {
            "kind": "adjust", "reason": body["reason"], "change_on_hand": body["delta"], "change_held": 0,
            "change_allocated": 0, "on_hand_after": known[1]["available"], "at": NOW,
        }  # fmt: skip
        self.movements.insert(0, movement)
        return JSONResponse(self._counters(known[1]), 201)

    async def _stock(self, request: Request) -> Response:
        known = self.variant(request.path_params["sku"])
        return JSONResponse(self._counters(known[1])) if known else problem(404, "variant_not_found")

    def _counters(self, variant: Json) -> Json:
        counters = {"on_hand": variant["available"], "held": 0, "allocated": 0, "shortage": 0}
        movements = {"items": self.movements, "next_cursor": None}
        return {"sku": variant["sku"], "available": variant["available"], **counters, "movements": movements}

    async def _media(self, request: Request) -> Response:
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "Set-Cookie": "evil=1"}
        return Response(b"webp", media_type="image/webp", headers=headers)

    async def _specification(self, request: Request) -> Response:
        flows = {"password": {"tokenUrl": "http://elsewhere/auth/token", "scopes": {}}}
        schemes = {"account": {"type": "oauth2", "flows": flows}}
        return JSONResponse({"openapi": "3.1.0", "paths": {}, "components": {"securitySchemes": schemes}})


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


class FakePayments(Fake):
    """Payments by id, with the provider's page at `provider`."""

    def __init__(self, provider: str = "http://localhost:8005") -> None:
        self.provider = provider
        self.payments: dict[str, Json] = {}
        self.orders: FakeOrders | None = None
        super().__init__()

    def routes(self) -> list[Route]:
        return [
            Route("/payments", self._list),
            Route("/payments", self._create, methods=["POST"]),
            Route("/payments/{id}", self._show),
            Route("/webhooks/stripe", self._show, methods=["POST"]),
        ]

    def begin(self, order: Json) -> Json:
        payment = {
            "id": str(uuid5(UUID(order["id"]), str(len(self.payments)))),
            "order_id": order["id"],
            "provider": "stripe",
            "status": "requires_action",
            "amount": order["total"],
            "authorized": eur(0),
            "captured": eur(0),
            "refunded": eur(0),
            "operations": [],
            "redirect_url": f"{self.provider}/pay/{secrets.token_hex(4)}",
            "created_at": NOW,
        }
        self.payments[payment["id"]] = payment
        order["payment"] = {key: payment[key] for key in ("id", "status", "redirect_url")}
        return payment

    async def _create(self, request: Request) -> Response:
        assert self.orders
        order = self.orders.mine(request, (await request.json())["order_id"])
        if order is None:
            return problem(404, "order_not_found")
        if order["status"] != "pending":
            return problem(409, "nothing_to_pay")
        return JSONResponse(self.begin(order), 201)

    async def _list(self, request: Request) -> Response:
        if not subject(request):
            return problem(401, "unauthenticated")
        assert self.orders
        mine = [
            payment
            for payment in reversed(self.payments.values())
            if is_staff(request) or self.orders.orders[payment["order_id"]]["owner"] == subject(request)
        ]
        return JSONResponse({"items": mine, "next_cursor": None})

    async def _show(self, request: Request) -> Response:
        return JSONResponse(self.payments[request.path_params["id"]])


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
        methods = [
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
