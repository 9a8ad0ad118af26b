"""`GET /products`: lists, filters, search, facets."""

import orjson
from fastapi import Request, Response

from chassis.errors import Forbidden, Unauthenticated
from chassis.openapi import responses
from chassis.pagination import InvalidCursor
from chassis.routing import Router, query_prefixes
from products.answering import tagged_by_content
from products.reading import context_of, documented
from products.search import facet_queries, present, queries
from products.search.answers import ProductPage
from products.search.asked import OPTION_PARAMETER, ListQuery, asked

router = Router(tags=["products"])


@router.get(
    "/products",
    summary="List and search products",
    description=(
        "Filters hold together; `option.<name>=<value>` may be given several times (`option.size=M&option.size=L`: "
        "either; `option.size=M&option.colour=Red`: a variant that is both). `sort=relevance` without `q` is by popularity. "
        "`facets=true` adds the further choices with the number of products each would leave."
    ),
    responses={
        304: {"description": "The client has it already."},
        **responses(InvalidCursor, Unauthenticated, Forbidden),
    },
    response_model=ProductPage,
    openapi_extra=documented(ListQuery, OPTION_PARAMETER),
)
@query_prefixes("")
async def list_products(request: Request) -> Response:
    shop = context_of(request)
    filters, query = await asked(request)
    identity = filters.identity(query.sort)
    after = None
    if query.cursor is not None:
        length = queries.position_length(filters, query.sort)
        after = shop.cursors.decode(identity, query.cursor, length=length)
    rows = await queries.page(shop.db, filters, sort=query.sort, after=after, limit=query.limit + 1)
    shown = rows[: query.limit]
    next_cursor = None
    if len(rows) > query.limit:
        position = [value for name, value in shown[-1].items() if name.startswith("at_")]
        next_cursor = shop.cursors.encode(identity, position)
    facets = None
    if query.facets:
        found = present.facets(await facet_queries.facets(shop.db, filters), locale=filters.locale)
        facets = [facet.model_dump() for facet in found]
    content = orjson.dumps(
        {
            "items": present.cards(shown, currency=filters.currency, locale=filters.locale),
            "next_cursor": next_cursor,
            "facets": facets,
        }
    )
    return tagged_by_content(
        content, locale=filters.locale, if_none_match=request.headers.get("if-none-match")
    )
