"""Search: both languages, unfinished words, typos, article codes."""

import pytest

from tests.services.products.shop import ProductsShop

GOODS = {
    "BOOT": ("Leather boots", "Кожаные ботинки", "Warm and waterproof."),
    "JACKET": ("Leather jacket", "Кожаная куртка", "For cool evenings."),
    "RUN-1": ("Running shoes", "Беговые кроссовки", "Light and quick."),
    "MUG": ("Ceramic mug", "Керамическая кружка", "For coffee at the café, with a leather coaster."),
    "EAR": ("Wireless headphones", "Беспроводные наушники", "Ещё тише."),
}


@pytest.fixture(scope="module")
async def goods(shared_shop: ProductsShop) -> ProductsShop:
    """A shop with the goods, which nobody changes."""
    for sku, (english, russian, description) in GOODS.items():
        await shared_shop.add(
            sku, name=english, description=description, translations={"ru": {"name": russian}}
        )
    return shared_shop


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("boot", ["BOOT"]),
        ("LEATHER BOOTS", ["BOOT"]),
        ("ботинок", ["BOOT"]),
        ("кожаная", ["JACKET", "BOOT"]),
        ("run", ["RUN-1"]),
        ("cerami", ["MUG"]),
        ("leather bo", ["BOOT"]),
        ("керам", ["MUG"]),
        ("cafe", ["MUG"]),
        ("headfones", ["EAR"]),
        ("наушнеки", ["EAR"]),
        ("кожаный батинок", ["BOOT"]),
        ("run-1", ["RUN-1"]),
        ("RUN-1", ["RUN-1"]),
        ('"leather boots"', ["BOOT"]),
        ("zzzzzzzz", []),
        ("!!!", []),
        ("the", []),
    ],
)
async def test_what_is_typed_finds_what_is_meant(goods: ProductsShop, typed: str, found: list[str]) -> None:
    items = (await goods.client.get("/products", params={"q": typed})).json()["items"]
    assert {item["sku"] for item in items} >= set(found)
    assert [item["sku"] for item in items][:1] == found[:1] or not found
    if not found:
        assert items == []


async def test_names_count_more_than_descriptions(goods: ProductsShop) -> None:
    items = (await goods.client.get("/products", params={"q": "leather"})).json()["items"]
    assert [item["sku"] for item in items][-1] == "MUG"
    assert len(items) == 3


async def test_typos_are_forgiven_only_when_little_was_found(shop: ProductsShop) -> None:
    for number in range(5):
        await shop.add(f"CUP{number}", name=f"Cup {number}")
    await shop.add("CUPS", name="Cupboard handle")
    await shop.add("KUP", name="Kup")
    found = {item["sku"] for item in (await shop.client.get("/products?q=cup")).json()["items"]}
    assert "KUP" not in found
    assert len(found) >= 5


async def test_an_empty_search_is_no_search(goods: ProductsShop) -> None:
    assert len(await goods.names("q=")) == len(await goods.names("q=%20")) == 5


async def test_archived_products_and_changed_names_are_not_found(shop: ProductsShop) -> None:
    product = await shop.add("LAMP", name="Lamp")
    await shop.put_product(
        product, {"name": "Lantern", "sku": "LAMP", "price": {"amount": 1, "currency": "EUR"}}
    )
    assert await shop.names("q=lantern") == ["Lantern"]
    assert await shop.names("q=lamp") == ["Lantern"], "by its SKU"
    await shop.client.delete(f"/products/{product['id']}", headers=shop.staff)
    assert await shop.names("q=lantern") == []
