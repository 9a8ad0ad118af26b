"""`/products` and `/products/{id or slug}` for people; programs get the same addresses as JSON (see `proxy`)."""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

from fastapi import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from chassis.http import RemoteProblem, RemoteUnavailable
from frontend.clients.asking import or_nothing
from frontend.clients.products import Category, Product, ProductList
from frontend.errors import wants_page
from frontend.page_models.catalog import Card, ProductListPage, ProductPage
from frontend.pages.cards import cards
from frontend.pages.listing import ListQuery
from frontend.pages.variants import axes_of, chosen_variant, variant_choice, variant_choices
from frontend.routing import AnyVisit, PageRoute, PageRouter
from frontend.visit import Visit

RELATED = 4


class NegotiatedRoute(PageRoute):
    """A page that shares its address with an API: this route is only there for those who want a page."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and not wants_page(Request(scope)):
            return Match.NONE, {}
        return super().matches(scope)


router = PageRouter()
router.route_class = NegotiatedRoute


@router.get("/products")
async def list_products(visit: AnyVisit) -> Response:
    """The list, narrowed and sorted as the address says."""
    query = ListQuery.from_request(visit.request.query_params, visit.shop.settings.currency)
    categories = asyncio.ensure_future(or_nothing(visit.shop.products.categories(visit.locale)))
    try:
        found = await visit.shop.products.page(visit.anybody, query.for_service())
        problem = ""
    except RemoteProblem as refusal:
        if refusal.code == "invalid_cursor":
            return visit.redirect(query.href(cursor=None))
        found = ProductList(items=[], next_cursor=None)
        problem = visit.gettext("We could not understand these filters, so there is nothing to show.")
    known_categories = await categories or []
    made_of = (found, known_categories)
    if visit.is_plain and not problem:
        place = (visit.locale, visit.path_with_query)
        if (same := visit.shop.same_pages.find(place, made_of, visit.request)) is not None:
            return same
        page = _list_page(visit, query, found, known_categories, problem)
        return visit.shop.same_pages.keep(place, made_of, await visit.render("products.html", page))
    page = _list_page(visit, query, found, known_categories, problem)
    return await visit.render("products.html", page)


def _list_page(
    visit: Visit, query: ListQuery, found: ProductList, categories: list[Category], problem: str
) -> ProductListPage:
    names = category_names(categories)
    groups = [*query.categories(categories, visit.gettext("Category")), *query.groups(found.facets or [])]
    if query.search:
        title = visit.gettext("Results for “%(search)s”", search=query.search)
    else:
        title = names.get(query.category, visit.gettext("Everything on the shelf"))
    return ProductListPage(
        title=title,
        search=query.search,
        category=query.category,
        cards=cards(found.items),
        sorting=query.sorting(visit.gettext),
        groups=groups,
        chosen=query.chosen(groups, names),
        price_min=query.price_from,
        price_max=query.price_to,
        currency=visit.shop.settings.currency,
        in_stock=query.in_stock,
        kept=query.kept_by_form(),
        next_href=query.href(cursor=found.next_cursor) if found.next_cursor else None,
        first_href=query.href(cursor=None) if query.cursor else None,
        clear_href=query.cleared(),
        problem=problem,
    )


@router.get("/products/{key}")
async def show_product(visit: AnyVisit, key: str) -> Response:
    """One product; `?sku=` chooses the variant."""
    product = await visit.shop.products.product(visit.anybody, key)
    related, category = await asyncio.gather(_related(visit, product), _category(visit, product))
    chosen = chosen_variant(product, visit.request.query_params.get("sku", ""))
    is_staff = visit.person is not None and visit.person.is_staff
    page = ProductPage(
        name=product.name,
        paragraphs=[part for part in product.description.split("\n") if part.strip()],
        category=category,
        images=product.images_for(chosen.sku if chosen else ""),
        chosen=variant_choice(product, chosen, is_chosen=True) if chosen else None,
        axes=axes_of(product, chosen),
        variants=variant_choices(product, chosen),
        related=related,
        add_key=str(uuid4()),
        is_archived=product.status == "archived",
        edit_href=f"/admin/products/{product.id}" if is_staff else None,
    )
    return await visit.render("product.html", page)


def category_names(categories: Sequence[Category]) -> dict[str, str]:
    """Slug → name of all categories of the tree."""
    names = {}
    for category in categories:
        names[category.slug] = category.name
        names |= category_names(category.children)
    return names


async def _related(visit: Visit, product: Product) -> list[Card]:
    """Others of the same category, without this one."""
    if product.category is None:
        return []
    query = {"category": product.category, "limit": str(RELATED + 1), "in_stock": "true"}
    found = await or_nothing(visit.shop.products.page(visit.anybody, query))
    others = [item for item in found.items if item.id != product.id] if found else []
    return cards(others[:RELATED])


async def _category(visit: Visit, product: Product) -> tuple[str, str] | None:
    if product.category is None:
        return None
    try:
        categories = await visit.shop.products.categories(visit.locale)
    except RemoteUnavailable:
        return None
    names = category_names(categories)
    if product.category not in names:
        return None
    return f"/products?category={product.category}", names[product.category]
