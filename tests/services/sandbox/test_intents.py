"""PaymentIntents, charges and the balance through the real SDK."""

from typing import Any

import pytest
import stripe

from tests.services.sandbox.running import RunningSandbox

WEEK = 7 * 24 * 3600


async def authorized(psp: Any, **changes: Any) -> Any:
    """An intent over 10.00 EUR that waits for its capture."""
    return await psp.payment_intents.create_async(
        params={
            "amount": 1000,
            "currency": "EUR",
            "capture_method": "manual",
            "payment_method": "pm_card_visa",
            "confirm": True,
            **changes,
        }
    )


async def test_create_then_confirm(psp: Any) -> None:
    intent = await psp.payment_intents.create_async(
        params={
            "amount": 1000,
            "currency": "eur",
            "metadata": {"order": "7"},
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
    )
    assert (intent.status, intent.latest_charge, intent.currency) == ("requires_payment_method", None, "eur")
    paid = await psp.payment_intents.confirm_async(intent.id, params={"payment_method": "pm_card_visa"})
    assert (paid.status, paid.amount_received, paid.metadata.to_dict()) == ("succeeded", 1000, {"order": "7"})
    charge = await psp.charges.retrieve_async(paid.latest_charge, params={"expand": ["balance_transaction"]})
    assert (charge.captured, charge.amount_captured, charge.balance_transaction.net) == (True, 1000, 1000)


async def test_a_payment_method_given_early_waits_for_the_confirmation(psp: Any) -> None:
    intent = await psp.payment_intents.create_async(
        params={"amount": 1000, "currency": "eur", "payment_method": "pm_card_mastercard"}
    )
    assert intent.status == "requires_confirmation"
    assert (await psp.payment_intents.confirm_async(intent.id)).status == "succeeded"


@pytest.mark.parametrize(
    ("method", "code", "decline_code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"),
    ],
)
async def test_a_declined_card_is_a_card_error_and_the_intent_stays_payable(
    psp: Any, method: str, code: str, decline_code: str
) -> None:
    intent = await psp.payment_intents.create_async(params={"amount": 1000, "currency": "eur"})
    with pytest.raises(stripe.CardError) as refused:
        await psp.payment_intents.confirm_async(intent.id, params={"payment_method": method})
    assert (refused.value.http_status, refused.value.code) == (402, code)
    assert refused.value.error is not None
    assert refused.value.error.decline_code == decline_code
    kept = await psp.payment_intents.retrieve_async(intent.id, params={"expand": ["latest_charge"]})
    assert (kept.status, kept.last_payment_error.code) == ("requires_payment_method", code)
    assert (kept.latest_charge.status, kept.latest_charge.paid) == ("failed", False)
    paid = await psp.payment_intents.confirm_async(intent.id, params={"payment_method": "pm_card_visa"})
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)


async def test_authentication_is_asked_on_the_banks_page(psp: Any, sandbox: RunningSandbox) -> None:
    asked = await authorized(
        psp, payment_method="pm_card_authenticationRequired", return_url="http://shop.test/back?a=1"
    )
    assert (asked.status, asked.latest_charge) == ("requires_action", None)
    page = asked.next_action.redirect_to_url.url
    answer = sandbox.http.post(page, data={"answer": "approve"})
    assert answer.headers["location"] == (
        f"http://shop.test/back?a=1&payment_intent={asked.id}&redirect_status=succeeded"
    )
    found = await psp.payment_intents.retrieve_async(asked.id, params={"expand": ["latest_charge"]})
    assert (found.status, found.amount_capturable, found.next_action) == ("requires_capture", 1000, None)
    assert found.latest_charge.payment_method_details.card.three_d_secure.result == "authenticated"


async def test_a_refused_authentication_leaves_the_intent_payable(psp: Any, sandbox: RunningSandbox) -> None:
    asked = await authorized(psp, payment_method="pm_card_authenticationRequired")
    sandbox.http.post(asked.next_action.redirect_to_url.url, data={"answer": "refuse"})
    found = await psp.payment_intents.retrieve_async(asked.id)
    assert found.status == "requires_payment_method"
    assert found.last_payment_error.code == "payment_intent_authentication_failure"


async def test_capturing_a_part_releases_the_rest(psp: Any, sandbox: RunningSandbox) -> None:
    intent = await authorized(psp)
    captured = await psp.payment_intents.capture_async(intent.id, params={"amount_to_capture": 600})
    assert (captured.status, captured.amount, captured.amount_received, captured.amount_capturable) == (
        "succeeded",
        1000,
        600,
        0,
    )
    charge = await psp.charges.retrieve_async(captured.latest_charge)
    assert (charge.amount, charge.amount_captured, charge.amount_refunded) == (1000, 600, 0)
    assert sandbox.ledger()["intents"][0]["amount_received"] == 600


async def test_more_than_authorized_cannot_be_captured(psp: Any) -> None:
    intent = await authorized(psp)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await psp.payment_intents.capture_async(intent.id, params={"amount_to_capture": 1001})
    assert refused.value.code == "amount_too_large"
    assert (await psp.payment_intents.retrieve_async(intent.id)).status == "requires_capture"


