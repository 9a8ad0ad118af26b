"""`POST /internal/prices`: what cart and orders learn about variants."""

from uuid import uuid4

import pytest

from tests.services.products.shop import ProductsShop, euro, shirt


async def _prices(shop: ProductsShop, *items: dict[str, str], **headers: str) -> dict[str, object]:
    answer = await shop.client.post(
        "/internal/prices",
        json={"items": list(items), "currency": "EUR"},
        headers={**shop.cart, **headers},
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_offers_come_in_the_order_asked_with_everything_a_cart_shows(shop: ProductsShop) -> None:
    labels = {"name": "Рубашка", "options": {"Size": "Размер"}, "values": {"Red": "Красный"}}
    product = await shop.add_body(shirt(translations={"ru": labels}))
    mug = await shop.add("MUG", stock=2, compare_at=euro(1900))
    await shop.db.execute(
        "INSERT INTO pictures (product_id, url, alts, width, height) VALUES ($1, '/media/a.webp', $2, 8, 9)",
        mug["id"],
        {"en": "A mug", "ru": "Кружка"},
    )
    red = product["variants"][2]
    unknown = str(uuid4())
    found = await _prices(
        shop,
        {"sku": "MUG"},
        {"variant_id": unknown},
        {"variant_id": red["id"]},
        {"sku": "NONE"},
        **{"accept-language": "ru"},
    )
    assert found == {
        "items": [
            {
                "variant_id": mug["variants"][0]["id"],
                "sku": "MUG",
                "product_id": mug["id"],
                "slug": "product-mug",
                "name": "Product MUG",
                "options": {},
                "price": euro(1500),
                "compare_at": euro(1900),
                "available": 2,
                "backorder": False,
                "image": {"url": "/media/a.webp", "alt": "Кружка", "width": 8, "height": 9},
                "sellable": True,
                "tax_class": "standard",
                "weight_grams": None,
                "version": 1,
            },
            {
                "variant_id": red["id"],
                "sku": "TEE-RL",
                "product_id": product["id"],
                "slug": "shirt",
                "name": "Рубашка",
                "options": {"Размер": "L", "Colour": "Красный"},
                "price": euro(2500),
                "compare_at": None,
                "available": 3,
                "backorder": False,
                "image": None,
                "sellable": True,
                "tax_class": "standard",
                "weight_grams": None,
                "version": 1,
            },
        ],
        "unknown": [unknown, "NONE"],
    }


async def test_an_archived_variant_is_known_by_id_but_not_sellable(shop: ProductsShop) -> None:
    product = await shop.add()
    await shop.client.delete(f"/products/{product['id']}", headers=shop.staff)
    variant = product["variants"][0]["id"]
    found = await _prices(shop, {"variant_id": variant}, {"sku": "MUG"})
    assert found["unknown"] == ["MUG"]
    items = found["items"]
    assert isinstance(items, list)
    assert [(item["variant_id"], item["sellable"]) for item in items] == [(variant, False)]


async def test_without_a_price_in_the_currency_it_is_not_sellable(shop: ProductsShop) -> None:
    await shop.add()
    body = {"items": [{"sku": "MUG"}], "currency": "USD"}
    (item,) = (await shop.client.post("/internal/prices", json=body, headers=shop.cart)).json()["items"]
    assert (item["price"], item["sellable"]) == (None, False)


async def test_the_same_item_asked_twice_is_answered_twice(shop: ProductsShop) -> None:
    await shop.add()
    found = await _prices(shop, {"sku": "MUG"}, {"sku": "MUG"})
    items = found["items"]
    assert isinstance(items, list)
    assert len(items) == 2


@pytest.mark.parametrize(
    ("who", "status"), [("nobody", 401), ("customer", 403), ("staff", 403), ("orders", 200)]
)
async def test_prices_are_between_services(shop: ProductsShop, who: str, status: int) -> None:
    headers = {} if who == "nobody" else getattr(shop, who)
    answer = await shop.client.post(
        "/internal/prices", json={"items": [], "currency": "EUR"}, headers=headers
    )
    assert answer.status_code == status
