"""What every deployment relies on: readiness, pictures, documentation."""

from pathlib import Path
from typing import Any

import pytest

from products.main import create_app
from products.settings import Settings
from tests.services.products.shop import ProductsShop
from tests.support.asgi import RunningApps
from tests.support.identities import Identities
from tests.support.postgres import Databases


async def test_ready_means_database_and_migrations(shop: ProductsShop) -> None:
    answer = await shop.client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert set(answer.json()["checks"]) == {"database", "migrations"}
    await shop.db.execute("UPDATE alembic_version SET version_num = 'other'")
    assert (await shop.client.get("/readyz")).status_code == 503


async def test_without_its_database_the_service_says_so(apps: RunningApps, identities: Identities) -> None:
    settings = identities.settings_for("products", "postgresql://products_app@127.0.0.1:1/products")
    client = await apps.start(create_app(Settings.load(**settings)))
    assert (await client.get("/healthz")).status_code == 200
    assert (await client.get("/readyz")).status_code == 503
    answer = await client.get("/products")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


async def test_pictures_are_kept_for_ever_and_never_guessed_at(
    apps: RunningApps, databases: Databases, identities: Identities, tmp_path: Path
) -> None:
    (tmp_path / "mug.webp").write_bytes(b"RIFF")
    database = databases.create("products")
    settings = identities.settings_for("products", database.app, pictures_folder=tmp_path)
    client = await apps.start(create_app(Settings.load(**settings)))
    answer = await client.get("/media/mug.webp")
    assert (answer.status_code, answer.content) == (200, b"RIFF")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "image/webp"
    same = await client.get("/media/mug.webp", headers={"if-none-match": answer.headers["etag"]})
    assert same.status_code == 304
    for path in ("none.webp", "%2e%2e/secret", "..%2fsecret", "%00", ""):
        missing = await client.get(f"/media/{path}")
        assert (missing.status_code, missing.json()["code"]) == (404, "not_found"), path
        assert "immutable" not in missing.headers.get("cache-control", "")


async def test_the_app_role_can_do_everything_but_change_the_tables(databases: Databases) -> None:
    import asyncpg

    database = databases.create("products")
    connection = await asyncpg.connect(database.app)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE x ()")
    finally:
        await connection.close()


def _operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


async def test_every_operation_is_documented(shop: ProductsShop) -> None:
    document = (await shop.client.get("/openapi.json")).json()
    operations = _operations(document)
    assert {name for name, _ in operations} >= {
        "get /products",
        "post /products",
        "get /products/{product_id}",
        "put /products/{product_id}",
        "delete /products/{product_id}",
        "get /categories",
        "get /stock/{sku}",
        "post /stock/{sku}/adjustments",
        "post /internal/prices",
        "put /internal/reservations/{order_id}",
        "put /internal/reservations/{order_id}/commit",
        "put /internal/reservations/{order_id}/release",
    }
    for name, operation in operations:
        assert operation["summary"], name
        assert operation["description"], name
        statuses = set(operation["responses"])
        assert {"422", "503"} <= statuses, name
        if operation.get("security"):
            assert "401" in statuses, name
        if "requestBody" in operation:
            assert {"400", "413", "415"} <= statuses, name
    staff_only = document["paths"]["/products"]["post"]
    assert {"201", "401", "403", "409"} <= set(staff_only["responses"])
    examples = staff_only["requestBody"]["content"]["application/json"]["examples"]
    assert set(examples) == {"simple", "variants"}


async def test_the_documented_examples_work(shop: ProductsShop) -> None:
    document = (await shop.client.get("/openapi.json")).json()
    examples = document["paths"]["/products"]["post"]["requestBody"]["content"]["application/json"][
        "examples"
    ]
    for example in examples.values():
        added = await shop.client.post("/products", json=example["value"], headers=shop.staff)
        assert added.status_code == 201, added.text
    edits = document["paths"]["/products/{product_id}"]["put"]["requestBody"]["content"]["application/json"]
    product = await shop.product("stoneware-mug")
    answer = await shop.put_product(product, edits["examples"]["simple"]["value"])
    assert answer.status_code == 200, answer.text