async def test_a_second_capture_is_refused(psp: Any) -> None:
    intent = await authorized(psp)
    await psp.payment_intents.capture_async(intent.id)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await psp.payment_intents.capture_async(intent.id)
    assert refused.value.code == "payment_intent_unexpected_state"
    assert len((await psp.balance_transactions.list_async()).data) == 1


async def test_cancel_releases_the_authorization(psp: Any) -> None:
    intent = await authorized(psp)
    canceled = await psp.payment_intents.cancel_async(
        intent.id, params={"cancellation_reason": "requested_by_customer"}
    )
    assert (canceled.status, canceled.amount_capturable, canceled.cancellation_reason) == (
        "canceled",
        0,
        "requested_by_customer",
    )
    for call in (psp.payment_intents.capture_async, psp.payment_intents.cancel_async):
        with pytest.raises(stripe.InvalidRequestError):
            await call(intent.id)
    assert (await psp.balance_transactions.list_async()).data == []


async def test_money_that_was_taken_cannot_be_canceled(psp: Any) -> None:
    intent = await authorized(psp, capture_method="automatic")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await psp.payment_intents.cancel_async(intent.id)
    assert refused.value.code == "payment_intent_unexpected_state"
    assert (await psp.payment_intents.retrieve_async(intent.id)).amount_received == 1000


async def test_an_authorization_lapses_after_a_week(psp: Any, sandbox: RunningSandbox) -> None:
    intent = await authorized(psp)
    sandbox.advance(WEEK - 60)
    assert (await psp.payment_intents.retrieve_async(intent.id)).status == "requires_capture"
    sandbox.advance(61)
    lapsed = await psp.payment_intents.retrieve_async(intent.id)
    assert (lapsed.status, lapsed.cancellation_reason) == ("canceled", "automatic")


async def test_lists_page_newest_first_in_both_directions(psp: Any) -> None:
    made = [
        (await psp.payment_intents.create_async(params={"amount": 100 + number, "currency": "eur"})).id
        for number in range(5)
    ][::-1]
    first = await psp.payment_intents.list_async(params={"limit": 2})
    assert ([intent.id for intent in first.data], first.has_more) == (made[:2], True)
    second = await psp.payment_intents.list_async(params={"limit": 2, "starting_after": made[1]})
    assert ([intent.id for intent in second.data], second.has_more) == (made[2:4], True)
    last = await psp.payment_intents.list_async(params={"limit": 2, "starting_after": made[3]})
    assert ([intent.id for intent in last.data], last.has_more) == (made[4:], False)
    back = await psp.payment_intents.list_async(params={"limit": 2, "ending_before": made[3]})
    assert ([intent.id for intent in back.data], back.has_more) == (made[1:3], True)
    every = [intent.id async for intent in first.auto_paging_iter()]
    assert every == made


async def test_lists_filter_by_creation(psp: Any, sandbox: RunningSandbox) -> None:
    old = await psp.payment_intents.create_async(params={"amount": 100, "currency": "eur"})
    sandbox.advance(3600)
    new = await psp.payment_intents.create_async(params={"amount": 100, "currency": "eur"})
    found = await psp.payment_intents.list_async(params={"created": {"gt": old.created}})
    assert [intent.id for intent in found.data] == [new.id]
    found = await psp.payment_intents.list_async(params={"created": old.created})
    assert [intent.id for intent in found.data] == [old.id]


async def test_search_by_metadata(psp: Any) -> None:
    wanted = await psp.payment_intents.create_async(
        params={"amount": 100, "currency": "eur", "metadata": {"payment_id": "p-7", "order": "7"}}
    )
    await psp.payment_intents.create_async(
        params={"amount": 100, "currency": "eur", "metadata": {"payment_id": "p-77"}}
    )
    found = await psp.payment_intents.search_async(
        params={"query": "metadata['payment_id']:'p-7' AND status:'requires_payment_method'"}
    )
    assert ([intent.id for intent in found.data], found.has_more) == ([wanted.id], False)
    none = await psp.payment_intents.search_async(params={"query": "metadata['payment_id']:'p-8'"})
    assert none.data == []
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await psp.payment_intents.search_async(params={"query": "amount>5"})
    assert refused.value.param == "query"


async def test_unknown_ids_are_missing_resources(psp: Any) -> None:
    calls = (
        psp.payment_intents.retrieve_async("pi_x"),
        psp.checkout.sessions.retrieve_async("cs_x"),
        psp.charges.retrieve_async("ch_x"),
        psp.refunds.retrieve_async("re_x"),
        psp.events.retrieve_async("evt_x"),
        psp.balance_transactions.retrieve_async("txn_x"),
        psp.payment_intents.capture_async("pi_x"),
    )
    for call in calls:
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await call
        assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


async def test_an_unknown_payment_method_is_refused(psp: Any, sandbox: RunningSandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await authorized(psp, payment_method="pm_mine")
    assert refused.value.param == "payment_method"
    assert sandbox.ledger()["intents"] == []


async def test_what_cannot_be_expanded_is_named(psp: Any) -> None:
    intent = await authorized(psp)
    with pytest.raises(stripe.InvalidRequestError, match="customer") as refused:
        await psp.payment_intents.retrieve_async(intent.id, params={"expand": ["customer"]})
    assert refused.value.param == "expand"
