"""What every application built on the chassis answers, asked of a toy one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import httpx2
import pytest
from fastapi import FastAPI

from chassis.app import build_app
from chassis.auth import AnyCaller, ServiceCaller, StaffCaller
from chassis.errors import Conflict
from chassis.ids import new_id
from chassis.openapi import responses
from chassis.routing import Router
from chassis.schemas import Line, MoneyIn, Out, Quantity, StrictIn, Uuid
from chassis.settings import ServiceSettings
from tests.support.asgi import RunningApps
from tests.support.identities import Identities

router = Router()


class Taken(Conflict):
    code = "taken"
    title = "This seat is taken"


class SeatIn(StrictIn):
    name: Line
    seats: Quantity
    event_id: Uuid | None = None
    price: MoneyIn | None = None


class SeatOut(Out):
    name: str
    seats: int


@router.post("/seats", status_code=201, responses=responses(Taken))
async def reserve(seat: SeatIn) -> SeatOut:
    """Reserve seats."""
    if seat.name == "taken":
        raise Taken(left=0)
    return SeatOut(name=seat.name, seats=seat.seats)


@router.get("/seats")
async def seats(row: Annotated[int, "row"] = 1) -> SeatOut:
    """One row."""
    return SeatOut(name="row", seats=row)


@router.get("/whoami")
async def whoami(who: AnyCaller) -> SeatOut:
    """The caller's subject."""
    return SeatOut(name=who.subject, seats=len(who.roles))


@router.get("/backstage")
async def backstage(_: StaffCaller) -> SeatOut:
    """For staff."""
    return SeatOut(name="backstage", seats=0)


@router.put("/internal/seats")
async def internal(who: ServiceCaller) -> SeatOut:
    """Between services."""
    return SeatOut(name=who.subject, seats=0)


@router.get("/bug")
async def bug() -> SeatOut:
    """Always fails."""
    raise RuntimeError("a secret detail")


@pytest.fixture
async def tickets(apps: RunningApps, identities: Identities) -> httpx2.AsyncClient:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield

    async def broken(_: FastAPI) -> str:
        raise ConnectionRefusedError

    settings = ServiceSettings(**identities.settings_for("cart"))  # type: ignore[arg-type]  # plain keywords
    app = build_app(
        service="cart",
        title="Tickets",
        summary="A toy",
        description="A toy",
        settings=settings,
        lifespan=lifespan,
        routers=[router],
        checks={"database": broken},
    )
    return await apps.start(app)


SEAT = {"name": "A", "seats": 2}


