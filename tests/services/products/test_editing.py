"""Replacing and archiving products, and who may."""

import pytest

from tests.services.products.shop import ProductsShop, euro, shirt, without_stock


async def test_put_replaces_everything_but_the_stock(shop: ProductsShop) -> None:
    product = await shop.add_body(shirt(description="Old", brand="Loom"))
    body = without_stock(shirt("Polo"))
    body["variants"] = [
        {"sku": "TEE-BL", "price": euro(900), "options": {"Size": "L", "Colour": "Blue"}},
        {"sku": "TEE-GL", "price": euro(950), "options": {"Size": "L", "Colour": "Green"}},
    ]
    answer = await shop.put_product(product, body)
    assert answer.status_code == 200, answer.text
    now = answer.json()
    assert (now["name"], now["description"], now["brand"], now["version"]) == ("Polo", "", None, 2)
    assert now["slug"] == product["slug"]
    kept = next(one for one in product["variants"] if one["sku"] == "TEE-BL")
    assert [(one["sku"], one["price"], one["available"]) for one in now["variants"]] == [
        ("TEE-BL", euro(900), 3),
        ("TEE-GL", euro(950), 0),
    ]
    assert now["variants"][0]["id"] == kept["id"]
    assert await shop.counters("TEE-RM") == (3, 0, 0, 0, 3)
    assert (await shop.client.get("/products")).json()["items"][0]["available"] == 3


async def test_a_variant_comes_back_with_its_id_and_stock(shop: ProductsShop) -> None:
    product = await shop.add_body(shirt())
    fewer = without_stock(shirt())
    fewer["variants"] = fewer["variants"][:1]
    after = (await shop.put_product(product, fewer)).json()
    again = (await shop.put_product(after, without_stock(shirt()))).json()
    assert [(one["id"], one["available"]) for one in again["variants"]] == [
        (one["id"], 3) for one in product["variants"]
    ]


async def test_put_keeps_translations_and_status_unless_they_are_sent(shop: ProductsShop) -> None:
    product = await shop.add(name="Mug", translations={"ru": {"name": "Кружка"}})
    body = {"name": "Cup", "sku": "MUG", "price": euro(100)}
    kept = (await shop.put_product(product, body)).json()
    assert kept["translations"]["ru"]["name"] == "Кружка"
    gone = (await shop.put_product(kept, body | {"translations": {}, "status": "draft"})).json()
    assert (gone["translations"], gone["status"]) == ({}, "draft")


async def test_put_needs_the_version_that_was_edited(shop: ProductsShop) -> None:
    product = await shop.add()
    body = {"name": "Cup", "sku": "MUG", "price": euro(100)}
    path = f"/products/{product['id']}"
    missing = await shop.client.put(path, json=body, headers=shop.staff)
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition_required")
    stale = await shop.client.put(path, json=body, headers={**shop.staff, "if-match": '"7.1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert (await shop.product(product["id"]))["name"] == "Product MUG"
    tag = (await shop.client.get(path)).headers["etag"]
    fresh = await shop.client.put(path, json=body, headers={**shop.staff, "if-match": tag})
    assert fresh.status_code == 200
    assert (
        await shop.client.put(path, json=body, headers={**shop.staff, "if-match": "*"})
    ).status_code == 200


async def test_a_refused_put_changes_nothing(shop: ProductsShop) -> None:
    await shop.add("TAKEN")
    product = await shop.add_body(shirt())
    body = without_stock(shirt("Changed"))
    body["variants"][1]["sku"] = "TAKEN"
    answer = await shop.put_product(product, body)
    assert (answer.status_code, answer.json()["code"]) == (409, "sku_taken")
    assert answer.json()["errors"][0]["pointer"] == "/variants/1/sku"
    assert await shop.product(product["id"]) == product


async def test_archiving_is_for_good_until_put_brings_it_back(shop: ProductsShop) -> None:
    product = await shop.add()
    path = f"/products/{product['id']}"
    for _ in range(2):
        assert (await shop.client.delete(path, headers=shop.staff)).status_code == 204
    assert (await shop.client.get(path)).status_code == 404
    assert (await shop.client.get("/products")).json()["items"] == []
    archived = (await shop.client.get(path, headers=shop.staff)).json()
    assert (archived["status"], archived["version"], archived["variants"][0]["sku"]) == ("archived", 2, "MUG")
    body = {"name": "Mug", "sku": "MUG", "price": euro(100), "status": "active"}
    back = await shop.put_product(archived, body)
    assert back.status_code == 200
    assert (back.json()["available"], await shop.names()) == (5, ["Mug"])


async def test_archiving_what_never_was_is_not_found(shop: ProductsShop) -> None:
    for key in ("01990000-0000-7000-8000-000000000000", "mug", "%00", "x" * 500):
        answer = await shop.client.delete(f"/products/{key}", headers=shop.staff)
        assert (answer.status_code, answer.json()["code"]) == (404, "product_not_found")


async def test_drafts_are_seen_by_staff_only(shop: ProductsShop) -> None:
    product = await shop.add(status="draft")
    path = f"/products/{product['id']}"
    assert (await shop.client.get(path)).status_code == 404
    assert (await shop.client.get(path, headers=shop.customer)).status_code == 404
    assert (await shop.client.get(path, headers=shop.staff)).status_code == 200
    assert await shop.names() == []
    assert (await shop.client.get("/products?status=draft")).status_code == 401
    assert (await shop.client.get("/products?status=draft", headers=shop.customer)).status_code == 403
    assert await shop.names("status=draft", **shop.staff) == ["Product MUG"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("who", ["nobody", "customer", "service"])
async def test_editing_is_for_staff(shop: ProductsShop, method: str, who: str) -> None:
    product = await shop.add()
    headers = {"nobody": {}, "customer": shop.customer, "service": shop.orders}[who]
    path = "/products" if method == "POST" else f"/products/{product['id']}"
    body = {"name": "Cup", "sku": "CUP", "price": euro(100)}
    answer = await shop.client.request(
        method, path, json=None if method == "DELETE" else body, headers={**headers, "if-match": "*"}
    )
    assert answer.status_code == (401 if who == "nobody" else 403)
    assert await shop.names() == ["Product MUG"]


async def test_etag_follows_edits_and_stock(shop: ProductsShop) -> None:
    product = await shop.add()
    path = f"/products/{product['id']}"
    tag = (await shop.client.get(path)).headers["etag"]
    same = await shop.client.get(path, headers={"if-none-match": tag})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    other_language = {"if-none-match": tag, "accept-language": "ru"}
    assert (await shop.client.get(path, headers=other_language)).status_code == 200
    await shop.adjust("MUG", -1)
    changed = await shop.client.get(path, headers={"if-none-match": tag})
    assert (changed.status_code, changed.json()["available"]) == (200, 4)
