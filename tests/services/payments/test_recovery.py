"""A worker that died, froze or met a dead database: what it left is finished by another."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4, uuid5

import pytest

from payments import loops
from payments.attempts import finishing, queries
from tests.services.payments.conftest import Shop


async def leave_opening(shop: Shop) -> tuple[str, str]:
    """The row is written and leased; its writer died before it asked the provider."""
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    shop.provider.fail("open", "lost before")
    await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    await shop.db.execute("UPDATE payment_operations SET status = 'pending'")
    await shop.db.execute(
        "UPDATE payments SET next_at = now() + interval '30 s', lease_token = gen_random_uuid()"
    )
    return str(payment_id), "requires_action"


async def leave_capture(shop: Shop) -> tuple[str, str]:
    """The provider has captured; we died before we wrote it down."""
    payment_id = await shop.authorized()
    payment = await queries.payment(shop.desk.db, payment_id)
    assert payment is not None
    await queries.begin_operation(
        shop.desk.db,
        payment,
        kind="capture",
        key=f"pay:{payment_id}:capture",
        only_if_unpaid=False,
        reason="",
        lease=30,
    )
    shop.provider.take(payment_id)
    return str(payment_id), "captured"


async def leave_void(shop: Shop) -> tuple[str, str]:
    """The wish to void is written; its writer died before it asked the provider."""
    payment_id = await shop.open()
    payment = await queries.payment(shop.desk.db, payment_id)
    assert payment is not None
    await queries.begin_operation(
        shop.desk.db,
        payment,
        kind="void",
        key=f"pay:{payment_id}:void",
        only_if_unpaid=False,
        reason="x",
        lease=30,
    )
    return str(payment_id), "voided"


@pytest.mark.parametrize("leave", [leave_opening, leave_capture, leave_void])
async def test_what_a_dead_worker_left_is_finished_after_its_lease(
    shop: Shop, leave: Callable[[Shop], Awaitable[tuple[str, str]]]
) -> None:
    payment_id, status = await leave(shop)
    assert await shop.work() == 0, "the lease still holds"
    await shop.let_time_pass()
    await shop.work()
    row = await shop.db.fetchrow("SELECT status, attempts FROM payments WHERE id = $1", payment_id)
    assert row is not None
    assert (row["status"], row["attempts"]) == (status, 0)
    await shop.assert_books_agree()


async def test_the_running_loops_do_the_same(shop: Shop) -> None:
    payment_id, _ = await leave_capture(shop)
    shop.orders.status = 503
    await shop.let_time_pass()
    async with loops.running(shop.desk, poll_seconds=0.02):
        await _until(shop, "SELECT bool_and(status = 'captured') FROM payments")
        shop.orders.status = 204
        await shop.db.execute("UPDATE news SET next_at = now()")
        await _until(shop, "SELECT bool_and(done_at IS NOT NULL) FROM news")
    assert shop.orders.heard == [("payment.captured", payment_id)]


async def test_a_worker_that_was_frozen_past_its_lease_puts_nothing_off(shop: Shop) -> None:
    payment_id = await shop.open()
    await shop.let_time_pass()
    (frozen,) = await queries.claim(shop.desk.db, 10, lease=30)
    await shop.let_time_pass()
    (second,) = await queries.claim(shop.desk.db, 10, lease=30)
    assert (frozen[0], second[0], second[2]) == (payment_id, payment_id, 2)
    before = await shop.row(payment_id)
    await queries.put_off(shop.desk.db, payment_id, lease_token=frozen[1], next_in=0, settled=True)
    assert await shop.row(payment_id) == before
    await finishing.finish(shop.desk, second)
    assert (await shop.row(payment_id))["attempts"] == 0


async def test_attempts_are_counted_even_when_the_worker_dies(shop: Shop) -> None:
    payment_id = await shop.open()
    for expected in (1, 2, 3):
        await shop.let_time_pass()
        ((_, _, attempts),) = await queries.claim(shop.desk.db, 10, lease=30)
        assert attempts == expected
    assert (await shop.row(payment_id))["attempts"] == 3


async def test_two_workers_never_hold_the_same_row(shop: Shop) -> None:
    for _ in range(6):
        await shop.open()
    await shop.let_time_pass()
    claims = await asyncio.gather(*(queries.claim(shop.desk.db, 2, lease=30) for _ in range(5)))
    taken = [lease[0] for each in claims for lease in each]
    assert len(taken) == len(set(taken)) == 6


async def test_open_payments_are_polled_on_schedule_and_settled_ones_never(shop: Shop) -> None:
    payment_id = await shop.open()
    for age, wait in ((10, 50), (70, 230), (400, 1400), (1830, 35), (2000, 1600), (7300, 3500)):
        await shop.db.execute(
            "UPDATE payments SET created_at = now() - make_interval(secs => $1), next_at = now(),"
            " session_expires_at = now() - make_interval(secs => $1) + make_interval(secs => 1860)",
            float(age),
        )
        await shop.work()
        due = await shop.db.fetchval("SELECT extract(epoch FROM next_at - now())::float8 FROM payments")
        assert wait - 3 <= due <= wait + 3, age
    shop.provider.expire(payment_id)
    await shop.let_time_pass()
    await shop.work()
    assert (await shop.row(payment_id))["next_at"] is None


async def test_the_sweep_forgets_what_is_old(shop: Shop) -> None:
    payment_id = await shop.open()
    shop.provider.pay(payment_id)
    await shop.webhook(payment_id=payment_id, stage="authorized")
    await shop.settled()
    await loops.sweep(shop.desk)
    assert await shop.db.fetchval("SELECT count(*) FROM provider_events") == 1
    await shop.db.execute("UPDATE provider_events SET received_at = now() - interval '91 days'")
    await shop.db.execute("UPDATE news SET done_at = now() - interval '91 days'")
    await loops.sweep(shop.desk)
    assert await shop.db.fetchval("SELECT count(*) FROM provider_events") == 0
    assert await shop.db.fetchval("SELECT count(*) FROM news") == 0


async def _until(shop: Shop, question: str) -> None:
    async with asyncio.timeout(10):
        while not await shop.db.fetchval(question):
            await asyncio.sleep(0.02)
