"""Refunds through the real SDK: never more than was captured."""

from typing import Any

import pytest
import stripe

from tests.services.sandbox.running import RunningSandbox
from tests.services.sandbox.test_intents import authorized


async def test_partial_refunds_add_up_to_the_capture_and_no_further(
    psp: Any, sandbox: RunningSandbox
) -> None:
    intent = await authorized(psp)
    await psp.payment_intents.capture_async(intent.id, params={"amount_to_capture": 900})
    first = await psp.refunds.create_async(
        params={
            "payment_intent": intent.id,
            "amount": 300,
            "metadata": {"refund_id": "r-1"},
            "reason": "requested_by_customer",
        }
    )
    assert (first.status, first.amount, first.metadata.to_dict()) == ("succeeded", 300, {"refund_id": "r-1"})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await psp.refunds.create_async(params={"payment_intent": intent.id, "amount": 601})
    assert refused.value.param == "amount"
    rest = await psp.refunds.create_async(params={"payment_intent": intent.id})
    assert rest.amount == 600
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await psp.refunds.create_async(params={"payment_intent": intent.id, "amount": 1})
    assert refused.value.code == "charge_already_refunded"

    charge = await psp.charges.retrieve_async(first.charge)
    assert (charge.amount_refunded, charge.refunded) == (900, True)
    assert [refund["amount"] for refund in sandbox.ledger()["refunds"]] == [300, 600]
    assert sandbox.ledger()["intents"][0]["amount_refunded"] == 900


async def test_an_uncaptured_intent_cannot_be_refunded(psp: Any, sandbox: RunningSandbox) -> None:
    intent = await authorized(psp)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await psp.refunds.create_async(params={"payment_intent": intent.id})
    assert refused.value.code == "payment_intent_unexpected_state"
    assert sandbox.ledger()["refunds"] == []


async def test_refunds_are_listed_by_intent_and_can_be_described(psp: Any) -> None:
    intent = await authorized(psp, capture_method="automatic")
    other = await authorized(psp, capture_method="automatic")
    refund = await psp.refunds.create_async(params={"payment_intent": intent.id, "amount": 100})
    await psp.refunds.create_async(params={"charge": other.latest_charge, "amount": 100})
    found = await psp.refunds.list_async(params={"payment_intent": intent.id})
    assert [entry.id for entry in found.data] == [refund.id]
    described = await psp.refunds.update_async(refund.id, params={"metadata": {"note": "kind"}})
    assert described.metadata.to_dict() == {"note": "kind"}
    assert (await psp.refunds.retrieve_async(refund.id)).metadata.to_dict() == {"note": "kind"}


async def test_the_balance_shows_what_came_and_went(psp: Any) -> None:
    intent = await authorized(psp, capture_method="automatic")
    refund = await psp.refunds.create_async(params={"payment_intent": intent.id, "amount": 250})
    movements = (await psp.balance_transactions.list_async(params={"expand": ["data.source"]})).data
    assert [(movement.type, movement.net) for movement in movements] == [("refund", -250), ("charge", 1000)]
    assert movements[0].source.id == refund.id
    assert movements[1].source.payment_intent == intent.id
    only = await psp.balance_transactions.list_async(params={"source": refund.id})
    assert [movement.id for movement in only.data] == [refund.balance_transaction]
