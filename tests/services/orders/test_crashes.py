"""The process dies before or after any commit or send: another finishes, and everything happened once."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any
from uuid import UUID

import httpx2
import pytest

from chassis.database import Database
from tests.services.orders.conftest import MakeWorld
from tests.services.orders.world import World

MOST_BOUNDARIES = 80


class Crashed(Exception):
    """The process is gone: nothing after this point has happened in it."""


class Bomb:
    """Counts the boundaries that are crossed and goes off at one of them; then it is spent."""

    def __init__(self, at: int) -> None:
        self.left = at
        self.spent = False
        self.where = ""

    def cross(self, where: str) -> None:
        if self.spent:
            return
        if self.left == 0:
            self.spent, self.where = True, where
            raise Crashed(where)
        self.left -= 1


WRITES = ("INSERT", "UPDATE", "WITH")


def plant(world: World, bomb: Bomb) -> None:
    """Every write of the service's database and every request it sends passes the bomb, before and after."""
    db = world.shop.db

    def _around(name: str) -> None:
        original = getattr(db, name)

        async def _wrapped(statement: str, *arguments: Any) -> Any:
            writes = statement.strip().startswith(WRITES)
            if writes:
                bomb.cross(f"before {statement.strip()[:40]}")
            result = await original(statement, *arguments)
            if writes:
                bomb.cross(f"after {statement.strip()[:40]}")
            return result

        setattr(db, name, _wrapped)

    for name in ("fetchrow", "fetchval", "execute"):
        _around(name)
    begin = db.transaction

    class _Transaction:
        def __init__(self) -> None:
            self.inner = begin()

        async def __aenter__(self) -> Any:
            return await self.inner.__aenter__()

        async def __aexit__(
            self,
            kind: type[BaseException] | None,
            error: BaseException | None,
            trace: TracebackType | None,
        ) -> Any:
            if kind is None:
                try:
                    bomb.cross("before commit")
                except Crashed as crash:
                    await self.inner.__aexit__(Crashed, crash, None)
                    raise
            done = await self.inner.__aexit__(kind, error, trace)
            if kind is None:
                bomb.cross("after commit")
            return done

    db.transaction = _Transaction  # type: ignore[method-assign,assignment]  # the same shape, with a bomb in it
    for service in world.beside.values():
        service.before = lambda method, path: bomb.cross(f"before {method} {path}")
        service.after = lambda method, path: bomb.cross(f"after {method} {path}")


def defuse(world: World) -> None:
    for name in ("fetchrow", "fetchval", "execute", "transaction"):
        vars(world.shop.db).pop(name, None)
    for service in world.beside.values():
        service.before = service.after = lambda _method, _path: None


Scenario = Callable[[World, str], Awaitable[None]]
KEY = {"idempotency-key": "the-only-click"}


async def _click(world: World, cart_id: str) -> str | None:
    """The shopper presses the button until there is an answer that is one; the order's id."""
    for _ in range(3):
        answer: httpx2.Response = await world.order(cart_id, coupon="ONCE", headers=KEY)
        await world.settle()
        if answer.status_code < 500:
            break
    rows = await world.sql("SELECT id FROM orders WHERE cart_id = $1", UUID(cart_id))
    assert len(rows) == 1, answer.text
    return str(rows[0]["id"])


async def buy(world: World, cart_id: str) -> None:
    order_id = await _click(world, cart_id)
    assert order_id is not None
    world.payments.pay(order_id)
    for _ in range(2):
        if (await world.tell(order_id)).status_code == 204:
            break
    await world.settle()
    await world.tell(order_id)
    await world.settle()


async def cancel_paid(world: World, cart_id: str) -> None:
    await buy(world, cart_id)
    await _cancel(world, cart_id)


async def cancel_unpaid(world: World, cart_id: str) -> None:
    await _click(world, cart_id)
    await _cancel(world, cart_id)


async def _cancel(world: World, cart_id: str) -> None:
    order_id = str(await world.one("SELECT id FROM orders WHERE cart_id = $1", UUID(cart_id)))
    for _ in range(2):
        if (await world.cancel(order_id)).status_code < 500:
            break
    await world.settle()


