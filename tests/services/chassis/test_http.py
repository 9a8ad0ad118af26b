"""The client of another service: repeats only what is safe, says what is unknown, stops asking the dead."""

from collections.abc import Callable

import httpx2
import pytest
from pydantic import BaseModel

from chassis.auth import TokenMinter
from chassis.http import FAILURES_TO_OPEN, AiohttpTransport, RemoteProblem, RemoteUnavailable, ServiceClient
from chassis.telemetry import request_id
from tests.support.identities import Identities


class Seat(BaseModel):
    row: int


Answering = Callable[[httpx2.Request], httpx2.Response]


class Other:
    """The other side: plays its script, one step a request; the last step repeats."""

    def __init__(self, *script: httpx2.Response | Exception) -> None:
        self.script = list(script)
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, Exception):
            raise step
        return step

    def client(self, minter: TokenMinter | None = None) -> ServiceClient:
        return ServiceClient("seats", "http://seats", minter=minter, transport=httpx2.MockTransport(self))


OK = httpx2.Response(200, json={"row": 7, "unknown": "ignored"})


async def test_answers_are_parsed_and_calls_carry_token_and_request_id(identities: Identities) -> None:
    other = Other(OK)
    mark = request_id.set("request-of-the-shopper")
    seat = await other.client(identities.minter("cart")).call("GET", "/seats/7", Seat, params={"of": "a b"})
    request_id.reset(mark)
    sent = other.requests[0]
    assert seat == Seat(row=7)
    assert str(sent.url) == "http://seats/seats/7?of=a+b" or str(sent.url) == "http://seats/seats/7?of=a%20b"
    assert sent.headers["authorization"].startswith("Bearer ey")
    assert sent.headers["x-request-id"] == "request-of-the-shopper"


async def test_a_given_token_replaces_ours(identities: Identities) -> None:
    other = Other(OK)
    client = other.client(identities.minter("cart"))
    await client.send("GET", "/", token="theirs")
    await client.send("GET", "/", token="")
    assert other.requests[0].headers["authorization"] == "Bearer theirs"
    assert "authorization" not in other.requests[1].headers


async def test_refusals_keep_their_code_and_members() -> None:
    other = Other(httpx2.Response(409, json={"code": "out_of_stock", "detail": "no", "shortages": [1]}))
    with pytest.raises(RemoteProblem) as raised:
        await other.client().call("PUT", "/", Seat)
    assert (raised.value.status, raised.value.code, raised.value.body["shortages"]) == (
        409,
        "out_of_stock",
        [1],
    )


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_broken_connection_is_tried_again_when_safe(method: str) -> None:
    other = Other(httpx2.ReadError("reset"), OK)
    assert (await other.client().send(method, "/")).status_code == 200
    assert len(other.requests) == 2


async def test_broken_connection_after_a_post_is_unknown_and_not_repeated() -> None:
    other = Other(httpx2.ReadError("reset"), OK)
    with pytest.raises(RemoteUnavailable) as raised:
        await other.client().send("POST", "/")
    assert raised.value.maybe_done
    assert len(other.requests) == 1


async def test_a_post_that_was_never_sent_is_repeated_and_then_certainly_undone() -> None:
    other = Other(httpx2.ConnectError("refused"))
    with pytest.raises(RemoteUnavailable) as raised:
        await other.client().send("POST", "/")
    assert not raised.value.maybe_done
    assert len(other.requests) == 2


@pytest.mark.parametrize("bad", [httpx2.Response(500), httpx2.Response(503), httpx2.Response(429), httpx2.Response(200, text="<html>")])  # fmt: skip
async def test_unusable_answers_are_unavailable_with_unknown_outcome(bad: httpx2.Response) -> None:
    with pytest.raises(RemoteUnavailable) as raised:
        await Other(bad).client().call("PUT", "/", Seat)
    assert raised.value.maybe_done


async def test_the_breaker_opens_and_an_answer_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 1000.0
    monkeypatch.setattr("chassis.http.time.monotonic", lambda: clock)
    other = Other(*[httpx2.ReadTimeout("slow")] * FAILURES_TO_OPEN, OK)
    client = other.client()
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(RemoteUnavailable):
            await client.send("GET", "/")
    with pytest.raises(RemoteUnavailable, match="not answering"):
        await client.send("GET", "/")
    assert len(other.requests) == FAILURES_TO_OPEN
    clock += 60
    assert (await client.send("GET", "/")).status_code == 200
    assert (await client.send("GET", "/")).status_code == 200


async def test_the_aiohttp_transport_tells_a_refused_connection(free_port: int) -> None:
    client = ServiceClient("seats", f"http://127.0.0.1:{free_port}", transport=AiohttpTransport())
    with pytest.raises(RemoteUnavailable) as raised:
        await client.send("POST", "/")
    assert not raised.value.maybe_done
    await client.aclose()
