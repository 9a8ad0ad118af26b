"""Replacing and archiving a product."""

from uuid import UUID

import asyncpg

from chassis.database import Connection
from chassis.errors import PreconditionFailed
from chassis.telemetry import log
from products.catalog import edit_queries
from products.catalog.errors import ProductNotFound, SlugTaken
from products.catalog.schemas import EditedProduct
from products.catalog.write import category_of, prepared, sku_conflict, write_contents, write_labels


async def replace_product(
    connection: Connection,
    product_id: UUID,
    body: EditedProduct,
    *,
    version: int | None,
    currency: str,
    actor: str,
) -> None:
    """The product is as the body says; variants are matched by sku, missing ones archived, stock untouched.

    `version`: what the editor began from, None for any. Runs in the caller's transaction.
    Raises ProductNotFound, PreconditionFailed, Invalid, UnknownCategory, SkuTaken or SlugTaken; then nothing is kept.
    """
    contents = prepared(body, body.as_variants(), currency=currency)
    found = await edit_queries.lock_product(connection, product_id)
    if found is None:
        raise ProductNotFound
    if version is not None and version != found["version"]:
        raise PreconditionFailed
    category = await category_of(connection, body.category)
    status = body.status or found["status"]
    try:
        await edit_queries.edit_product(
            connection,
            product_id,
            slug=body.slug or found["slug"],
            status=status,
            category=category,
            brand=body.brand,
        )
    except asyncpg.UniqueViolationError as error:
        raise SlugTaken from error
    await sku_conflict(connection, body, besides=product_id)
    await write_contents(connection, product_id, body, contents, currency=currency, actor=actor)
    if body.translations is not None:
        await write_labels(connection, product_id, body, body.translations, contents)
    if status == "archived":
        await edit_queries.archive_product(connection, product_id)
    await edit_queries.refresh_listings(connection, product_id)
    log.info("product.replaced", product_id=str(product_id), status=status)


async def archive_product(connection: Connection, product_id: UUID) -> None:
    """Nobody can buy or find the product any more; promises already made stand. Repeating changes nothing.

    Runs in the caller's transaction. Raises ProductNotFound.
    """
    if await edit_queries.lock_product(connection, product_id) is None:
        raise ProductNotFound
    if await edit_queries.archive_product(connection, product_id):
        await edit_queries.refresh_listings(connection, product_id)
        log.info("product.archived", product_id=str(product_id))
