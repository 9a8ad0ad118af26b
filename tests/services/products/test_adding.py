"""Adding products."""

from tests.services.products.shop import ProductsShop, euro, shirt


async def test_a_new_product_is_shown_as_it_was_described(shop: ProductsShop) -> None:
    await shop.category("cups")
    body = {
        "name": "Stoneware mug",
        "sku": "MUG-1",
        "price": euro(1490),
        "compare_at": euro(1990),
        "stock": 7,
        "description": "Holds 350 ml.",
        "category": "cups",
        "brand": "Kiln",
        "barcode": "4006381333931",
        "weight_grams": 400,
    }
    answer = await shop.client.post("/products", json=body, headers=shop.staff)
    assert answer.status_code == 201
    product = answer.json()
    assert answer.headers["location"] == f"/products/{product['id']}"
    (variant,) = product["variants"]
    assert variant == {
        "id": variant["id"],
        "sku": "MUG-1",
        "price": euro(1490),
        "compare_at": euro(1990),
        "available": 7,
        "backorder": False,
        "barcode": "4006381333931",
        "tax_class": "standard",
        "weight_grams": 400,
        "options": {},
    }
    assert {
        name: product[name] for name in ("slug", "status", "category", "brand", "price", "available")
    } == {
        "slug": "stoneware-mug",
        "status": "active",
        "category": "cups",
        "brand": "Kiln",
        "price": euro(1490),
        "available": 7,
    }
    assert (product["options"], product["images"], product["version"]) == ([], [], 1)
    assert await shop.product("stoneware-mug") == product == await shop.product(product["id"])


async def test_variants_keep_their_order_and_the_lowest_price_leads(shop: ProductsShop) -> None:
    product = await shop.add_body(shirt())
    assert product["options"] == ["Size", "Colour"]
    assert [(one["sku"], one["options"]) for one in product["variants"]] == [
        ("TEE-RM", {"Size": "M", "Colour": "Red"}),
        ("TEE-BM", {"Size": "M", "Colour": "Blue"}),
        ("TEE-RL", {"Size": "L", "Colour": "Red"}),
        ("TEE-BL", {"Size": "L", "Colour": "Blue"}),
    ]
    assert (product["price"], product["available"]) == (euro(2000), 12)


async def test_texts_and_labels_come_in_the_language_asked_for(shop: ProductsShop) -> None:
    russian = {
        "name": "Футболка",
        "description": "Хлопок",
        "options": {"Size": "Размер"},
        "values": {"Red": "Красный"},
    }
    product = await shop.add_body(shirt(translations={"ru": russian}))
    answer = await shop.client.get(
        f"/products/{product['id']}", headers={"accept-language": "de, ru;q=0.8, en;q=0.2"}
    )
    assert answer.headers["vary"] == "Accept-Language"
    assert answer.headers["content-language"] == "ru"
    here = answer.json()
    assert (here["name"], here["description"]) == ("Футболка", "Хлопок")
    assert here["options"] == ["Размер", "Colour"]
    assert here["variants"][0]["options"] == {"Размер": "M", "Colour": "Красный"}
    assert (await shop.product(product["id"]))["name"] == "Shirt"


async def test_a_taken_name_gets_another_slug_but_a_chosen_slug_is_refused(shop: ProductsShop) -> None:
    first = await shop.add("A", name="Mug")
    second = await shop.add("B", name="Mug")
    assert first["slug"] == "mug"
    assert second["slug"].startswith("mug-")
    refused = await shop.client.post(
        "/products",
        json={"name": "Mug", "slug": "mug", "sku": "C", "price": euro(1)},
        headers=shop.staff,
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "slug_taken")
    assert await shop.db.fetchval("SELECT count(*) FROM products") == 2


async def test_a_live_sku_belongs_to_one_variant(shop: ProductsShop) -> None:
    product = await shop.add("MUG")
    refused = await shop.client.post("/products", json=shirt(sku="MUG") | {"name": "X"}, headers=shop.staff)
    assert refused.status_code == 201
    body = {"name": "Other", "sku": "MUG", "price": euro(1)}
    refused = await shop.client.post("/products", json=body, headers=shop.staff)
    assert (refused.status_code, refused.json()["code"]) == (409, "sku_taken")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/sku"]
    assert await shop.db.fetchval("SELECT count(*) FROM products") == 2
    await shop.client.delete(f"/products/{product['id']}", headers=shop.staff)
    assert (await shop.client.post("/products", json=body, headers=shop.staff)).status_code == 201


async def test_the_same_key_answers_the_same_and_adds_once(shop: ProductsShop) -> None:
    body = {"name": "Mug", "sku": "MUG", "price": euro(100), "stock": 2}
    headers = {**shop.staff, "idempotency-key": "once"}
    first = await shop.client.post("/products", json=body, headers=headers)
    again = await shop.client.post("/products", json=body, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["location"] == first.headers["location"]
    other = await shop.client.post("/products", json=body | {"stock": 3}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await shop.db.fetchval("SELECT count(*) FROM products") == 1


async def test_a_refused_post_does_not_use_up_its_key(shop: ProductsShop) -> None:
    headers = {**shop.staff, "idempotency-key": "later"}
    body = {"name": "Mug", "sku": "MUG", "price": euro(100), "category": "cups"}
    assert (await shop.client.post("/products", json=body, headers=headers)).status_code == 422
    await shop.category("cups")
    assert (await shop.client.post("/products", json=body, headers=headers)).status_code == 201
