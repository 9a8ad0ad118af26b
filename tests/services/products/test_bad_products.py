"""A product that makes no sense is refused at the place that is wrong, and nothing changes."""

from typing import Any

import pytest

from tests.services.products.shop import Json, ProductsShop, euro, shirt

GOOD: Json = {"name": "Mug", "sku": "MUG", "price": euro(100), "stock": 1}


HUGE = 2**63


def _with(**changes: Any) -> Json:
    return {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}


def _variants(*changes: Json, **more: Any) -> Json:
    body = shirt(**more)
    for at, change in enumerate(changes):
        body["variants"][at] |= change
    return body


BAD_PRODUCTS: dict[str, tuple[Json, str]] = {
    "no name": (_with(name=...), "/name"),
    "blank name": (_with(name="  "), "/name"),
    "long name": (_with(name="x" * 201), "/name"),
    "name of two lines": (_with(name="a\nb"), "/name"),
    "NUL": (_with(description="a\0b"), "/description"),
    "number as name": (_with(name=5), "/name"),
    "unknown field": (_with(colour="red"), "/(unknown field)"),
    "stock negative": (_with(stock=-1), "/stock"),
    "stock as text": (_with(stock="5"), "/stock"),
    "stock as float": (_with(stock=5.0), "/stock"),
    "stock as boolean": (_with(stock=True), "/stock"),
    "stock huge": (_with(stock=HUGE), "/stock"),
    "price missing": (_with(price=...), ""),
    "price bare": (_with(price=100), "/price"),
    "price negative": (_with(price=euro(-1)), "/price/amount"),
    "price huge": (_with(price=euro(HUGE)), "/price/amount"),
    "price without currency": (_with(price={"amount": 1}), "/price/currency"),
    "price in no currency": (_with(price={"amount": 1, "currency": "XQX"}), "/price/currency"),
    "price in another currency": (_with(price={"amount": 1, "currency": "USD"}), "/price/currency"),
    "was-price below": (_with(compare_at=euro(100)), "/compare_at/amount"),
    "sku missing": (_with(sku=...), ""),
    "sku with blank": (_with(sku="a b"), "/sku"),
    "sku long": (_with(sku="x" * 65), "/sku"),
    "slug with blank": (_with(slug="a b"), "/slug"),
    "slug like an id": (_with(slug="01990000-0000-7000-8000-000000000000"), "/slug"),
    "category unknown": (_with(category="nowhere"), "/category"),
    "status unknown": (_with(status="archived"), "/status"),
    "language unknown": (_with(translations={"fr": {}}), "/translations/(unknown field)"),
    "both forms": (_variants(sku="X") | {"sku": "X"}, ""),
    "options without variants": (_with(options=["Size"]), ""),
    "no variants": (shirt() | {"variants": []}, "/variants"),
    "too many variants": (shirt() | {"variants": shirt()["variants"] * 63}, "/variants"),
    "same sku twice": (_variants({}, {"sku": "TEE-RM"}), "/variants/1/sku"),
    "same options twice": (_variants({}, {"options": {"Size": "m", "Colour": "red"}}), "/variants/1/options"),
    "option missing": (_variants({"options": {"Size": "M"}}), "/variants/0/options"),
    "option named twice": (_variants(options=["Size", "Colour", "size"]), "/options"),
    "weight negative": (_with(weight_grams=-1), "/weight_grams"),
}


@pytest.mark.parametrize("case", BAD_PRODUCTS)
async def test_a_wrong_product_is_refused_at_its_place(refusing: ProductsShop, case: str) -> None:
    body, pointer = BAD_PRODUCTS[case]
    answer = await refusing.client.post("/products", json=body, headers=refusing.staff)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert pointer in [error["pointer"] for error in problem["errors"]], problem["errors"]
