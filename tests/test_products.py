"""The products API as a stranger meets it: over a real socket, a process of its own, tokens from outside.

Everything here is said by the documentation of the API; nothing looks into the service.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.support.identities import Identities
from tests.support.postgres import Databases, ServerAddress

START_SECONDS = 60


@pytest.fixture(scope="module")
def address(
    server_address: ServerAddress, identities: Identities, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where `python -m products` serves an empty catalogue."""
    with Databases(server_address) as databases:
        settings = identities.settings_for("products", databases.create("products").app)
        port = _free_port()
        environment = {
            **os.environ,
            "PRODUCTS_PORT": str(port),
            **{f"PRODUCTS_{name.upper()}": str(value) for name, value in settings.items()},
        }
        log = tmp_path_factory.mktemp("products") / "log"
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "products"], env=environment, stdout=stream, stderr=stream
            )
        try:
            _wait(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            assert process.wait(20) in (0, -15), log.read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    pytest.fail("products did not become ready")


@pytest.fixture
def anyone(address: str) -> Iterator[httpx2.Client]:
    """A client without any token."""
    with httpx2.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture
def staff(address: str, identities: Identities) -> Iterator[httpx2.Client]:
    """A staff member's client."""
    headers = identities.staff_headers("products")
    with httpx2.Client(base_url=address, timeout=30, headers=headers) as client:
        yield client


def _added(staff: httpx2.Client, **body: Any) -> dict[str, Any]:
    answer = staff.post("/products", json=body)
    assert answer.status_code == 201, answer.text
    product: dict[str, Any] = answer.json()
    return product


def test_a_product_lives_from_post_to_delete(anyone: httpx2.Client, staff: httpx2.Client) -> None:
    price = {"amount": 1999, "currency": "EUR"}
    product = _added(staff, name="Desk lamp", sku="LAMP-1", price=price, stock=5)
    assert {"id", "slug", "name", "description", "status", "category", "options", "images"} <= set(product)
    assert {"variants", "price", "available", "created_at", "updated_at", "version"} <= set(product)
    assert (product["price"], product["available"], product["status"]) == (price, 5, "active")

    path = f"/products/{product['id']}"
    shown = anyone.get(path)
    assert shown.json() == product
    assert anyone.get(f"/products/{product['slug']}").json() == product
    assert anyone.get(path, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304

    body = {"name": "Reading lamp", "sku": "LAMP-1", "price": {"amount": 2499, "currency": "EUR"}}
    replaced = staff.put(path, json=body, headers={"If-Match": shown.headers["ETag"]})
    assert (replaced.status_code, replaced.json()["name"], replaced.json()["available"]) == (
        *(200, "Reading lamp", 5),
    )
    assert staff.put(path, json=body, headers={"If-Match": shown.headers["ETag"]}).status_code == 412
    assert staff.put(path, json=body).status_code == 428

    assert staff.delete(path).status_code == 204
    assert staff.delete(path).status_code == 204
    gone = anyone.get(path)
    assert (gone.status_code, gone.headers["content-type"]) == (404, "application/problem+json")


def test_variants_filters_sorting_and_facets(anyone: httpx2.Client, staff: httpx2.Client) -> None:
    for name, amount in (("Wool jumper", 5900), ("Wool scarf", 2900)):
        _added(
            staff,
            name=name,
            options=["Size"],
            variants=[
                {
                    "sku": f"{name[5:].upper()}-{size}",
                    "price": {"amount": amount, "currency": "EUR"},
                    "stock": stock,
                    "options": {"Size": size},
                }
                for size, stock in (("S", 0), ("M", 3))
            ],
            translations={"ru": {"name": "Шерстяной шарф" if "scarf" in name else "Шерстяной свитер"}},
        )

    def names(**query: str) -> list[str]:
        answer = anyone.get("/products", params=query)
        assert answer.status_code == 200, answer.text
        return [item["name"] for item in answer.json()["items"]]

    assert names(q="wool", sort="price") == ["Wool scarf", "Wool jumper"]
    assert names(q="wool", sort="-price") == ["Wool jumper", "Wool scarf"]
    assert names(q="wool", price_max="3000") == ["Wool scarf"]
    assert sorted(names(q="шарфы")) == ["Wool scarf"]
    assert names(q="skarf") == ["Wool scarf"]
    both = {"option.size": "S", "in_stock": "true"}
    assert names(q="wool", **both) == []

    page = anyone.get("/products", params={"q": "wool", "limit": 1, "facets": "true", "sort": "name"}).json()
    following = anyone.get(
        "/products", params={"q": "wool", "limit": 1, "sort": "name", "cursor": page["next_cursor"]}
    ).json()
    assert [item["name"] for item in page["items"] + following["items"]] == ["Wool jumper", "Wool scarf"]
    assert following["next_cursor"] is None
    size = next(facet for facet in page["facets"] if facet["key"] == "option.size")
    assert [(value["value"], value["count"]) for value in size["values"]] == [("s", 2), ("m", 2)]

    russian = anyone.get("/products", params={"q": "wool"}, headers={"Accept-Language": "ru"})
    assert {item["name"] for item in russian.json()["items"]} == {"Шерстяной свитер", "Шерстяной шарф"}
    assert "Accept-Language" in russian.headers["Vary"]


def test_stock_changes_by_adjustments_that_say_why(anyone: httpx2.Client, staff: httpx2.Client) -> None:
    product = _added(staff, name="Chair", sku="CHAIR-1", price={"amount": 9900, "currency": "EUR"}, stock=2)
    key = {"Idempotency-Key": "delivery-1"}
    body = {"delta": 8, "reason": "delivery"}
    first = staff.post("/stock/CHAIR-1/adjustments", json=body, headers=key)
    again = staff.post("/stock/CHAIR-1/adjustments", json=body, headers=key)
    assert (first.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert anyone.get(f"/products/{product['id']}").json()["available"] == 10
    stock = staff.get("/stock/CHAIR-1").json()
    assert stock["on_hand"] == sum(one["change_on_hand"] for one in stock["movements"]["items"]) == 10
    assert staff.post("/stock/CHAIR-1/adjustments", json={"delta": -11, "reason": "lost"}).status_code == 409


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/products"),
        ("PUT", "/products/x"),
        ("DELETE", "/products/x"),
        ("GET", "/stock/x"),
        ("POST", "/stock/x/adjustments"),
        ("POST", "/internal/prices"),
        ("PUT", "/internal/reservations/01990000-0000-7000-8000-000000000000"),
    ],
)
def test_strangers_may_only_look(anyone: httpx2.Client, method: str, path: str) -> None:
    answer = anyone.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_documentation_is_served_from_our_own_files(anyone: httpx2.Client) -> None:
    page = anyone.get("/docs")
    assert page.status_code == 200
    assert "//cdn" not in page.text
    assert anyone.get("/openapi.json").json()["info"]["title"] == "Products"
    assert anyone.get("/docs/files/swagger-ui-bundle.js").status_code == 200


def test_errors_name_the_wrong_field_and_repeat_nothing(staff: httpx2.Client) -> None:
    answer = staff.post("/products", json={"name": "Lamp", "sku": "S-1", "price": "secret words"})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["status"]) == (422, "invalid", 422)
    assert [error["pointer"] for error in problem["errors"]] == ["/price"]
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert "secret words" not in answer.text
