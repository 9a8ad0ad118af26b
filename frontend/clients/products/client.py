"""Asks the products service: lists, one product, and what staff do with them."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from pydantic import BaseModel

from chassis.http import RemoteUnavailable, ServiceClient
from frontend.clients.asking import Asker
from frontend.clients.products.catalog import Category, CategoryTree, Product, ProductList
from frontend.clients.products.stock import Stock

CATEGORIES_SECONDS = 60.0
GLANCE_SECONDS = 300.0
REMEMBERED_GLANCES = 256
REMEMBERED_PAGES = 512


class ProductsClient:
    """Asks the products service."""

    def __init__(self, service: ServiceClient) -> None:
        self.service = service
        self._categories: dict[str, tuple[float, list[Category]]] = {}
        self._asking: dict[str, asyncio.Lock] = {}
        self._pages: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[str, ProductList]] = {}
        self._glances: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[float, ProductList]] = {}

    async def page(self, asker: Asker, query: Mapping[str, str]) -> ProductList:
        """One page; `query` as DOMAIN.md names the keys.

        What everybody may read is asked for with the ETag of the last answer: while nothing has changed, no
        price and no stock either, the very same object is returned, so that callers can tell by `is`.
        """
        if asker.token:
            return await self.service.call("GET", "/products", ProductList, params=query, **asker.options())
        key = (asker.locale, tuple(sorted(query.items())))
        tag, known = self._pages.get(key, ("", None))
        options = asker.options(if_none_match=tag)
        response = await self.service.send("GET", "/products", params=query, **options)
        if response.status_code == 304 and known is not None:
            return known
        if response.status_code >= 300:
            raise self.service.problem(response)
        found = self.service.read(response, ProductList)
        if len(self._pages) >= REMEMBERED_PAGES:
            self._pages.clear()
        if new_tag := response.headers.get("etag", ""):
            self._pages[key] = (new_tag, found)
        return found

    async def product(self, asker: Asker, key: str) -> Product:
        """The product with this id or slug. Raises RemoteProblem 404."""
        return await self.service.call("GET", f"/products/{key}", Product, **asker.options())

    async def categories(self, locale: str) -> list[Category]:
        """The top categories, at most a minute old; older ones while the service is away.

        Raises RemoteUnavailable when there never was an answer.
        """
        lock = self._asking.setdefault(locale, asyncio.Lock())
        async with lock:
            asked_at, known = self._categories.get(locale, (0.0, []))
            if known and time.monotonic() - asked_at < CATEGORIES_SECONDS:
                return known
            try:
                tree = await self.service.call("GET", "/categories", CategoryTree, **Asker(locale).options())
            except RemoteUnavailable:
                if not known:
                    raise
                return known
            found = tree.items
            self._categories[locale] = (time.monotonic(), found)
            return found

    async def glance(self, locale: str, query: Mapping[str, str]) -> ProductList:
        """A page as it was at most five minutes ago: for pictures, never for prices or stock."""
        key = (locale, tuple(sorted(query.items())))
        asked_at, known = self._glances.get(key, (0.0, None))
        if known is not None and time.monotonic() - asked_at < GLANCE_SECONDS:
            return known
        found = await self.page(Asker(locale), query)
        if len(self._glances) >= REMEMBERED_GLANCES:
            self._glances.clear()
        self._glances[key] = (time.monotonic(), found)
        return found

    async def create(self, asker: Asker, body: BaseModel | Mapping[str, Any]) -> Product:
        """The new product. Raises RemoteProblem (409 for a taken sku, 422)."""
        return await self.service.call("POST", "/products", Product, body=body, **asker.options())

    async def change(
        self, asker: Asker, product_id: UUID, version: int, body: BaseModel | Mapping[str, Any]
    ) -> Product:
        """The changed product. Raises RemoteProblem (412 when somebody else was first, 422)."""
        return await self.service.call(
            "PUT", f"/products/{product_id}", Product, body=body, **asker.options(if_match=f'"{version}"')
        )

    async def archive(self, asker: Asker, product_id: UUID, version: int) -> None:
        """The product is not sold any more. Raises RemoteProblem."""
        options = asker.options(if_match=f'"{version}"')
        response = await self.service.send("DELETE", f"/products/{product_id}", **options)
        if response.status_code >= 300:
            raise self.service.problem(response)

    async def stock(self, asker: Asker, sku: str) -> Stock:
        """The counters of a variant and its newest movements. Raises RemoteProblem 404."""
        return await self.service.call("GET", f"/stock/{quote(sku)}", Stock, **asker.options())

    async def adjust_stock(self, asker: Asker, sku: str, *, delta: int, reason: str, key: str) -> None:
        """So many more (or fewer) are on hand, once per `key`. Raises RemoteProblem (409 below zero, 422)."""
        body = {"delta": delta, "reason": reason}
        options = asker.options(idempotency_key=key)
        response = await self.service.send("POST", f"/stock/{quote(sku)}/adjustments", body=body, **options)
        if response.status_code >= 300:
            raise self.service.problem(response)
