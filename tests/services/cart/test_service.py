"""The service as operators and developers meet it."""

from inspect import iscoroutinefunction

import httpx2
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from cart import internal_routes, routes
from cart.main import create_app
from cart.settings import Settings
from chassis.settings import UnsafeSettings
from tests.services.cart.conftest import Shop
from tests.services.cart.products_beside import Thing
from tests.support.identities import Identities

OPERATIONS = {
    ("/cart", "get"),
    ("/cart", "post"),
    ("/cart", "put"),
    ("/cart", "delete"),
    ("/cart/{cart_item_id}", "put"),
    ("/cart/{cart_item_id}", "delete"),
    ("/internal/carts/{cart_id}", "get"),
    ("/internal/ordered/{order_id}", "put"),
    ("/internal/merges/{merge_id}", "put"),
}


async def test_it_is_ready_when_its_database_is_migrated(shop: Shop) -> None:
    ready = await shop.client.get("/readyz")
    assert (ready.status_code, ready.json()) == (
        200,
        {"status": "ok", "checks": {"database": "ok", "migrations": "0001_carts"}},
    )


async def test_it_is_not_ready_behind_its_code(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.readiness.code_head", lambda package: f"{package}: a newer one")
    ready = await shop.client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["migrations"]) == (503, "NotMigrated")


async def test_every_operation_is_explained(shop: Shop) -> None:
    document = (await shop.client.get("/openapi.json")).json()
    found = {(path, method): said for path, of in document["paths"].items() for method, said in of.items()}
    assert set(found) == OPERATIONS
    for (path, method), said in found.items():
        assert said["summary"], path
        assert len(said["description"]) > 40, path
        assert {"422", "503"} <= set(said["responses"]), path
        if method == "put":
            assert {"400", "413", "415"} <= set(said["responses"]), path
    said = found["/cart", "post"]["responses"]
    assert set(said) == {"201", "400", "401", "404", "409", "412", "413", "415", "422", "503"}
    assert set(said["409"]["content"]["application/problem+json"]["examples"]) == {
        "not_for_sale",
        "cart_full",
        "idempotency_key_in_flight",
    }
    assert {"unknown_variant", "idempotency_key_reused"} <= set(
        said["422"]["content"]["application/problem+json"]["examples"]
    )


async def test_a_public_operation_is_open_to_guests_customers_and_nobody(shop: Shop) -> None:
    document = (await shop.client.get("/openapi.json")).json()
    for path, of in document["paths"].items():
        for said in of.values():
            ways = [sorted(way) for way in said["security"]]
            expected = [["account"]] if path.startswith("/internal") else [["account"], ["cart_token"], []]
            assert ways == expected, path
    assert document["components"]["securitySchemes"]["cart_token"]["name"] == "X-Cart-Token"


async def test_the_documentations_own_example_works(shop: Shop) -> None:
    document = (await shop.client.get("/openapi.json")).json()
    example = document["components"]["schemas"]["AddIn"]["examples"][0]
    shop.products.things[example["sku"]] = Thing(example["sku"], 1900, "Morning mug", "Кружка «Утро»")
    answer: httpx2.Response = await shop.client.post("/cart", json=example)
    assert answer.status_code == 201


def test_no_dependency_is_sent_through_a_thread() -> None:
    def _plain(dependant: Dependant) -> list[object]:
        calls = [inner.call for inner in dependant.dependencies]
        here = [
            call
            for call in calls
            if not (iscoroutinefunction(call) or iscoroutinefunction(type(call).__call__))
        ]
        return here + [found for inner in dependant.dependencies for found in _plain(inner)]

    found = [
        route
        for route in (*routes.router.routes, *internal_routes.router.routes)
        if isinstance(route, APIRoute)
    ]
    assert len(found) == len(OPERATIONS)
    assert [call for route in found for call in _plain(route.dependant)] == []


def test_production_refuses_what_is_unsafe(identities: Identities) -> None:
    values = {**identities.settings_for("cart"), "environment": "production"}
    with pytest.raises(UnsafeSettings, match="CART_"):
        create_app(Settings.model_validate(values))
