"""`GET /products`: filters, sorting, pages, facets."""

import asyncio
from typing import Any

import pytest

from products.search.answers import ProductPage
from tests.services.products.shop import ProductsShop, euro, shirt


@pytest.fixture(scope="module")
async def catalogue(shared_shop: ProductsShop) -> ProductsShop:
    """A shop with clothes and kitchenware, which nobody changes."""
    shop = shared_shop
    await shop.category("clothes", ru="Одежда")
    await shop.category("shirts", parent="clothes", ru="Рубашки")
    await shop.category("kitchen")
    await shop.add_body(shirt("Linen shirt", sku="LIN", category="shirts"))
    await shop.add_body(shirt("Silk shirt", sku="SILK", stock=0, category="shirts"))
    await shop.add("COAT", name="Coat", amount=9000, category="clothes")
    await shop.add("MUG", name="Mug", amount=1000, category="kitchen")
    await shop.add("POT", name="Pot", amount=4000, stock=0, category="kitchen")
    await shop.add_body(
        {
            "name": "Wool vest",
            "category": "clothes",
            "options": ["Size"],
            "variants": [{"sku": "WOOL", "price": euro(2700), "stock": 1, "options": {"Size": "S"}}],
        }
    )
    return shop


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


async def _walk(shop: ProductsShop, query: str, *, limit: int) -> list[str]:
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await shop.client.get(f"/products?{query}&limit={limit}{cursor}")).json()
        seen += [item["sku"] for item in page["items"]]
        if page["next_cursor"] is None:
            return seen
        assert len(page["items"]) == limit
        cursor = f"&cursor={page['next_cursor']}"


@pytest.mark.parametrize("sort", ["relevance", "price", "-price", "newest", "name"])
@pytest.mark.parametrize("text", ["", "&q=mug"])
async def test_pages_miss_and_repeat_nothing(shop: ProductsShop, sort: str, text: str) -> None:
    for number in range(11):
        await shop.add(f"S{number}", name=f"Mug {number % 3}", amount=100 + number % 4)
    whole = await _walk(shop, f"sort={sort}{text}", limit=100)
    assert len(whole) == len(set(whole)) == 11
    for limit in (1, 3, 11):
        assert await _walk(shop, f"sort={sort}{text}", limit=limit) == whole


@pytest.mark.parametrize("sort", ["price", "newest", "name"])
async def test_a_walk_under_inserts_sees_each_old_product_once(shop: ProductsShop, sort: str) -> None:
    for number in range(9):
        await shop.add(f"OLD{number}", name=f"Mug {number}", amount=100 + number)
    seen: list[str] = []
    cursor = ""
    for number in range(20):
        page = (await shop.client.get(f"/products?sort={sort}&limit=2{cursor}")).json()
        seen += [item["sku"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
        await shop.add(f"NEW{number}", name=f"Mug {number}.5", amount=100 + number)
    assert len(seen) == len(set(seen))
    assert {sku for sku in seen if sku.startswith("OLD")} == {f"OLD{number}" for number in range(9)}


async def test_a_cursor_belongs_to_its_list(shop: ProductsShop) -> None:
    for number in range(3):
        await shop.add(f"S{number}")
    cursor = (await shop.client.get("/products?limit=1&sort=price")).json()["next_cursor"]
    strange = [
        f"sort=-price&cursor={cursor}",
        f"sort=price&in_stock=true&cursor={cursor}",
        f"sort=price&q=x&cursor={cursor}",
        f"sort=price&cursor={cursor}x",
        "cursor=%00",
        "cursor=e30.e30",
    ]
    for query in strange:
        answer = await shop.client.get(f"/products?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor"), query


async def _facets(shop: ProductsShop, query: str, **headers: str) -> dict[str, dict[str, int]]:
    body = (await shop.client.get(f"/products?facets=true&{query}", headers=headers)).json()
    return {
        facet["key"]: {value["value"]: value["count"] for value in facet["values"]}
        for facet in body["facets"]
    }


@pytest.mark.parametrize(
    "query",
    [
        "sort=name",
        "category=clothes",
        "category=shirts&option.size=M",
        "option.size=L&option.colour=Red",
        "in_stock=true",
        "in_stock=true&option.colour=Blue&price_max=3000",
        "price_min=1500&category=clothes",
        "q=shirt&option.size=M",
    ],
)
async def test_each_count_is_the_length_of_the_list_one_would_get(
    catalogue: ProductsShop, query: str
) -> None:
    found = await _facets(catalogue, query)
    assert found
    for key, values in found.items():
        others = "&".join(part for part in query.split("&") if not part.startswith(f"{key}="))
        for value, count in values.items():
            assert len(await catalogue.names(f"{others}&{key}={value}&limit=100")) == count, (key, value)


async def test_facets_speak_the_language_of_the_answer(shop: ProductsShop) -> None:
    await shop.category("clothes", ru="Одежда")
    labels = {"options": {"Size": "Размер"}, "values": {"Red": "Красный"}}
    await shop.add_body(shirt(category="clothes", translations={"ru": labels}))
    body: Any = (await shop.client.get("/products?facets=true", headers={"accept-language": "ru"})).json()
    facets = {facet["key"]: facet for facet in body["facets"]}
    assert facets["category"]["label"] == "Категория"
    assert facets["category"]["values"] == [{"value": "clothes", "label": "Одежда", "count": 1}]
    assert facets["option.size"]["label"] == "Размер"
    assert {"value": "red", "label": "Красный", "count": 1} in facets["option.colour"]["values"]
    assert facets["in_stock"]["values"] == [{"value": "true", "label": "В наличии", "count": 1}]


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


async def test_categories_are_a_tree_in_the_language_asked_for(shop: ProductsShop) -> None:
    await shop.category("clothes", ru="Одежда")
    await shop.category("shirts", parent="clothes", ru="Рубашки")
    await shop.category("kitchen")
    answer = await shop.client.get("/categories", headers={"accept-language": "ru"})
    assert answer.json() == {
        "items": [
            {
                "slug": "clothes",
                "name": "Одежда",
                "children": [{"slug": "shirts", "name": "Рубашки", "children": []}],
            },
            {"slug": "kitchen", "name": "Kitchen", "children": []},
        ],
        "next_cursor": None,
    }
    tag = {"if-none-match": answer.headers["etag"], "accept-language": "ru"}
    assert (await shop.client.get("/categories", headers=tag)).status_code == 304


async def test_many_lists_at_once_are_all_answered(catalogue: ProductsShop) -> None:
    answers = await asyncio.gather(*(catalogue.client.get(f"/products?limit={1 + n % 5}") for n in range(60)))
    assert {answer.status_code for answer in answers} == {200}
