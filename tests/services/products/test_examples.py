"""The examples of the documentation are what the service answers about the demo catalogue."""

import json
import re
from typing import Any
from uuid import UUID

import pytest

from products import examples
from products.demo.contents import read_contents
from products.demo.load import load
from tests.services.products.shop import Json, ProductsShop

CHOSEN_BY_THE_DATABASE = re.compile(
    r'"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z)"'
)


def _comparable(body: Any) -> str:
    """The body as JSON in which every id and time is `…`; numbers of movements are left out."""
    text = re.sub(r'"id": \d+', '"id": 0', json.dumps(body, ensure_ascii=False))
    return CHOSEN_BY_THE_DATABASE.sub('"…"', text)


@pytest.fixture
async def demo(shop: ProductsShop) -> ProductsShop:
    """A shop with the demo catalogue."""
    await load(shop.db, read_contents(), currency="EUR")
    return shop


async def _get(shop: ProductsShop, path: str) -> Json:
    answer = await shop.client.get(path, headers=shop.staff)
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


async def test_what_anybody_sees(demo: ProductsShop) -> None:
    found = await _get(demo, "/products/rosehip-teapot")
    assert _comparable(found) == _comparable(examples.PRODUCT)
    assert found["created_at"] == examples.PRODUCT["created_at"]
    assert _comparable(await _get(demo, "/products?q=rosehip&facets=true")) == _comparable(examples.LIST)
    tree = await _get(demo, "/categories")
    assert set(tree) == set(examples.CATEGORIES)
    assert examples.CATEGORIES["items"][0] in tree["items"]


async def test_what_an_order_changes(demo: ProductsShop) -> None:
    (line,) = examples.RESERVATION["lines"]
    variants = (await demo.product("rosehip-teapot"))["variants"]
    (variant,) = (one["id"] for one in variants if one["sku"] == line["sku"])
    reserved = await demo.reserve(UUID(examples.RESERVATION["order_id"]), {variant: line["quantity"]})
    assert _comparable(reserved.json()) == _comparable(examples.RESERVATION)
    assert _comparable(await _get(demo, f"/stock/{line['sku']}")) == _comparable(examples.STOCK)
    asked = [{"sku": line["sku"]}, *({"sku": sku} for sku in examples.OFFERS["unknown"])]
    offers = await demo.client.post(
        "/internal/prices", json={"items": asked, "currency": "EUR"}, headers=demo.cart
    )
    assert _comparable(offers.json()) == _comparable(examples.OFFERS)
