"""Webhooks are hints: the provider is asked, facts move forward only, every event counts once."""

import itertools
import random
from uuid import uuid4, uuid5

import pytest

from tests.services.payments.conftest import Shop
from tests.services.payments.fake_provider import LOST_BEFORE


async def test_an_event_leads_to_the_fact_its_receipt_and_the_news_in_one(shop: Shop) -> None:
    payment_id = await shop.open()
    shop.provider.pay(payment_id)
    answer = await shop.webhook("evt_1", payment_id=payment_id, stage="authorized")
    assert (answer.status_code, answer.content) == (200, b"")
    row = await shop.row(payment_id)
    assert (row["status"], row["authorized_amount"], row["captured_amount"]) == ("authorized", 1999, 0)
    assert row["provider_payment_ref"] == f"pi_{payment_id}"
    assert await shop.operations(payment_id) == [("authorize", "succeeded")]
    event = await shop.db.fetchrow("SELECT provider, event_id, payment_id, settled FROM provider_events")
    assert event is not None
    assert tuple(event) == ("stripe", "evt_1", payment_id, True)
    await shop.settled()
    assert shop.orders.heard == [("payment.authorized", str(payment_id))]
    assert await shop.db.fetchval("SELECT count(*) FROM news WHERE done_at IS NULL") == 0


async def test_what_the_event_claims_is_not_believed(shop: Shop) -> None:
    payment_id = await shop.open()
    answer = await shop.webhook(payment_id=payment_id, stage="captured", amount=1999)
    assert answer.status_code == 200
    assert (await shop.row(payment_id))["status"] == "requires_action"
    assert await shop.db.fetchval("SELECT count(*) FROM provider_events WHERE settled") == 1


async def test_a_duplicate_asks_nobody_and_changes_nothing(shop: Shop) -> None:
    payment_id = await shop.open()
    shop.provider.pay(payment_id)
    await shop.webhook("evt_1", payment_id=payment_id, stage="authorized")
    await shop.settled()
    before = (await shop.row(payment_id), shop.provider.calls.copy(), shop.orders.heard.copy())
    for _ in range(5):
        answer = await shop.webhook("evt_1", payment_id=payment_id, stage="authorized")
        assert answer.status_code == 200
    await shop.settled()
    assert (await shop.row(payment_id), shop.provider.calls, shop.orders.heard) == before


async def test_an_event_that_says_what_is_known_asks_nobody(shop: Shop) -> None:
    payment_id = await shop.authorized()
    reads = shop.provider.calls.count("read")
    await shop.webhook(payment_id=payment_id, stage="authorized")
    await shop.webhook(payment_id=payment_id, stage="open")
    assert shop.provider.calls.count("read") == reads
    assert await shop.db.fetchval("SELECT count(*) FROM provider_events WHERE settled") == 2


async def test_late_and_reordered_events_change_nothing(shop: Shop) -> None:
    payment_id = await shop.captured()
    before = await shop.row(payment_id)
    for stage in ("open", "closed", "authorized", "captured", "processing", None):
        assert (await shop.webhook(payment_id=payment_id, stage=stage)).status_code == 200
    assert await shop.row(payment_id) == before
    assert await shop.balances() == {"provider_clearing": 1999, "orders_paid": -1999}


@pytest.mark.parametrize("order", list(itertools.permutations(["authorized", "captured", "open"])))
async def test_any_order_of_events_ends_the_same(shop: Shop, order: tuple[str, ...]) -> None:
    payment_id = await shop.open()
    shop.provider.pay(payment_id)
    shop.provider.take(payment_id)
    for stage in order:
        await shop.webhook(payment_id=payment_id, stage=stage)
    await shop.settled()
    assert (await shop.row(payment_id))["status"] == "captured"
    assert shop.orders.types() == ["payment.captured"]
    assert await shop.operations(payment_id) == [("authorize", "succeeded"), ("capture", "succeeded")]
    await shop.assert_books_agree()


async def test_a_provider_that_cannot_confirm_is_asked_later(shop: Shop) -> None:
    payment_id = await shop.open()
    shop.provider.pay(payment_id)
    shop.provider.fail("read", LOST_BEFORE)
    answer = await shop.webhook("evt_1", payment_id=payment_id, stage="authorized")
    assert answer.status_code == 200
    assert (await shop.row(payment_id))["status"] == "requires_action"
    assert await shop.db.fetchval("SELECT settled FROM provider_events") is False
    assert await shop.work() == 1, "the payment is due at once"
    assert (await shop.row(payment_id))["status"] == "authorized"
    assert shop.orders.heard == [("payment.authorized", str(payment_id))]
    assert await shop.db.fetchval("SELECT settled FROM provider_events") is True


