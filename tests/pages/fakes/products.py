"""A products service in memory."""

from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.pages.fakes.base import NOW, Fake, Json, eur, is_staff, problem, subject


class FakeProducts(Fake):
    """Products by slug; `names` may be changed by tests."""

    def __init__(self) -> None:
        self.products: list[Json] = []
        self.categories: list[Json] = []
        self.movements: list[Json] = []
        self.revision = 0
        """Part of the ETag of lists: tests that change a product behind the service's back raise it."""
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
        self.revision += 1
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
        query, tag = request.query_params, f'"list-{self.revision}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
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
        return JSONResponse(body, headers={"ETag": tag, "Set-Cookie": "evil=1"})

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
