"""The levers, restarts, settings and bad input."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chassis.settings import UnsafeSettings
from sandbox.main import create_app
from sandbox.settings import Settings
from tests.services.sandbox.running import RunningSandbox

Make = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """One sandbox for all requests that must change nothing."""
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox") / "sandbox.sqlite3")
    running.start()
    yield running
    running.close()


async def test_a_restart_forgets_nothing(psp: Any, sandbox: RunningSandbox, make_session: Make) -> None:
    session = await psp.checkout.sessions.create_async(params=make_session())
    sandbox.pay(session)
    open_session = await psp.checkout.sessions.create_async(params=make_session())
    sandbox.advance(600)
    before = sandbox.ledger()
    sandbox.restart()
    after = sandbox.ledger()
    assert {**after, "now": 0} == {**before, "now": 0}
    assert after["now"] >= before["now"]
    assert sandbox.pay(open_session).status_code == 303


async def test_the_ledger_joins_sessions_intents_and_refunds(
    psp: Any, sandbox: RunningSandbox, make_session: Make
) -> None:
    session = await psp.checkout.sessions.create_async(params=make_session())
    sandbox.pay(session)
    intent = (await psp.checkout.sessions.retrieve_async(session.id)).payment_intent
    await psp.payment_intents.capture_async(intent)
    await psp.refunds.create_async(
        params={"payment_intent": intent, "amount": 400, "metadata": {"refund_id": "r-1"}}
    )
    ledger = sandbox.ledger()
    assert [(entry["payment_intent"], entry["client_reference_id"]) for entry in ledger["sessions"]] == [
        (intent, "order-1")
    ]
    (entry,) = ledger["intents"]
    assert (entry["id"], entry["status"], entry["session"]) == (intent, "succeeded", session.id)
    assert (entry["amount"], entry["amount_received"], entry["amount_refunded"]) == (5400, 5400, 400)
    assert entry["metadata"] == {"payment_id": "p-1"}
    (refund,) = ledger["refunds"]
    assert (refund["payment_intent"], refund["amount"], refund["metadata"]) == (
        intent,
        400,
        {"refund_id": "r-1"},
    )


def test_the_clock_moves_and_can_be_put_back(sandbox: RunningSandbox) -> None:
    start = sandbox.levers.get("/clock").json()
    assert start["offset_seconds"] == 0
    moved = sandbox.levers.post("/clock/advance", json={"seconds": 3600}).json()
    assert moved["offset_seconds"] == 3600
    assert 3600 <= moved["now"] - start["now"] <= 3610
    assert sandbox.levers.put("/clock", json={"offset_seconds": 0}).json()["offset_seconds"] == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/clock"),
        ("PUT", "/clock"),
        ("POST", "/clock/advance"),
        ("GET", "/deliveries"),
        ("GET", "/ledger"),
        ("POST", "/events/evt_x/redeliver"),
    ],
)
def test_levers_need_the_key(sandbox: RunningSandbox, method: str, path: str) -> None:
    body = {"seconds": 5, "offset_seconds": 5}
    refused = sandbox.http.request(method, f"/sandbox{path}", json=body if method != "GET" else None)
    assert refused.status_code == 401
    assert sandbox.levers.get("/clock").json()["offset_seconds"] == 0


@pytest.mark.parametrize("seconds", [0, -1, 10**10, 1.5, "5", None, 10**30], ids=str)
def test_the_clock_refuses_what_is_not_a_step_forward(sandbox: RunningSandbox, seconds: object) -> None:
    assert sandbox.levers.post("/clock/advance", json={"seconds": seconds}).status_code == 422
    assert sandbox.levers.get("/clock").json()["offset_seconds"] == 0


@pytest.mark.parametrize(
    "body",
    [
        b"amount=1%00&currency=eur",
        b"amount=%ED%A0%80&currency=eur",
        b"amount=%ff&currency=eur",
        b"amount[[=1",
        b"amount[a=1",
        b"amount=1&amount[x]=2",
        b"amount[x]=2&amount=1",
        b"a[b][c][d][e][f][g][h][i][j][k]=1",
        b"amount=99999999999999999999999999&currency=eur",
        b"amount=NaN&currency=eur",
        b"amount=-5&currency=eur",
        b"amount=100&currency=eur&metadata=x",
        b"amount=100&currency=eur&metadata[a][b]=x",
        b"amount=100&currency=eur&expand=x",
        b"amount=100&currency=euro",
        b"=x",
        b"&".join(b"metadata[k%d]=v" % number for number in range(600)),
        b"x" * 70_000,
        "amount=1€".encode(),
    ],
    ids=lambda body: body[:24].decode("latin-1"),
)
def test_bad_forms_are_refused_in_stripes_format_and_change_nothing(
    untouched: RunningSandbox, body: bytes
) -> None:
    headers = {**untouched.levers.headers, "Content-Type": "application/x-www-form-urlencoded"}
    refused = untouched.http.post("/v1/payment_intents", content=body, headers=headers)
    assert refused.status_code == 400
    assert refused.json()["error"]["type"] == "invalid_request_error"
    assert untouched.ledger()["intents"] == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/payment_intents?limit=0", 400),
        ("GET", "/v1/payment_intents?limit=1e3", 400),
        ("GET", "/v1/payment_intents?starting_after=pi_none", 400),
        ("GET", "/v1/payment_intents?created[gte]=99999999999999999999", 400),
        ("GET", "/v1/payment_intents/%00", 404),
        ("GET", "/v1/payment_intents/%ED%A0%80", 404),
        ("GET", "/v1/nothing", 404),
        ("DELETE", "/v1/payment_intents", 404),
        ("PUT", "/v1/refunds/re_x", 404),
    ],
)
def test_wrong_addresses_and_queries_are_refused_in_stripes_format(
    untouched: RunningSandbox, method: str, path: str, status: int
) -> None:
    refused = untouched.http.request(method, path, headers=untouched.levers.headers)
    assert refused.status_code == status
    assert refused.json()["error"]["type"] == "invalid_request_error"


def test_json_is_not_a_form(sandbox: RunningSandbox) -> None:
    refused = sandbox.http.post(
        "/v1/payment_intents", json={"amount": 100}, headers={**sandbox.levers.headers}
    )
    assert refused.status_code == 400
    assert "content type" in refused.json()["error"]["message"]


def test_health_and_documentation(sandbox: RunningSandbox) -> None:
    assert sandbox.http.get("/readyz").json() == {"status": "ok", "checks": {"store": "ok"}}
    assert sandbox.http.get("/", follow_redirects=True).url.path == "/docs"
    assert set(sandbox.http.get("/openapi.json").json()["paths"]) == {
        "/sandbox/clock",
        "/sandbox/clock/advance",
        "/sandbox/deliveries",
        "/sandbox/events/{event_id}/redeliver",
        "/sandbox/ledger",
    }


def test_production_never_has_a_sandbox() -> None:
    with pytest.raises(UnsafeSettings, match="never runs in production"):
        create_app(Settings(environment="production", public_origin="https://pay.example"))


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_WEBHOOK_EVENTS", "refund.created,charge.refunded")
    monkeypatch.setenv("SANDBOX_MINIMUM_SESSION_SECONDS", "2")
    settings = Settings.load()
    assert settings.webhook_events == {"refund.created", "charge.refunded"}
    assert (settings.minimum_session_seconds, settings.port) == (2, 8005)
