"""Whatever is sent to any operation of any service: a documented problem+json, never a 500, and nothing changed."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx2
import pytest

from chassis.ids import new_id
from tests.support.asgi import RunningApps
from tests.support.identities import Identities
from tests.support.postgres import Databases

SERVICES = ("products", "cart", "orders", "payments")
CALLERS = {"products": "orders", "cart": "orders", "orders": "payments", "payments": "orders"}

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "not json": b"{",
    "not utf-8": b'{"a":"\xff"}',
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "an empty object": b"{}",
    "unknown fields": b'{"is_staff": true, "price": 1, "status": "paid"}',
    "the same key twice": b'{"a":1,"a":2}',
    "NaN": b'{"quantity": NaN}',
    "a lone surrogate": b'{"name": "\\ud800", "sku": "\\ud800", "reason": "\\ud800", "email": "\\ud800"}',
    "NUL": b'{"name": "\\u0000", "sku": "a\\u0000", "reason": "\\u0000", "email": "a\\u0000@b.example"}',
    "a huge integer": b'{"quantity": 99999999999999999999, "delta": 99999999999999999999}',
    "5,000 digits": b'{"quantity": ' + b"9" * 5000 + b"}",
    "a negative quantity": b'{"sku": "A", "quantity": -1, "lines": [{"sku": "A", "quantity": -1}], "country": "DE"}',
    "zero": b'{"sku": "A", "quantity": 0, "lines": [{"sku": "A", "quantity": 0}], "country": "DE"}',
    "no lines": b'{"lines": [], "country": "DE"}',
    "text for a number": b'{"sku": "A", "quantity": "1"}',
    "true for a number": b'{"sku": "A", "quantity": true}',
    "bottomless nesting": b"[" * 60_000,
    "300 kB": b'{"name": "' + b"x" * 300_000 + b'"}',
}
TEXTS = [
    "",
    "\x00",
    "\ufeff",
    "x" * 3000,
    "-1",
    "0",
    "99999999999999999999",
    "NaN",
    "1e999",
    "'; DROP TABLE x; --",
    "../../etc",
    "🙂",
]
RAW = ["%ff", "%00", "%ed%a0%80"]
PATHS = [
    "not-a-uuid",
    "%00",
    "%ff",
    "..%2f..",
    "x" * 2000,
    "00000000-0000-0000-0000-000000000000",
    "%F0%9F%99%82",
]


class Service:
    """A service's application on its own database, and the operations that its documentation names."""

    def __init__(
        self, name: str, client: httpx2.AsyncClient, document: dict[str, Any], identities: Identities
    ) -> None:
        self.name = name
        self.client = client
        self.document = document
        self._staff = identities.staff_headers(name)
        self._service = identities.service_headers(CALLERS[name], name)

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                yield method.upper(), path, operation

    def identity(self, path: str) -> dict[str, str]:
        return self._service if path.startswith("/internal") else self._staff

    async def send(self, method: str, path: str, operation: dict[str, Any], **request: Any) -> str:
        """An empty text when the answer is as documented, else what is wrong with it."""
        named = {**self.identity(path), "if-match": "*", **request.pop("headers", {})}
        headers = [(name.encode(), value.encode("latin-1")) for name, value in named.items()]
        url = self.client.base_url.join(request.pop("url", _filled(path)))
        answer = await self.client.send(httpx2.Request(method, url, headers=headers, **request))
        if answer.status_code >= 500 and answer.status_code != 503:
            return f"answered {answer.status_code}"
        if str(answer.status_code) not in operation["responses"] and answer.status_code not in (404, 405):
            return f"answered {answer.status_code}, which is not documented"
        if answer.status_code >= 400 and answer.headers.get("content-type") != "application/problem+json":
            return f"answered {answer.status_code} as {answer.headers.get('content-type')}"
        return ""


def _filled(path: str, value: str = "") -> str:
    return "/".join((value or str(new_id())) if part.startswith("{") else part for part in path.split("/"))


