"""Walking through the pages of `GET /products`."""

import pytest

from tests.services.products.shop import ProductsShop


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