async def test_good_input_is_answered(tickets: httpx2.AsyncClient) -> None:
    answer = await tickets.post("/seats", json=SEAT)
    assert (answer.status_code, answer.json()) == (201, SEAT)
    assert len(answer.headers["x-request-id"]) >= 8


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param(b"{", 400, "malformed_request", id="not json"),
        pytest.param(b'{"name":"A","name":"B","seats":1}', 400, "malformed_request", id="same key twice"),
        pytest.param(b'{"name":"A","seats":NaN}', 400, "malformed_request", id="NaN"),
        pytest.param(b'{"name":"A","seats":1e999}', 422, "invalid", id="infinite"),
        pytest.param(
            b'{"name":"A","seats":' + b"9" * 5000 + b"}", 400, "malformed_request", id="5,000 digits"
        ),
        pytest.param(b"[" * 100_000, 400, "malformed_request", id="nested"),
        pytest.param(b'\xff{"name":"A"}', 400, "malformed_request", id="not utf-8"),
        pytest.param(b"", 422, "invalid", id="empty"),
        pytest.param(b"[]", 422, "invalid", id="a list"),
        pytest.param(b'{"name":"\\ud800","seats":1}', 422, "invalid", id="lone surrogate"),
        pytest.param(b'{"name":"a\\u0000","seats":1}', 422, "invalid", id="NUL"),
        pytest.param(b'{"name":"A","seats":"1"}', 422, "invalid", id="text for a number"),
        pytest.param(b'{"name":"A","seats":true}', 422, "invalid", id="true for a number"),
        pytest.param(b'{"name":"A","seats":1.0}', 422, "invalid", id="float for a number"),
        pytest.param(b'{"name":"A","seats":0}', 422, "invalid", id="zero"),
        pytest.param(b'{"name":"A","seats":-1}', 422, "invalid", id="negative"),
        pytest.param(b'{"name":"A","seats":99999999999999999999}', 422, "invalid", id="beyond bigint"),
        pytest.param(
            b'{"name":"A","seats":1,"price":{"amount":1,"currency":"XXQ"}}', 422, "invalid", id="currency"
        ),
        pytest.param(b'{"name":"A","seats":1,"is_staff":true}', 422, "invalid", id="unknown field"),
        pytest.param(b'{"name":"A","seats":1,"\\ud800":1}', 422, "invalid", id="surrogate in a key"),
        pytest.param(b'{"name":"A","seats":1,"event_id":"x"}', 422, "invalid", id="bad uuid"),
        pytest.param(b'{"name":"' + b"x" * 300_000 + b'","seats":1}', 413, "too_large", id="300 kB"),
    ],
)
async def test_bad_bodies_are_problems(
    tickets: httpx2.AsyncClient, body: bytes, status: int, code: str
) -> None:
    answer = await tickets.post("/seats", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["instance"] == "/seats"
    assert problem["request_id"] == answer.headers["x-request-id"]


async def test_wrong_fields_are_named_and_input_is_not_repeated(tickets: httpx2.AsyncClient) -> None:
    answer = await tickets.post("/seats", json={"name": "A", "seats": "many-secret", "evil-key": 1})
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/seats", "/(unknown field)"}
    assert "secret" not in answer.text
    assert "evil" not in answer.text


async def test_chunked_body_over_the_limit_is_413(tickets: httpx2.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 10_000

    answer = await tickets.post("/seats", content=chunks(), headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("headers", [{"content-type": "text/plain"}, {"content-type": "application/x-www-form-urlencoded"},
                                     {"content-type": "application/json", "content-encoding": "gzip"}])  # fmt: skip
async def test_other_media_types_are_415(tickets: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    answer = await tickets.post("/seats", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_unknown_path_method_and_query_are_problems(tickets: httpx2.AsyncClient) -> None:
    missing = await tickets.get("/nothing")
    wrong_method = await tickets.delete("/seats")
    wrong_query = await tickets.get("/seats?colour=red")
    assert [a.status_code for a in (missing, wrong_method, wrong_query)] == [404, 405, 422]
    assert "GET" in wrong_method.headers["allow"]
    assert wrong_query.json()["errors"][0]["code"] == "unknown_query_key"
    assert {a.headers["content-type"] for a in (missing, wrong_method, wrong_query)} == {
        "application/problem+json"
    }


async def test_refusals_carry_their_own_members(tickets: httpx2.AsyncClient) -> None:
    answer = await tickets.post("/seats", json={"name": "taken", "seats": 1})
    assert (answer.status_code, answer.json()["code"], answer.json()["left"]) == (409, "taken", 0)


async def test_bugs_show_only_the_request_id(tickets: httpx2.AsyncClient) -> None:
    answer = await tickets.get("/bug", headers={"x-request-id": "my-own-id-1"})
    assert (answer.status_code, answer.json()["request_id"]) == (500, "my-own-id-1")
    assert "secret" not in answer.text


async def test_roles_are_told_apart(tickets: httpx2.AsyncClient, identities: Identities) -> None:
    customer = identities.customer_headers("cart", new_id())
    staff = identities.staff_headers("cart")
    orders = identities.service_headers("orders", "cart")
    statuses = {
        path: [
            (await tickets.request(method, path, headers=who)).status_code
            for who in ({}, customer, staff, orders)
        ]
        for method, path in (("GET", "/whoami"), ("GET", "/backstage"), ("PUT", "/internal/seats"))
    }
    assert statuses == {
        "/whoami": [200, 200, 200, 200],
        "/backstage": [401, 403, 200, 403],
        "/internal/seats": [401, 403, 403, 200],
    }


async def test_foreign_and_forged_tokens_are_refused(
    tickets: httpx2.AsyncClient, identities: Identities
) -> None:
    other_audience = identities.service_headers("orders", "products")
    pretender = identities.minter("orders").person_token(
        "cart", subject=new_id(), roles=["staff"], email="", lifetime=60
    )
    expired = identities.minter("frontend").person_token(
        "cart", subject=new_id(), roles=["staff"], email="", lifetime=-60
    )
    good = identities.staff_headers("cart")["authorization"]
    for header in (
        other_audience["authorization"],
        f"Bearer {pretender}",
        f"Bearer {expired}",
        good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB"),
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "Bearer x",
        "Basic YTpi",
    ):
        answer = await tickets.get("/whoami", headers={"authorization": header})
        assert answer.status_code == 401, header[:20]
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_readiness_names_what_is_missing(tickets: httpx2.AsyncClient) -> None:
    ready = await tickets.get("/readyz")
    assert ready.status_code == 503
    assert ready.json() == {"status": "not ready", "checks": {"database": "ConnectionRefusedError"}}
    assert (await tickets.get("/healthz")).status_code == 200


async def test_metrics_count_by_route(tickets: httpx2.AsyncClient) -> None:
    await tickets.post("/seats", json=SEAT)
    text = (await tickets.get("/metrics")).text
    assert 'http_requests_total{method="POST",route="/seats",service="cart",status="201"}' in text


async def test_documentation_needs_nobody_elses_server(tickets: httpx2.AsyncClient) -> None:
    page = await tickets.get("/docs")
    assert page.status_code == 200
    assert "http" not in page.text.replace("http-equiv", "")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for file in (
        "/docs/start.js",
        "/docs/files/swagger-ui-bundle.js",
        "/docs/files/swagger-ui-standalone-preset.js",
        "/docs/files/swagger-ui.css",
    ):
        assert (await tickets.get(file)).status_code == 200


async def test_openapi_names_every_error(tickets: httpx2.AsyncClient) -> None:
    document = (await tickets.get("/openapi.json")).json()
    said = document["paths"]["/seats"]["post"]["responses"]
    assert set(said) == {"201", "400", "409", "413", "415", "422", "503"}
    assert {media for status in said if status != "201" for media in said[status]["content"]} == {
        "application/problem+json"
    }
    assert "401" in document["paths"]["/whoami"]["get"]["responses"]
    assert "HTTPValidationError" not in str(document)
    token_url = document["components"]["securitySchemes"]["account"]["flows"]["password"]["tokenUrl"]
    assert token_url == "http://localhost:8000/auth/token?audience=cart"
