"""Voids: the wish is durable, the provider decides, unknown ids are buried."""

from uuid import uuid4, uuid5

import pytest

from tests.services.payments.conftest import Shop
from tests.services.payments.fake_provider import LOST_AFTER, LOST_BEFORE


@pytest.mark.parametrize("only_if_unpaid", [True, False])
async def test_an_unpaid_payment_is_voided(shop: Shop, only_if_unpaid: bool) -> None:
    payment_id = await shop.open()
    answer = await shop.void(payment_id, only_if_unpaid=only_if_unpaid)
    assert (answer.status_code, answer.json()["status"]) == (200, "voided")
    assert await shop.operations(payment_id) == [("authorize", "failed"), ("void", "succeeded")]
    assert str(shop.provider.account(payment_id).snapshot.stage) == "closed"
    row = await shop.row(payment_id)
    assert (row["next_at"], row["captured_amount"]) == (None, 0)
    again = await shop.void(payment_id, only_if_unpaid=only_if_unpaid)
    assert (again.status_code, again.json()) == (200, answer.json())
    assert shop.provider.calls.count("close") == 1


async def test_an_authorization_is_given_back(shop: Shop) -> None:
    payment_id = await shop.authorized()
    answer = await shop.void(payment_id)
    assert (answer.status_code, answer.json()["status"]) == (200, "voided")
    assert await shop.operations(payment_id) == [("authorize", "succeeded"), ("void", "succeeded")]


async def test_an_authorization_is_left_alone_when_only_unpaid_ones_are_meant(shop: Shop) -> None:
    payment_id = await shop.authorized()
    answer = await shop.void(payment_id, only_if_unpaid=True)
    assert (answer.status_code, answer.json()["status"]) == (200, "authorized")
    assert "close" not in shop.provider.calls


async def test_money_that_was_quicker_wins(shop: Shop) -> None:
    payment_id = await shop.open()
    shop.provider.pay(payment_id)
    answer = await shop.void(payment_id, only_if_unpaid=True)
    assert (answer.status_code, answer.json()["status"]) == (200, "authorized")
    assert await shop.operations(payment_id) == [("authorize", "succeeded"), ("void", "failed")]
    later = await shop.void(payment_id)
    assert (later.status_code, later.json()["status"]) == (200, "voided")


async def test_captured_money_is_not_voided(shop: Shop) -> None:
    payment_id = await shop.captured()
    answer = await shop.void(payment_id)
    assert (answer.status_code, answer.json()["status"], answer.json()["captured"]) == (200, "captured", 1999)
    assert "close" not in shop.provider.calls


@pytest.mark.parametrize("fault", [LOST_BEFORE, LOST_AFTER])
async def test_a_lost_answer_leaves_the_wish_and_the_loop_fulfils_it(shop: Shop, fault: str) -> None:
    payment_id = await shop.open()
    shop.provider.fail("close", fault)
    lost = await shop.void(payment_id)
    assert (lost.status_code, lost.json()["status"]) == (202, "requires_action")
    assert await shop.operations(payment_id) == [("authorize", "pending"), ("void", "unknown")]
    await shop.let_time_pass()
    await shop.work()
    assert (await shop.row(payment_id))["status"] == "voided"
    assert shop.orders.heard == [("payment.voided", str(payment_id))]


async def test_an_unknown_id_is_buried_and_its_late_request_is_gone(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    for _ in range(2):
        answer = await shop.void(payment_id)
        assert (answer.status_code, answer.json()["status"], answer.json()["order_id"]) == (
            200,
            "voided",
            None,
        )
    late = await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    assert (late.status_code, late.json()["code"]) == (410, "payment_voided")
    assert (shop.provider.calls, shop.orders.heard) == ([], [])
    assert await shop.db.fetchval("SELECT count(*) FROM payables") == 0
    synced = await shop.put(f"/payments/{payment_id}/sync", {})
    assert (synced.status_code, synced.json()["status"]) == (200, "voided")


async def test_a_session_whose_answer_was_lost_is_found_and_closed(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    shop.provider.fail("open", LOST_AFTER)
    await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    answer = await shop.void(payment_id)
    assert (answer.status_code, answer.json()["status"]) == (200, "voided")
    assert str(shop.provider.account(payment_id).snapshot.stage) == "closed"
    gone = await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    assert (gone.status_code, gone.json()["code"]) == (410, "payment_voided")


async def test_while_the_provider_is_away_nothing_counts_as_voided(shop: Shop) -> None:
    order_id = uuid4()
    payment_id = uuid5(order_id, "1")
    shop.provider.fail("open", LOST_BEFORE, LOST_BEFORE, LOST_BEFORE)
    await shop.put(f"/payments/{payment_id}", shop.terms(order_id))
    assert (await shop.void(payment_id)).status_code == 202
    assert (await shop.void(payment_id)).status_code == 202
    assert (await shop.row(payment_id))["status"] == "created"
    assert (await shop.void(payment_id)).json()["status"] == "voided"


async def test_people_begin_nothing_after_orders_closed_the_payable(shop: Shop) -> None:
    order_id = uuid4()
    await shop.void(await shop.open(order_id))
    answer = await shop.client.post(
        "/payments", json={"order_id": str(order_id), "method": "card"}, headers=shop.me
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_owed")
    reopened = await shop.put(f"/payments/{uuid5(order_id, '2')}", shop.terms(order_id))
    assert reopened.status_code == 200
