"""`python -m products.demo` on real PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chassis.database import Database
from products.catalog import queries as catalog
from products.demo.contents import PICTURE_FOLDER, read_contents
from products.demo.load import load
from tests.support.postgres import Databases

CONTENTS = read_contents()
VARIANTS = {variant["sku"]: variant for product in CONTENTS.products for variant in product["variants"]}


@pytest.fixture
async def db(databases: Databases) -> AsyncIterator[Database]:
    """An empty products database, as the service's own role."""
    opened = await Database.open(databases.create("products").app)
    yield opened
    await opened.close()


async def test_everything_is_loaded_once(db: Database) -> None:
    assert await load(db, CONTENTS, currency="EUR") == len(CONTENTS.products)
    assert await load(db, CONTENTS, currency="EUR") == 0
    counts = await db.fetchrow(
        "SELECT (SELECT count(*) FROM products) AS products, (SELECT count(*) FROM variants) AS variants,"
        " (SELECT count(*) FROM listings) AS listings, (SELECT count(DISTINCT url) FROM pictures) AS pictures"
    )
    assert counts is not None
    assert dict(counts) == {
        "products": len(CONTENTS.products),
        "variants": len(VARIANTS),
        "listings": len(CONTENTS.products),
        "pictures": sum(len(product["pictures"]) for product in CONTENTS.products),
    }


async def test_a_catalogue_in_use_stays_as_it_is(db: Database) -> None:
    await db.execute("""INSERT INTO categories (slug, names) VALUES ('own', '{"en": "Own"}')""")
    assert await load(db, CONTENTS, currency="EUR") == 0
    assert await db.fetchval("SELECT count(*) FROM products") == 0
    assert await db.fetchval("SELECT array_agg(slug) FROM categories") == ["own"]


async def test_stock_is_the_sum_of_its_movements(db: Database) -> None:
    await load(db, CONTENTS, currency="EUR")
    rows = await db.fetch(
        "SELECT v.sku, s.on_hand, s.available, COALESCE(m.received, 0)::bigint AS received, m.kinds"
        "  FROM variants v JOIN stock s ON s.variant_id = v.id"
        "  LEFT JOIN (SELECT variant_id, sum(change_on_hand) AS received, array_agg(kind) AS kinds"
        "               FROM stock_movements GROUP BY variant_id) m ON m.variant_id = v.id"
    )
    assert {row["sku"]: row["on_hand"] for row in rows} == {s: v["stock"] for s, v in VARIANTS.items()}
    for row in rows:
        assert row["on_hand"] == row["available"] == row["received"]
        assert row["kinds"] == (["initial"] if row["received"] else None)
    assert await db.fetchval("SELECT sum(available) FROM listings") == sum(
        variant["stock"] for variant in VARIANTS.values()
    )


async def test_a_product_reads_as_it_was_written_in_both_languages(db: Database) -> None:
    await load(db, CONTENTS, currency="EUR")
    found = await catalog.product(db, "rosehip-teapot", locale="ru", currency="EUR")
    assert found is not None
    assert found["category"] == "tea"
    assert found["texts"]["ru"]["name"] == "Чайник «Шиповник»"
    assert found["texts"]["en"]["name"] == "Rosehip teapot"
    assert found["options"] == ["Цвет"]
    assert [(v["sku"], v["options"], v["amount"]) for v in found["variants"]] == [
        ("TEAPOT-ROSEHIP-RASPBERRY", {"Цвет": "Малиновый"}, 3490),
        ("TEAPOT-ROSEHIP-TEAL", {"Цвет": "Бирюзовый"}, 3490),
        ("TEAPOT-ROSEHIP-VIOLET", {"Цвет": "Фиолетовый"}, 3490),
    ]
    assert found["images"][1]["url"] == "/media/rosehip-teapot-teal-800.webp"
    assert found["images"][1]["alt"] == "Чайник «Шиповник», цвет: бирюзовый"


async def test_a_variant_is_shown_in_its_own_colour(db: Database) -> None:
    await load(db, CONTENTS, currency="EUR")
    skus = [
        "TEAPOT-ROSEHIP-VIOLET",
        "TEAPOT-ROSEHIP-RASPBERRY",
        "TSHIRT-MEADOW-GREEN-M",
        "TSHIRT-MEADOW-SKY-M",
        "TSHIRT-MEADOW-CORAL-XL",
    ]
    offers = await catalog.offers(db, ids=[None] * 5, skus=skus, currency="EUR", locale="en")
    assert [offer["image"]["url"] for offer in offers] == [
        "/media/rosehip-teapot-violet-800.webp",
        "/media/rosehip-teapot-800.webp",
        "/media/meadow-t-shirt-800.webp",
        "/media/meadow-t-shirt-sky-800.webp",
        "/media/meadow-t-shirt-coral-800.webp",
    ]


async def test_a_colour_is_one_picture_for_all_sizes(db: Database) -> None:
    await load(db, CONTENTS, currency="EUR")
    shirt = await catalog.product(db, "meadow-t-shirt", locale="en", currency="EUR")
    assert shirt is not None
    assert [(image["url"], image["skus"]) for image in shirt["images"]] == [
        (
            f"/media/meadow-t-shirt{name}-800.webp",
            [f"TSHIRT-MEADOW-{colour}-{s}" for s in ("S", "M", "L", "XL")],
        )
        for name, colour in (("", "GREEN"), ("-sky", "SKY"), ("-coral", "CORAL"))
    ]


async def test_every_registered_picture_is_a_file_we_serve(db: Database) -> None:
    await load(db, CONTENTS, currency="EUR")
    urls = await db.fetch("SELECT url FROM pictures")
    assert all((PICTURE_FOLDER / row["url"].removeprefix("/media/")).is_file() for row in urls)


async def test_prices_are_in_the_shops_currency(db: Database) -> None:
    await load(db, CONTENTS, currency="JPY")
    found = await db.fetchrow(
        "SELECT currency, amount, compare_at_amount FROM prices JOIN variants v ON v.id = variant_id"
        " WHERE v.sku = 'TUMBLER-WALK-RED'"
    )
    assert found is not None
    assert tuple(found) == ("JPY", 1890, 2290)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [("чайник", "rosehip-teapot"), ("teapot", "rosehip-teapot"), ("тираннозавр", "friendly-t-rex")],
)
async def test_search_finds_the_goods_in_both_languages(db: Database, typed: str, slug: str) -> None:
    await load(db, CONTENTS, currency="EUR")
    found = await db.fetch(
        "SELECT p.slug FROM search_documents d JOIN products p ON p.id = d.product_id"
        " WHERE d.document @@ websearch_to_tsquery('public.shop', $1)",
        typed,
    )
    assert slug in {row["slug"] for row in found}


def test_the_command_loads_the_demo_and_repeating_changes_nothing(
    databases: Databases, repository: Path
) -> None:
    environment = {**os.environ, "PRODUCTS_DATABASE_URL": databases.create("products").app}
    said = [
        subprocess.run(
            [sys.executable, "-m", "products.demo"],
            cwd=repository,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for _ in range(2)
    ]
    assert said == [f"new products: {len(CONTENTS.products)}\n", "new products: 0\n"]
