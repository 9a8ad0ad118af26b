"""`/`: the shop window."""

import asyncio
from itertools import zip_longest

from starlette.responses import Response

from chassis.http import RemoteUnavailable
from frontend.clients.asking import or_none, or_nothing
from frontend.clients.products import Category, Image, ProductCard
from frontend.page_models.catalog import CategoryTile, HomePage
from frontend.pages.cards import cards
from frontend.routing import AnyVisit, PageRouter
from frontend.visit import Visit

router = PageRouter()

POPULAR = 8
NEWEST = 4
PICTURED = 8
"""So many categories have a picture (one row of a wide window); the others are words: pictures weigh."""


@router.get("/")
async def home(visit: AnyVisit) -> Response:
    """Categories, what others like, what is new."""
    ask = visit.shop.products.page
    popular, newest, tiles = await asyncio.gather(
        or_none(ask(visit.anybody, {"limit": str(POPULAR), "in_stock": "true"})),
        or_none(ask(visit.anybody, {"limit": str(NEWEST), "sort": "newest"})),
        _tiles(visit),
    )
    page = HomePage(
        popular=cards(popular.items) if popular else [],
        newest=cards(newest.items) if newest else [],
        categories=tiles[:PICTURED],
        more_categories=tiles[PICTURED:],
        catalogue_away=popular is None and newest is None,
    )
    return await visit.render("index.html", page)


async def _tiles(visit: Visit) -> list[CategoryTile]:
    try:
        categories = await visit.shop.products.categories(visit.locale)
    except RemoteUnavailable:
        return []
    faces = await asyncio.gather(*(_face(visit, category) for category in categories[:PICTURED]))
    return [
        CategoryTile(f"/products?category={category.slug}", category.name, image)
        for category, image in zip_longest(categories, faces)
    ]


async def _face(visit: Visit, category: Category) -> Image | None:
    """The picture of the category's most popular product."""
    query = {"category": category.slug, "limit": "1"}
    found = await or_nothing(visit.shop.products.glance(visit.locale, query))
    first: ProductCard | None = found.items[0] if found and found.items else None
    return first.image if first else None
