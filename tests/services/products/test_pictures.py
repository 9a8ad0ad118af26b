"""Which picture a product and each of its variants is shown with."""

from typing import Any

from tests.services.products.shop import Json, ProductsShop, shirt, without_stock


async def _picture(shop: ProductsShop, product: Json, name: str, *, of: str = "", position: int = 0) -> None:
    """`/media/{name}.webp` shows the variant `of`, or the whole product."""
    await shop.db.execute(
        "INSERT INTO pictures (product_id, variant_id, position, url, alts, width, height)"
        " VALUES ($1, (SELECT id FROM variants WHERE sku = $2), $3, $4, $5, 8, 9)",
        product["id"],
        of,
        position,
        f"/media/{name}.webp",
        {"en": name.capitalize(), "ru": f"{name} по-русски"},
    )


async def _offered(shop: ProductsShop, *skus: str) -> list[str | None]:
    """The picture that cart and orders show for each variant."""
    answer = await shop.client.post(
        "/internal/prices",
        json={"items": [{"sku": sku} for sku in skus], "currency": "EUR"},
        headers=shop.cart,
    )
    assert answer.status_code == 200, answer.text
    images: list[Any] = [item["image"] for item in answer.json()["items"]]
    return [image and image["url"] for image in images]


async def _red_and_all(shop: ProductsShop) -> Json:
    """A shirt with a picture of red in both sizes, and after it one of the whole."""
    product = await shop.add_body(shirt())
    await _picture(shop, product, "red", of="TEE-RL")
    await _picture(shop, product, "red", of="TEE-RM")
    await _picture(shop, product, "all", position=1)
    return product


async def test_a_picture_names_the_variants_it_shows_and_comes_once(shop: ProductsShop) -> None:
    product = await _red_and_all(shop)
    assert (await shop.product(product["id"]))["images"] == [
        {
            "url": "/media/red.webp",
            "alt": "Red",
            "width": 8,
            "height": 9,
            "sku": "TEE-RM",
            "skus": ["TEE-RM", "TEE-RL"],
        },
        {"url": "/media/all.webp", "alt": "All", "width": 8, "height": 9, "sku": None, "skus": []},
    ]
    russian = await shop.product(product["id"], **{"accept-language": "ru"})
    assert [image["alt"] for image in russian["images"]] == ["red по-русски", "all по-русски"]


async def test_a_picture_of_the_whole_and_of_a_variant_stands_for_all(shop: ProductsShop) -> None:
    product = await shop.add_body(shirt())
    await _picture(shop, product, "shirt", of="TEE-RM")
    await _picture(shop, product, "shirt", position=1)
    (image,) = (await shop.product(product["id"]))["images"]
    assert (image["sku"], image["skus"]) == (None, [])


async def test_a_variant_is_offered_with_its_own_picture_else_the_neutral_one(shop: ProductsShop) -> None:
    await _red_and_all(shop)
    assert await _offered(shop, "TEE-RL", "TEE-BL") == ["/media/red.webp", "/media/all.webp"]


async def test_a_variant_is_never_offered_with_the_picture_of_another(shop: ProductsShop) -> None:
    product = await shop.add_body(shirt())
    await _picture(shop, product, "red", of="TEE-RL")
    assert await _offered(shop, "TEE-RL", "TEE-RM") == ["/media/red.webp", None]


async def test_pictures_of_a_variant_go_and_come_back_with_it(shop: ProductsShop) -> None:
    product = await _red_and_all(shop)
    body = without_stock(shirt())
    blue_only = {**body, "variants": [one for one in body["variants"] if one["options"]["Colour"] == "Blue"]}
    changed = (await shop.put_product(product, blue_only)).json()
    assert [image["url"] for image in changed["images"]] == ["/media/all.webp"]
    back = (await shop.put_product(changed, body)).json()
    assert [image["skus"] for image in back["images"]] == [["TEE-RM", "TEE-RL"], []]


async def test_an_archived_product_keeps_its_pictures(shop: ProductsShop) -> None:
    product = await _red_and_all(shop)
    await shop.client.delete(f"/products/{product['id']}", headers=shop.staff)
    answer = await shop.client.get(f"/products/{product['id']}", headers=shop.staff)
    assert [image["sku"] for image in answer.json()["images"]] == ["TEE-RM", None]
