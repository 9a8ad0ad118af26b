"""The ledger's own guards: what does not balance is not written, what is written never changes."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.services.payments.conftest import Shop


async def post(db: asyncpg.Connection, payment_id: UUID, *amounts: tuple[int, str]) -> None:
    async with db.transaction():
        transaction_id = await db.fetchval(
            "INSERT INTO ledger_transactions (payment_id, kind) VALUES ($1, 'capture') RETURNING id",
            payment_id,
        )
        for line, (amount, currency) in enumerate(amounts, 1):
            await db.execute(
                "INSERT INTO ledger_entries VALUES ($1, $2, 'orders_paid', $3, $4)",
                transaction_id,
                line,
                amount,
                currency,
            )


@pytest.mark.parametrize(
    "amounts",
    [
        [],
        [(100, "EUR")],
        [(100, "EUR"), (-99, "EUR")],
        [(100, "EUR"), (-100, "USD")],
        [(100, "EUR"), (-100, "EUR"), (1, "USD")],
    ],
)
async def test_what_does_not_balance_is_refused(shop: Shop, amounts: list[tuple[int, str]]) -> None:
    payment_id = await shop.open()
    with pytest.raises(asyncpg.CheckViolationError):
        await post(shop.db, payment_id, *amounts)
    assert await shop.db.fetchval("SELECT count(*) FROM ledger_transactions") == 0


async def test_what_balances_is_taken_and_cannot_be_added_to_unbalanced(shop: Shop) -> None:
    payment_id = await shop.open()
    await post(shop.db, payment_id, (100, "EUR"), (-60, "EUR"), (-40, "EUR"))
    transaction_id = await shop.db.fetchval("SELECT id FROM ledger_transactions")
    with pytest.raises(asyncpg.CheckViolationError):
        await shop.db.execute(
            "INSERT INTO ledger_entries VALUES ($1, 4, 'orders_paid', 5, 'EUR')", transaction_id
        )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_entries SET amount = amount * 2",
        "DELETE FROM ledger_entries",
        "UPDATE ledger_transactions SET kind = 'refund_failed'",
        "DELETE FROM ledger_transactions",
    ],
)
async def test_history_is_not_rewritten(shop: Shop, change: str) -> None:
    await shop.captured()
    with pytest.raises(asyncpg.RestrictViolationError):
        await shop.db.execute(change)
    await shop.assert_books_agree()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE payments SET captured_amount = authorized_amount + 1",
        "UPDATE payments SET refunded_amount = 1",
        "UPDATE payments SET refund_reserved_amount = captured_amount + 1",
        "UPDATE payments SET status = 'paid'",
        "UPDATE payments SET quarantined = true",
    ],
)
async def test_the_database_refuses_impossible_payments(shop: Shop, change: str) -> None:
    await shop.captured()
    with pytest.raises(asyncpg.CheckViolationError):
        await shop.db.execute(change)


async def test_a_second_live_payment_is_impossible(shop: Shop) -> None:
    order_id = uuid4()
    await shop.captured(order_id)
    with pytest.raises(asyncpg.UniqueViolationError):
        await shop.db.execute(
            "INSERT INTO payments (id, order_id, provider, method, status, due_amount, currency)"
            " VALUES ($1, $2, 'stripe', 'card', 'created', 1999, 'EUR')",
            uuid4(),
            order_id,
        )
