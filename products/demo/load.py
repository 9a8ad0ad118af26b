"""Puts the demo catalogue into an empty products database."""

from datetime import datetime
from uuid import UUID

from chassis.database import Connection, Database
from chassis.ids import new_id
from products.catalog.rules import code_of
from products.demo import queries
from products.demo.contents import PICTURE_SIDE, Contents, Department, Option, Product

Added = list[tuple[Product, UUID, list[UUID]]]
"""Each product with its id and the ids of its variants, in their order."""


async def load(db: Database, contents: Contents, *, currency: str) -> int:
    """The catalogue holds `contents`; how many products are new. Cents become the minor unit of `currency`.

    One transaction. 0 and nothing changed when there was any product or category; so repeating is safe.
    """
    async with db.transaction() as connection:
        if not await queries.lock_empty(connection):
            return 0
        await _add_options(connection, contents.options)
        shelves = await _add_categories(connection, contents.departments)
        added = [
            (product, new_id(), [new_id() for _ in product["variants"]]) for product in contents.products
        ]
        await _add_products(connection, added, shelves)
        await _add_variants(connection, added, currency)
        await _add_pictures(connection, added)
        await _add_stock(connection, added)
        await queries.refresh(connection, [product_id for _, product_id, _ in added])
        return len(added)


async def _add_options(connection: Connection, options: list[Option]) -> None:
    named = [(code_of(option["name"]["en"]), option) for option in options]
    await connection.executemany(queries.OPTION, [(code, option["name"]) for code, option in named])
    await connection.executemany(
        queries.OPTION_VALUE,
        [
            (code, code_of(value["en"]), value, position)
            for code, option in named
            for position, value in enumerate(option["values"])
        ],
    )


async def _add_categories(connection: Connection, departments: list[Department]) -> dict[str, UUID]:
    """Slug of each subcategory → its id."""
    shelves: dict[str, UUID] = {}
    rows: list[tuple[UUID, UUID | None, str, object, int]] = []
    for category in (department["category"] for department in departments):
        parent = new_id()
        rows.append((parent, None, category["slug"], category["name"], category["position"]))
        for position, child in enumerate(category["children"]):
            shelves[child["slug"]] = new_id()
            rows.append((shelves[child["slug"]], parent, child["slug"], child["name"], position))
    await connection.executemany(queries.CATEGORY, rows)
    return shelves


async def _add_products(connection: Connection, added: Added, shelves: dict[str, UUID]) -> None:
    await connection.executemany(
        queries.PRODUCT,
        [
            (product_id, product["slug"], shelves[product["category"]], product["popularity"], _born(product))
            for product, product_id, _ in added
        ],
    )
    await connection.executemany(
        queries.TRANSLATION,
        [
            row
            for product, product_id, _ in added
            for row in (
                (product_id, "en", product["name"]["en"], product["description"]["en"]),
                (product_id, "ru", product["name"]["ru"], product["description"]["ru"]),
            )
        ],
    )
    await connection.executemany(
        queries.PRODUCT_OPTION,
        [
            (product_id, code_of(option), position)
            for product, product_id, _ in added
            for position, option in enumerate(product["options"])
        ],
    )


async def _add_variants(connection: Connection, added: Added, currency: str) -> None:
    variants = [
        (product, product_id, variant_id, position, variant)
        for product, product_id, variant_ids in added
        for position, (variant_id, variant) in enumerate(zip(variant_ids, product["variants"], strict=True))
    ]
    await connection.executemany(
        queries.VARIANT,
        [
            (
                variant_id,
                product_id,
                variant["sku"],
                variant["barcode"],
                product["tax_class"],
                variant["weight"],
                position,
                _born(product),
            )
            for product, product_id, variant_id, position, variant in variants
        ],
    )
    await connection.executemany(
        queries.VARIANT_VALUE,
        [
            (variant_id, code_of(option), code_of(value))
            for _, _, variant_id, _, variant in variants
            for option, value in variant["options"].items()
        ],
    )
    await connection.executemany(
        queries.PRICE,
        [
            (
                variant_id,
                currency,
                variant["price"],
                variant["compare_at"],
            )
            for _, _, variant_id, _, variant in variants
        ],
    )


async def _add_pictures(connection: Connection, added: Added) -> None:
    """A picture with options is registered once for each variant that has them, another one for the product."""
    rows = []
    for product, product_id, variant_ids in added:
        for position, picture in enumerate(product["pictures"]):
            shown: list[UUID | None] = [
                variant_id
                for variant_id, variant in zip(variant_ids, product["variants"], strict=True)
                if picture["options"].items() <= variant["options"].items()
            ]
            url = f"/media/{picture['name']}-{PICTURE_SIDE}.webp"
            rows += [
                (product_id, variant_id, position, url, picture["alt"], PICTURE_SIDE)
                for variant_id in (shown if picture["options"] else [None])
            ]
    await connection.executemany(queries.PICTURE, rows)


async def _add_stock(connection: Connection, added: Added) -> None:
    await connection.executemany(
        queries.STOCK,
        [(variant_id, product_id) for _, product_id, variant_ids in added for variant_id in variant_ids],
    )
    received = {
        variant_id: variant["stock"]
        for product, _, variant_ids in added
        for variant_id, variant in zip(variant_ids, product["variants"], strict=True)
        if variant["stock"]
    }
    await queries.receive(
        connection, cause_id=new_id(), variants=list(received), quantities=list(received.values())
    )


def _born(product: Product) -> datetime:
    return datetime.fromisoformat(product["created_at"])
