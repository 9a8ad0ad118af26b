"""Adding a product."""

import secrets
from uuid import UUID

from chassis.database import Connection
from chassis.telemetry import log
from products.catalog import edit_queries
from products.catalog.errors import SlugTaken
from products.catalog.rules import slug_of
from products.catalog.schemas import NewProduct
from products.catalog.write import category_of, prepared, sku_conflict, write_contents, write_labels

SLUG_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


async def create_product(connection: Connection, body: NewProduct, *, currency: str, actor: str) -> UUID:
    """The product is there, listed and found, with its stock counted in; its id.

    Runs in the caller's transaction. Raises Invalid, UnknownCategory, SkuTaken or SlugTaken; then nothing is kept.
    """
    variants = body.as_variants()
    contents = prepared(body, variants, currency=currency)
    category = await category_of(connection, body.category)
    await sku_conflict(connection, body, besides=None)
    product_id = await _added(connection, body, category)
    await write_contents(connection, product_id, body, contents, currency=currency, actor=actor)
    await write_labels(connection, product_id, body, body.translations, contents)
    counted = [{"sku": variant.sku, "stock": variant.stock} for variant in variants]
    await edit_queries.stock_initially(connection, product_id, counted, actor=actor)
    await edit_queries.refresh_listings(connection, product_id)
    log.info("product.created", product_id=str(product_id), variants=len(variants))
    return product_id


async def _added(connection: Connection, body: NewProduct, category: UUID | None) -> UUID:
    """The product's row, under the slug that was asked for or a free one like its name."""
    wanted = body.slug or slug_of(body.name) or "product"
    for slug in (wanted,) if body.slug else (wanted, _varied(wanted), _varied(wanted)):
        product_id = await edit_queries.add_product(
            connection, slug=slug, status=body.status, category=category, brand=body.brand
        )
        if product_id is not None:
            return product_id
    raise SlugTaken


def _varied(slug: str) -> str:
    ending = "".join(secrets.choice(SLUG_ALPHABET) for _ in range(6))
    return f"{slug}-{ending}"
