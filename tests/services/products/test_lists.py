"""`GET /products`: cards, filters, sorting."""

import asyncio

import pytest

from products.search.answers import ProductPage
from tests.services.products.shop import ProductsShop, euro, shirt


async def test_a_card_shows_the_cheapest_variant_and_all_stock(shop: ProductsShop) -> None:
    product = await shop.add_body(shirt())
    body = (await shop.client.get("/products")).json()
    assert body == {
        "items": [
            {
                "id": product["id"],
                "slug": "shirt",
                "name": "Shirt",
                "price": euro(2000),
                "compare_at": None,
                "available": 12,
                "in_stock": True,
                "image": None,
                "sku": "TEE-RM",
                "status": "active",
            }
        ],
        "next_cursor": None,
        "facets": None,
    }


async def test_the_list_is_what_its_documentation_says(catalogue: ProductsShop) -> None:
    body = (await catalogue.client.get("/products?facets=true&limit=2")).json()
    page = ProductPage.model_validate(body)
    assert page.model_dump(mode="json") == body, "neither more nor less than the model"
    assert page.next_cursor is not None


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sort=name", ["Coat", "Linen shirt", "Mug", "Pot", "Silk shirt", "Wool vest"]),
        ("sort=price", ["Mug", "Linen shirt", "Silk shirt", "Wool vest", "Pot", "Coat"]),
        ("sort=-price", ["Coat", "Pot", "Wool vest", "Silk shirt", "Linen shirt", "Mug"]),
        ("sort=newest", ["Wool vest", "Pot", "Mug", "Coat", "Silk shirt", "Linen shirt"]),
        ("sort=name&category=clothes", ["Coat", "Linen shirt", "Silk shirt", "Wool vest"]),
        ("sort=name&category=shirts", ["Linen shirt", "Silk shirt"]),
        ("sort=name&category=nowhere", []),
        ("sort=price&price_min=2000&price_max=4000", ["Linen shirt", "Silk shirt", "Wool vest", "Pot"]),
        ("sort=price&price_min=2001", ["Wool vest", "Pot", "Coat"]),
        ("sort=name&in_stock=true", ["Coat", "Linen shirt", "Mug", "Wool vest"]),
        ("sort=name&option.size=m", ["Linen shirt", "Silk shirt"]),
        ("sort=name&option.Size=M&option.colour=Red", ["Linen shirt", "Silk shirt"]),
        ("sort=name&option.size=M&option.size=XXL", ["Linen shirt", "Silk shirt"]),
        ("sort=name&option.size=XXL", []),
        ("sort=name&option.size=M&in_stock=true", ["Linen shirt"]),
        ("currency=USD", []),
        ("sort=name&q=shirt", ["Linen shirt", "Silk shirt"]),
    ],
)
async def test_filters_and_sorting(catalogue: ProductsShop, query: str, names: list[str]) -> None:
    assert await catalogue.names(query) == names


async def test_choices_must_meet_in_one_variant_that_is_in_stock(shop: ProductsShop) -> None:
    body = shirt(stock=0)
    body["variants"] = [body["variants"][0] | {"stock": 1}, body["variants"][3]]
    await shop.add_body(body)
    assert await shop.names("option.size=M&option.colour=Red") == ["Shirt"]
    assert await shop.names("option.size=M&option.colour=Blue") == []
    assert await shop.names("option.size=L&option.colour=Blue") == ["Shirt"]
    assert await shop.names("option.size=L&option.colour=Blue&in_stock=true") == []


async def test_names_are_sorted_in_the_language_of_the_answer(shop: ProductsShop) -> None:
    await shop.add("A", name="Apple", translations={"ru": {"name": "Яблоко"}})
    await shop.add("B", name="Watermelon", translations={"ru": {"name": "арбуз"}})
    await shop.add("C", name="Raccoon", translations={"ru": {"name": "Ёнот"}})
    await shop.add("D", name="Banana")
    assert await shop.names("sort=name") == ["Apple", "Banana", "Raccoon", "Watermelon"]
    russian = await shop.names("sort=name", **{"accept-language": "ru"})
    assert russian == ["Banana", "арбуз", "Ёнот", "Яблоко"]


async def test_a_list_is_not_sent_again_until_something_in_it_changes(shop: ProductsShop) -> None:
    await shop.add()
    tag = (await shop.client.get("/products")).headers["etag"]
    same = await shop.client.get("/products", headers={"if-none-match": tag})
    assert (same.status_code, same.content) == (304, b"")
    await shop.adjust("MUG", 1)
    assert (await shop.client.get("/products", headers={"if-none-match": tag})).status_code == 200


async def test_stock_in_lists_follows_every_movement(shop: ProductsShop) -> None:
    product = await shop.add(stock=2)
    variant = product["variants"][0]["id"]
    order = product["id"]  # any uuid will do
    await shop.reserve(order, {variant: 2})
    assert await shop.names("in_stock=true") == []
    assert (await shop.client.get("/products")).json()["items"][0]["available"] == 0
    await shop.release(order)
    assert await shop.names("in_stock=true") == ["Product MUG"]


async def test_many_lists_at_once_are_all_answered(catalogue: ProductsShop) -> None:
    answers = await asyncio.gather(*(catalogue.client.get(f"/products?limit={1 + n % 5}") for n in range(60)))
    assert {answer.status_code for answer in answers} == {200}
