"""Products and categories over HTTP. The list of products is in `search.routes`."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Path, Request, Response
from pydantic import Field

from chassis import etags, idempotency
from chassis.auth import StaffCaller
from chassis.errors import Forbidden, PreconditionFailed, PreconditionRequired
from chassis.idempotency import KeyHeader, KeyInFlight, KeyReused
from chassis.languages import Language
from chassis.openapi import responses
from chassis.routing import Router, query_prefixes
from chassis.schemas import CurrencyCode
from products.answering import as_json, localised_headers, not_modified, recorded_headers, tagged_by_content
from products.catalog import queries
from products.catalog.answers import CategoryTree, ProductOut
from products.catalog.create import create_product
from products.catalog.errors import ProductNotFound, SkuTaken, SlugTaken, UnknownCategory
from products.catalog.present import category_tree, product_etag, product_out
from products.catalog.replace import archive_product, replace_product
from products.catalog.schemas import (
    SIMPLE_EXAMPLE,
    VARIANTS_EXAMPLE,
    EditedProduct,
    NewProduct,
    without_stock,
)
from products.deps import Shop
from products.reading import QueryIn, caller_of, context_of, documented, locale_of, read_query

router = Router(tags=["products"])

ProductKey = Annotated[str, Path(description="The product's id or slug.", examples=["stoneware-mug"])]
ProductId = Annotated[str, Path(description="The product's id.")]
ETAG: dict[str, Any] = {
    "ETag": {"description": "Version, stock and language.", "schema": {"type": "string"}},
}


class ProductQuery(QueryIn):
    """How to show one product."""

    currency: Annotated[
        CurrencyCode | None,
        Field(description="ISO 4217; the shop's currency when left out.", examples=["EUR"]),
    ] = None


NEW_EXAMPLES: dict[str, Any] = {
    "simple": {"summary": "One variant", "value": SIMPLE_EXAMPLE},
    "variants": {"summary": "Options and variants", "value": VARIANTS_EXAMPLE},
}
EDIT_EXAMPLES: dict[str, Any] = {
    "simple": {"summary": "One variant", "value": without_stock(SIMPLE_EXAMPLE)},
    "variants": {"summary": "Options and variants", "value": without_stock(VARIANTS_EXAMPLE)},
}


def as_key(written: str) -> UUID | str:
    """An id or a slug, whichever was written. Raises ProductNotFound for what can be neither."""
    try:
        return UUID(written) if len(written) == 36 else _slug(written)
    except ValueError:
        return _slug(written)


def _slug(written: str) -> str:
    if not (written.isascii() and 0 < len(written) <= 100 and written.replace("-", "").isalnum()):
        raise ProductNotFound
    return written


def as_id(written: str) -> UUID:
    """An id. Raises ProductNotFound for anything else."""
    key = as_key(written)
    if isinstance(key, str):
        raise ProductNotFound
    return key


@router.post(
    "/products",
    status_code=201,
    summary="Add a product",
    description=(
        "Either with `sku`, `price` and `stock` (one variant), or with `options` and `variants`. "
        "Texts are English; `translations` gives others. For staff."
    ),
    responses={
        201: {"description": "It is on sale (or a draft).", "headers": ETAG},
        **responses(Forbidden, SkuTaken, SlugTaken, KeyInFlight, UnknownCategory, KeyReused),
    },
    response_model=ProductOut,
)
async def add(
    request: Request,
    shop: Shop,
    staff: StaffCaller,
    locale: Language,
    body: Annotated[NewProduct, Body(openapi_examples=NEW_EXAMPLES)],
    key: KeyHeader = None,
) -> Response:
    repeatable = await idempotency.keyed(request, key, staff.subject)
    currency = shop.settings.currency
    async with shop.db.transaction() as connection:
        if (recorded := await idempotency.claim(connection, repeatable)) is not None:
            return recorded.response()
        product_id = await create_product(connection, body, currency=currency, actor=staff.subject)
        row = await queries.product(connection, product_id, locale=locale, currency=currency)
        if row is None:
            raise ProductNotFound
        answer = as_json(
            product_out(row, locale=locale, currency=currency),
            status=201,
            headers={
                **localised_headers(locale, product_etag(row, locale=locale)),
                "Location": f"/products/{product_id}",
            },
        )
        await idempotency.record(
            connection, repeatable, status=201, body=bytes(answer.body), headers=recorded_headers(answer)
        )
    return answer


@router.get(
    "/products/{product_id}",
    summary="One product",
    description="By id or slug. Drafts and archived products are shown to staff only.",
    responses={
        200: {"description": "The product.", "headers": ETAG},
        304: {"description": "The client has it already."},
        **responses(ProductNotFound),
    },
    response_model=ProductOut,
    openapi_extra=documented(ProductQuery),
)
@query_prefixes("")
async def show(product_id: ProductKey, request: Request) -> Response:
    key = as_key(product_id)
    query = read_query(ProductQuery, request.query_params)
    shop, caller, locale = context_of(request), await caller_of(request), locale_of(request)
    wanted = query.currency or shop.settings.currency
    row = await queries.product(shop.db, key, locale=locale, currency=wanted)
    if row is None or (row["status"] != "active" and not caller.is_staff):
        raise ProductNotFound
    tag = product_etag(row, locale=locale)
    unchanged = not_modified(request.headers.get("if-none-match"), locale=locale, tag=tag)
    return unchanged or as_json(
        product_out(row, locale=locale, currency=wanted), headers=localised_headers(locale, tag)
    )


@router.put(
    "/products/{product_id}",
    summary="Replace a product",
    description=(
        "The body of POST without stock. Variants are matched by `sku`; those missing are archived, "
        "which leaves promises made to orders as they are. `status`, `slug` and `translations` stay when left out. "
        "Send the `ETag` you edited as `If-Match`. For staff."
    ),
    responses={
        200: {"description": "As it is now.", "headers": ETAG},
        **responses(
            Forbidden,
            ProductNotFound,
            SkuTaken,
            SlugTaken,
            PreconditionFailed,
            PreconditionRequired,
            UnknownCategory,
        ),
    },
    response_model=ProductOut,
)
async def replace(
    product_id: ProductId,
    shop: Shop,
    staff: StaffCaller,
    locale: Language,
    body: Annotated[EditedProduct, Body(openapi_examples=EDIT_EXAMPLES)],
    if_match: etags.IfMatch = None,
) -> Response:
    found = as_id(product_id)
    version = etags.edited_version(if_match)
    currency = shop.settings.currency
    async with shop.db.transaction() as connection:
        await replace_product(
            connection, found, body, version=version, currency=currency, actor=staff.subject
        )
        row = await queries.product(connection, found, locale=locale, currency=currency)
    if row is None:
        raise ProductNotFound
    headers = localised_headers(locale, product_etag(row, locale=locale))
    return as_json(product_out(row, locale=locale, currency=currency), headers=headers)


@router.delete(
    "/products/{product_id}",
    status_code=204,
    summary="Archive a product",
    description="It is no longer listed, found or sold; nothing is erased. Repeating is safe. For staff.",
    responses=responses(Forbidden, ProductNotFound),
)
async def archive(product_id: ProductId, shop: Shop, staff: StaffCaller) -> None:
    found = as_id(product_id)
    async with shop.db.transaction() as connection:
        await archive_product(connection, found)


@router.get(
    "/categories",
    tags=["categories"],
    summary="The tree of categories",
    description="All of it on one page, names in the language asked for.",
    responses={304: {"description": "The client has it already."}},
    response_model=CategoryTree,
)
async def show_categories(shop: Shop, locale: Language, if_none_match: etags.IfNoneMatch = None) -> Response:
    tree = category_tree(await queries.categories(shop.db, locale=locale))
    return tagged_by_content(tree.model_dump_json().encode(), locale=locale, if_none_match=if_none_match)