async def expire(world: World, cart_id: str) -> None:
    order_id = await _click(world, cart_id)
    assert order_id is not None
    await world.pass_deadline(order_id)
    await world.settle()


async def pay_late(world: World, cart_id: str) -> None:
    order_id = await _click(world, cart_id)
    assert order_id is not None
    world.payments.pay(order_id)
    await world.pass_deadline(order_id)
    await world.settle()


EXPECTED: dict[Scenario, str] = {
    buy: "confirmed",
    pay_late: "confirmed",
    cancel_paid: "canceled",
    cancel_unpaid: "canceled",
    expire: "expired",
}


async def _once(world: World, scenario: Scenario, bomb: Bomb) -> None:
    """The scenario with a crash in it ends as the one without, and every effect is there once."""
    world.products.stock = dict.fromkeys(world.products.stock, 10)
    await world.sql("DELETE FROM idempotency_keys")
    await world.sql("UPDATE coupons SET used = 0")
    await world.sql("UPDATE coupon_redemptions SET state = 'returned'")
    await world.sql("DELETE FROM pgqueuer")
    cart_id = world.fill(MUG=2)
    plant(world, bomb)
    await scenario(world, cart_id)
    defuse(world)
    await world.settle()

    (row,) = await world.sql("SELECT * FROM orders WHERE cart_id = $1", UUID(cart_id))
    order_id, where = str(row["id"]), bomb.where
    assert row["status"] == EXPECTED[scenario], where
    assert row["next_at"] is None, where
    assert row["lease_token"] is None, where
    sold = row["status"] == "confirmed"
    assert world.products.left("MUG") == (8 if sold else 10), where
    assert world.payments.net(order_id) == (row["total_amount"] if sold else 0), where
    assert sum(each["captured"] for each in world.payments.of(order_id)) in (0, row["total_amount"]), where
    assert len(world.payments.of(order_id)) <= 1, where
    assert await world.one("SELECT used FROM coupons") == (1 if sold else 0), where
    was_confirmed = row["confirmed_at"] is not None
    jobs = await world.one("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'mail'")
    assert jobs == (1 if was_confirmed else 0), where
    events = [
        each["event"]
        for each in await world.sql(
            "SELECT event FROM order_events WHERE order_id = $1 ORDER BY id", row["id"]
        )
    ]
    for event in ("order.placed", "order.confirmed", "payment.captured", "order.canceled", "order.expired"):
        assert events.count(event) <= 1, (where, events)
    if sold:
        assert row["payment_status"] == "paid", where
        assert world.cart.carts[cart_id]["items"] == [], where


@pytest.mark.parametrize("scenario", EXPECTED, ids=lambda each: each.__name__)
async def test_a_crash_at_every_boundary(make_world: MakeWorld, scenario: Scenario) -> None:
    world = await make_world(inline_seconds=2)
    await world.sql(
        "INSERT INTO coupons (code, kind, percent, total_limit) VALUES ('ONCE', 'percent', 10, 1)"
    )
    for boundary in range(MOST_BOUNDARIES):
        bomb = Bomb(boundary)
        await _once(world, scenario, bomb)
        if not bomb.spent:
            assert boundary > 15, "the bomb must have been where the work is"
            return
    raise AssertionError("more boundaries than expected")


async def test_lost_replies_of_everybody(world: World) -> None:
    """Each answer gets lost three times: done, but unheard."""
    world.payments.lose_replies = 3
    answer = await world.order()
    assert answer.status_code == 202
    await world.settle()
    order_id = answer.json()["id"]
    world.payments.pay(order_id)
    for service in world.beside.values():
        service.lose_replies = 3
    await world.tell(order_id)
    await world.settle()
    done = await world.look(order_id)
    assert (done["status"], done["payment_status"]) == ("confirmed", "paid")
    assert world.products.left("MUG") == 8
    assert len(world.payments.of(order_id)) == 1


def test_the_database_class_still_has_what_the_bomb_wraps() -> None:
    assert all(
        callable(getattr(Database, name)) for name in ("fetchrow", "fetchval", "execute", "transaction")
    )
