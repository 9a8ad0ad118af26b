"""What carts rely on, asked of the real products application through the real client."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx2
import pytest

from cart.clients.products import MOST_ASKED, Products, Wanted
from cart.main import create_app as create_cart
from cart.settings import Settings as CartSettings
from chassis.http import RemoteUnavailable, ServiceClient
from chassis.ids import new_id
from chassis.schemas import MoneyOut
from products.main import create_app as create_products
from products.settings import Settings as ProductsSettings
from tests.support.asgi import RunningApps
from tests.support.identities import Identities
from tests.support.postgres import Databases

MUG = {
    "name": "Stoneware mug",
    "description": "Holds tea.",
    "options": ["Colour"],
    "variants": [
        {
            "sku": "MUG-BLUE",
            "price": {"amount": 1250, "currency": "EUR"},
            "stock": 5,
            "options": {"Colour": "Blue"},
        },
        {
            "sku": "MUG-RED",
            "price": {"amount": 999, "currency": "EUR"},
            "compare_at": {"amount": 1250, "currency": "EUR"},
            "stock": 0,
            "options": {"Colour": "Red"},
        },
    ],
    "translations": {"ru": {"name": "Кружка"}},
}

Connect = Callable[..., Products]


class Catalogue:
    """The real products service with one product in it."""

    def __init__(
        self, client: httpx2.AsyncClient, transport: httpx2.ASGITransport, mug: dict[str, Any]
    ) -> None:
        self.client = client
        self.transport = transport
        self.mug = mug
        self.ids = {variant["sku"]: UUID(variant["id"]) for variant in mug["variants"]}


@pytest.fixture
async def catalogue(databases: Databases, identities: Identities, apps: RunningApps) -> Catalogue:
    dsn = databases.create("products").app
    app = create_products(ProductsSettings.model_validate(identities.settings_for("products", dsn)))
    client = await apps.start(app)
    created = await client.post("/products", json=MUG, headers=identities.staff_headers("products"))
    assert created.status_code == 201, created.text
    return Catalogue(client, apps.transport(app), created.json())


@pytest.fixture
def connect(catalogue: Catalogue, identities: Identities) -> Connect:
    def _connect(service: str = "cart", currency: str = "EUR") -> Products:
        minter = identities.minter(service)
        client = ServiceClient("products", "http://products", minter=minter, transport=catalogue.transport)
        return Products(client, currency=currency)

    return _connect


async def test_offers_come_by_sku_and_by_id_in_the_language_asked_for(
    catalogue: Catalogue, connect: Connect
) -> None:
    red, ghost = Wanted(variant_id=catalogue.ids["MUG-RED"]), Wanted(variant_id=new_id())
    blue = Wanted(sku="MUG-BLUE")
    offers = await connect().offers([blue, red, ghost, Wanted(sku="GHOST")], language="en")
    offer = offers.of(blue)
    assert offer is not None
    assert (offer.variant_id, offer.sku) == (catalogue.ids["MUG-BLUE"], "MUG-BLUE")
    assert (str(offer.product_id), offer.slug, offer.name) == (
        catalogue.mug["id"],
        catalogue.mug["slug"],
        "Stoneware mug",
    )
    assert (offer.options, offer.available, offer.backorder) == ({"Colour": "Blue"}, 5, False)
    assert (offer.price, offer.compare_at, offer.is_for_sale) == (
        MoneyOut(amount=1250, currency="EUR"),
        None,
        True,
    )
    by_sku = {found.sku: found for found in offers.by_variant.values() if found is not None}
    assert set(by_sku) == {"MUG-BLUE", "MUG-RED"}
    assert by_sku["MUG-RED"].compare_at == MoneyOut(amount=1250, currency="EUR")
    assert by_sku["MUG-RED"].available == 0
    assert (offers.of(Wanted(sku="GHOST")), offers.of(ghost)) == (None, None)
    assert ghost.variant_id in offers.by_variant
    russian = (await connect().offers([blue], language="ru")).of(blue)
    assert russian is not None
    assert russian.name == "Кружка"


async def test_an_archived_variant_is_known_by_id_and_not_for_sale(
    catalogue: Catalogue, connect: Connect, identities: Identities
) -> None:
    blue = Wanted(variant_id=catalogue.ids["MUG-BLUE"])
    gone = await catalogue.client.delete(
        f"/products/{catalogue.mug['id']}", headers=identities.staff_headers("products")
    )
    assert gone.status_code < 300, gone.text
    offer = (await connect().offers([blue], language="en")).of(blue)
    assert offer is not None
    assert not offer.is_for_sale


async def test_what_has_no_price_in_our_currency_is_not_for_sale(
    catalogue: Catalogue, connect: Connect
) -> None:
    blue = Wanted(sku="MUG-BLUE")
    offer = (await connect(currency="JPY").offers([blue], language="en")).of(blue)
    assert offer is not None
    assert (offer.price, offer.is_for_sale) == (None, False)


async def test_more_than_products_takes_at_once_is_asked_in_parts(
    catalogue: Catalogue, connect: Connect
) -> None:
    blue = Wanted(variant_id=catalogue.ids["MUG-BLUE"])
    ghosts = [Wanted(variant_id=new_id()) for _ in range(MOST_ASKED)]
    offers = await connect().offers([*ghosts, blue], language="en")
    assert (len(offers.by_variant), offers.of(blue) is not None) == (MOST_ASKED + 1, True)


async def test_a_refusal_of_products_is_no_usable_answer(connect: Connect) -> None:
    with pytest.raises(RemoteUnavailable):
        await connect("payments").offers([Wanted(sku="MUG-BLUE")], language="en")


async def test_a_guest_fills_a_cart_from_the_real_catalogue(
    catalogue: Catalogue, databases: Databases, identities: Identities, apps: RunningApps
) -> None:
    values = identities.settings_for("cart", databases.create("cart").app)
    cart = create_cart(CartSettings.model_validate(values), products_transport=catalogue.transport)
    browser = await apps.start(cart)
    await browser.post("/cart", json={"sku": "MUG-BLUE", "quantity": 2})
    answer = await browser.post("/cart", json={"variant_id": str(catalogue.ids["MUG-RED"]), "quantity": 1})
    assert answer.status_code == 201, answer.text
    assert answer.json()["subtotal"] == {"amount": 3499, "currency": "EUR"}
    unknown = await browser.post("/cart", json={"sku": "GHOST", "quantity": 1})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_variant")
    await catalogue.client.delete(
        f"/products/{catalogue.mug['id']}", headers=identities.staff_headers("products")
    )
    items = (await browser.get("/cart")).json()["items"]
    assert [(item["sku"], item["available"], item["unit_price"]) for item in items] == [
        ("MUG-BLUE", 0, None),
        ("MUG-RED", 0, None),
    ]
