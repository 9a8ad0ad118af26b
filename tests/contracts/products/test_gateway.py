"""What the gateway reads of products: every field its models name is in the real answers, none is a default."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from pydantic import BaseModel

from chassis.database import Database
from chassis.http import ServiceClient
from frontend.clients.asking import Asker
from frontend.clients.products import ProductsClient
from products.demo.contents import read_contents
from products.demo.load import load
from products.main import create_app
from products.settings import Settings
from tests.support.asgi import RunningApps
from tests.support.identities import Identities
from tests.support.postgres import Databases

NOT_IN_LISTS = {"image.skus"}
"""A card's picture is the product's; which variants a picture shows is said by the product itself."""


@dataclass(frozen=True)
class Gateway:
    """The gateway's client of a products service with the demo catalogue, and who asks through it."""

    products: ProductsClient
    anybody: Asker
    staff: Asker


@pytest.fixture
async def gateway(databases: Databases, identities: Identities, apps: RunningApps) -> AsyncIterator[Gateway]:
    dsn = databases.create("products").app
    db = await Database.open(dsn)
    await load(db, read_contents(), currency="EUR")
    await db.close()
    app = create_app(Settings.model_validate(identities.settings_for("products", dsn)))
    await apps.start(app)
    service = ServiceClient("products", "http://products", transport=apps.transport(app))
    token = identities.staff_headers("products")["authorization"].removeprefix("Bearer ")
    yield Gateway(ProductsClient(service), Asker("en"), Asker("en", token))
    await service.aclose()


def _missing(model: BaseModel, path: str = "") -> Iterator[str]:
    """The fields of the model and of those within it that no answer gave, by their paths."""
    for name in type(model).model_fields:
        if name not in model.model_fields_set:
            yield f"{path}{name}"
        value = getattr(model, name)
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
        for part in parts:
            if isinstance(part, BaseModel):
                yield from _missing(part, f"{path}{name}.")


async def test_a_product_has_all_that_its_page_shows(gateway: Gateway) -> None:
    teapot = await gateway.products.product(gateway.anybody, "rosehip-teapot")
    assert list(_missing(teapot)) == []
    assert (len(teapot.variants), len(teapot.images), len(teapot.translations)) == (3, 3, 1)
    shown = [teapot.images_for(variant.sku)[0].alt for variant in teapot.variants]
    assert shown == [f"Rosehip teapot, {colour}" for colour in ("raspberry", "teal", "violet")]


async def test_a_list_has_all_that_its_cards_and_filters_show(gateway: Gateway) -> None:
    page = await gateway.products.page(gateway.anybody, {"q": "rosehip", "facets": "true"})
    (card,) = page.items
    assert set(_missing(card)) <= NOT_IN_LISTS
    assert page.facets
    assert [missing for facet in page.facets for missing in _missing(facet)] == []
    assert await gateway.products.page(gateway.anybody, {"q": "rosehip", "facets": "true"}) is page


async def test_categories_come_with_those_below_them(gateway: Gateway) -> None:
    categories = await gateway.products.categories("ru")
    assert [missing for category in categories for missing in _missing(category)] == []
    tea = next(category for category in categories if category.slug == "coffee-and-tea")
    assert [(child.slug, child.name) for child in tea.children] == [("coffee", "Кофе"), ("tea", "Чай")]


async def test_staff_see_and_change_the_stock_once(gateway: Gateway) -> None:
    sku, key = "TEAPOT-ROSEHIP-TEAL", str(uuid4())
    for _ in range(2):
        await gateway.products.adjust_stock(gateway.staff, sku, delta=-3, reason="broken", key=key)
    stock = await gateway.products.stock(gateway.staff, sku)
    assert list(_missing(stock)) == []
    assert (stock.on_hand, [movement.reason for movement in stock.movements.items]) == (
        12,
        ["broken", "demo catalogue"],
    )
