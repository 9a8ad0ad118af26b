"""Tables of the ledger. That a transaction balances, and that nothing changes, are triggers of the migration."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from chassis.orm import CreatedAt, Id
from payments.tables import Base, Currency, OptionalId


class LedgerTransaction(Base):
    """One movement of money: why, and of which payment (and refund)."""

    __tablename__ = "ledger_transactions"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('capture', 'refund_reserved', 'refund_succeeded', 'refund_failed', 'refund_reversed')",
            name="kind",
        ),
        Index("ix_ledger_transactions_payment_id", "payment_id"),
    )

    id: Mapped[Id]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"))
    refund_id: Mapped[OptionalId] = mapped_column(ForeignKey("refunds.id"))
    kind: Mapped[str]
    created_at: Mapped[CreatedAt]


class LedgerEntry(Base):
    """One side of a transaction: `amount` > 0 debits the account, < 0 credits it."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("account IN ('provider_clearing', 'orders_paid', 'refunds_pending')", name="account"),
        CheckConstraint("amount <> 0", name="amount"),
        Index("ix_ledger_entries_account", "account", "currency"),
    )

    transaction_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_transactions.id"), primary_key=True)
    line: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    account: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[Currency]