async def test_an_event_before_we_know_the_session_is_matched_by_our_id(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    shop.provider.fail("open", "lost after")
    await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    shop.provider.pay(payment_id)
    page = shop.provider.account(payment_id).snapshot.refs.page
    answer = await shop.webhook(payment_id=payment_id, page=page, stage="authorized")
    assert answer.status_code == 200
    row = await shop.row(payment_id)
    assert (row["status"], row["provider_ref"]) == ("authorized", page)


async def test_an_event_without_our_id_is_matched_by_the_providers_names(shop: Shop) -> None:
    payment_id = await shop.authorized()
    shop.provider.take(payment_id)
    await shop.webhook(payment=f"pi_{payment_id}", stage="captured")
    assert (await shop.row(payment_id))["status"] == "captured"


@pytest.mark.parametrize("payment_id", [None, "not-an-id", "0199c0ff-ee00-7000-b000-00000000dead"])
async def test_an_event_of_no_payment_of_ours_is_kept(shop: Shop, payment_id: str | None) -> None:
    answer = await shop.webhook("evt_9", payment_id=payment_id, payment="pi_foreign", stage="captured")
    assert answer.status_code == 200
    kept = await shop.db.fetchrow("SELECT event_id, payment_id, settled FROM provider_events")
    assert kept is not None
    assert tuple(kept) == ("evt_9", None, True)
    assert shop.provider.calls == []


async def test_a_bad_signature_is_400_and_leaves_nothing(shop: Shop) -> None:
    payment_id = await shop.open()
    shop.provider.pay(payment_id)
    body = f'{{"id": "evt_1", "payment_id": "{payment_id}", "stage": "authorized"}}'
    for headers in ({"stripe-signature": "bad"}, {}):
        answer = await shop.client.post("/webhooks/stripe", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_signature")
    assert await shop.db.fetchval("SELECT count(*) FROM provider_events") == 0
    assert (await shop.row(payment_id))["status"] == "requires_action"


async def test_an_unknown_provider_is_404_and_a_large_body_413(shop: Shop) -> None:
    assert (await shop.client.post("/webhooks/other", content=b"{}")).status_code == 404
    answer = await shop.client.post("/webhooks/stripe", content=b"x" * (64 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_without_a_database_the_provider_must_come_again(shop: Shop) -> None:
    payment_id = await shop.open()
    shop.provider.pay(payment_id)
    await shop.desk.db.pool.close()
    answer = await shop.webhook(payment_id=payment_id, stage="authorized")
    assert answer.status_code == 503
    assert "retry-after" in answer.headers


async def test_a_declined_card_is_an_operation_and_the_payment_stays_open(shop: Shop) -> None:
    payment_id = await shop.open()
    shop.provider.decline(payment_id, "ch_1")
    for _ in range(2):
        await shop.webhook(payment_id=payment_id)
    shop.provider.decline(payment_id, "ch_2")
    await shop.webhook(payment_id=payment_id)
    assert (await shop.row(payment_id))["status"] == "requires_action"
    assert await shop.operations(payment_id) == [
        ("authorize", "pending"),
        ("authorize", "failed"),
        ("authorize", "failed"),
    ]
    shop.provider.pay(payment_id)
    await shop.webhook(payment_id=payment_id, stage="authorized")
    await shop.settled()
    assert await shop.operations(payment_id) == [
        ("authorize", "succeeded"),
        ("authorize", "failed"),
        ("authorize", "failed"),
    ]
    assert shop.orders.types() == ["payment.authorized"]


async def test_an_expired_session_fails_the_payment(shop: Shop) -> None:
    payment_id = await shop.open()
    shop.provider.expire(payment_id)
    await shop.webhook(payment_id=payment_id, stage="closed")
    await shop.settled()
    assert (await shop.row(payment_id))["status"] == "failed"
    assert shop.orders.types() == ["payment.failed"]


async def test_news_that_orders_does_not_take_are_sent_until_it_does(shop: Shop) -> None:
    shop.orders.status = 503
    payment_id = await shop.open()
    shop.provider.pay(payment_id)
    await shop.webhook(payment_id=payment_id, stage="authorized")
    await shop.settled()
    assert (shop.orders.sends, shop.orders.heard) == (1, [])
    shop.orders.status = 204
    await shop.let_time_pass()
    await shop.work()
    await shop.let_time_pass()
    await shop.work()
    assert (shop.orders.sends, shop.orders.heard) == (2, [("payment.authorized", str(payment_id))])


async def test_a_random_walk_leaves_balanced_books(shop: Shop) -> None:
    walk = random.Random(20261123)
    payments = [await shop.open() for _ in range(6)]
    for _ in range(120):
        payment_id = walk.choice(payments)
        account = shop.provider.account(payment_id)
        stage = str(account.snapshot.stage)
        if walk.random() < 0.2:
            shop.provider.fail(
                walk.choice(["read", "capture", "close", "refund", "refunds"]),
                walk.choice(["lost before", "lost after"]),
            )
        match walk.choice(["pay", "expire", "webhook", "sync", "capture", "void", "refund", "loop"]):
            case "pay" if stage == "open":
                shop.provider.pay(payment_id)
            case "expire" if stage == "open":
                shop.provider.expire(payment_id)
            case "webhook":
                await shop.webhook(
                    payment_id=payment_id,
                    stage=walk.choice(["open", "authorized", "captured", "closed", None]),
                )
            case "sync":
                await shop.sync(payment_id)
            case "capture":
                await shop.capture(payment_id)
            case "void":
                await shop.void(payment_id, only_if_unpaid=walk.random() < 0.5)
            case "refund":
                await shop.refund(uuid4(), payment_id, walk.choice([100, 700, 1999]))
            case "loop":
                await shop.let_time_pass()
                await shop.work()
    shop.provider.faults.clear()
    for _ in range(4):
        for payment_id in payments:
            await shop.sync(payment_id)
        await shop.let_time_pass()
        await shop.work()
    await shop.assert_books_agree()
    still_open = await shop.db.fetchval(
        "SELECT count(*) FROM payment_operations o JOIN payments p ON p.id = o.payment_id"
        " WHERE o.status IN ('pending', 'unknown') AND NOT (o.kind = 'authorize' AND p.status = 'requires_action')"
    )
    assert still_open == 0