@pytest.fixture(params=SERVICES)
async def service(
    request: pytest.FixtureRequest, apps: RunningApps, databases: Databases, identities: Identities
) -> Service:
    name: str = request.param
    dsn = databases.create(name).app
    settings = import_module(f"{name}.settings").Settings(
        **identities.settings_for(name, dsn, log_level="error")
    )
    app = import_module(f"{name}.main").create_app(settings)
    return Service(name, await apps.start(app), app.openapi(), identities)


async def test_any_body(service: Service) -> None:
    wrong = []
    for method, path, operation in service.operations():
        if "requestBody" not in operation or path.startswith("/webhooks"):
            continue
        for kind, body in BODIES.items():
            said = await service.send(
                method, path, operation, content=body, headers={"content-type": "application/json"}
            )
            if said:
                wrong.append(f"{method} {path} with {kind}: {said}")
    assert wrong == []


async def test_other_media_types(service: Service) -> None:
    wrong = []
    for method, path, operation in service.operations():
        if "requestBody" not in operation or path.startswith("/webhooks"):
            continue
        for media in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/xml",
        ):
            answer = await service.client.request(
                method,
                _filled(path),
                headers={**service.identity(path), "content-type": media, "if-match": "*"},
                content=b"{}",
            )
            if answer.status_code != 415:
                wrong.append(f"{method} {path} as {media}: {answer.status_code}")
    assert wrong == []


async def test_any_query(service: Service) -> None:
    wrong = []
    for method, path, operation in service.operations():
        names = [
            parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"
        ]
        for name in [*names, "unknown"]:
            for value in [*map(quote, TEXTS), *RAW]:
                url = f"{_filled(path)}?{name}={value}"
                content = b"{}" if "requestBody" in operation else b""
                headers = {"content-type": "application/json"} if content else {}
                if said := await service.send(
                    method, path, operation, url=url, content=content, headers=headers
                ):
                    wrong.append(f"{method} {url[:80]}: {said}")
    assert wrong == []


async def test_any_path(service: Service) -> None:
    wrong = []
    for method, path, operation in service.operations():
        if "{" not in path:
            continue
        for value in PATHS:
            headers = {"content-type": "application/json"}
            url = _filled(path, value)
            if said := await service.send(method, path, operation, url=url, content=b"{}", headers=headers):
                wrong.append(f"{method} {url[:80]}: {said}")
    assert wrong == []


async def test_any_header(service: Service) -> None:
    wrong = []
    headers = {
        "idempotency-key": ["", "x" * 256, "a b", "\u00e9"],
        "if-match": ["", '"x"', "3", '"' + "9" * 40 + '"', 'W/"1"'],
        "if-none-match": ["", "*", "x" * 900],
        "accept-language": ["", "xx;q=9", "x" * 900, "\u00ff"],
        "x-cart-token": ["", "x", "x" * 4000],
        "x-order-token": ["", "x", "x" * 4000],
        "x-request-id": ["", "x" * 4000, "\u00ff"],
        "authorization": ["", "Bearer", "Bearer ", "Bearer x.y.z", "Basic x", "Bearer " + "x" * 6000],
    }
    for method, path, operation in service.operations():
        for name, values in headers.items():
            for value in values:
                content = b"{}" if "requestBody" in operation else b""
                sent = {name: value}
                if content:
                    sent["content-type"] = "application/json"
                if said := await service.send(method, path, operation, content=content, headers=sent):
                    if "401" in said and name == "authorization":
                        continue
                    wrong.append(f"{method} {path} with {name}={value[:20]!r}: {said}")
    assert wrong == []


async def test_nothing_was_written(service: Service, databases: Databases) -> None:
    """Every refused body together leaves every table as it was."""
    before = await _rows(databases)
    for method, path, operation in service.operations():
        if "requestBody" not in operation or path.startswith(("/webhooks", "/internal")):
            continue
        for body in BODIES.values():
            await service.send(
                method, path, operation, content=body, headers={"content-type": "application/json"}
            )
    assert await _rows(databases) == before


async def _rows(databases: Databases) -> dict[str, int]:
    """Table → number of rows, in the database of this test."""
    connection = await asyncpg.connect(databases.admin_dsn())
    try:
        names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {
            row["tablename"]: await connection.fetchval(f'SELECT count(*) FROM "{row["tablename"]}"')  # noqa: S608  # names from the catalogue
            for row in names
        }
    finally:
        await connection.close()
