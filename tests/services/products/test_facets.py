"""What a list can be narrowed by: facets and the tree of categories."""

from typing import Any

import pytest

from tests.services.products.shop import ProductsShop, shirt


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
