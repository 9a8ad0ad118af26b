"""A payment provider with a memory, idempotency keys, and bad days on request."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

from chassis.database import refuse_network_call
from chassis.money import Money
from payments.providers.protocol import (
    BadSignature,
    Decline,
    Opening,
    ProviderEvent,
    Refs,
    RefundSnapshot,
    Refused,
    Snapshot,
    Stage,
    Unknown,
)

Answer = TypeVar("Answer")

LOST_BEFORE = "lost before"
"""The call never arrives."""
LOST_AFTER = "lost after"
"""The call has its effect, its answer is lost."""
REFUSED = "refused"
SLOW = "slow"
"""Takes effect, and answers after `gate` is set."""


@dataclass
class Account:
    """One session with its payment and refunds, as the provider keeps them."""

    snapshot: Snapshot
    refunds: dict[str, RefundSnapshot] = field(default_factory=dict)


class FakeProvider:
    """Everything it was told, keyed by session; `faults[method]` are used up first to last."""

    name = "stripe"

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.keys: dict[str, Any] = {}
        self.faults: dict[str, deque[str]] = defaultdict(deque)
        self.calls: list[str] = []
        self.gate = asyncio.Event()

    def fail(self, method: str, *faults: str) -> None:
        """The next calls of `method` go wrong in this way."""
        self.faults[method].extend(faults)

    def account(self, payment_id: UUID) -> Account:
        """The one session of a payment; there must never be two."""
        (found,) = [each for each in self.accounts.values() if each.snapshot.payment_id == str(payment_id)]
        return found

    # what the shopper, the bank and the calendar do

    def pay(self, payment_id: UUID, amount: int | None = None, currency: str | None = None) -> None:
        """A card is accepted: the amount is set aside."""
        account = self.account(payment_id)
        was = account.snapshot
        assert was.stage is Stage.OPEN, was.stage
        account.snapshot = replace(
            was,
            stage=Stage.AUTHORIZED,
            refs=replace(was.refs, payment=f"pi_{payment_id}"),
            authorized=self.due[str(payment_id)] if amount is None else amount,
            currency=currency or was.currency,
            redirect_url=None,
        )

    def take(self, payment_id: UUID) -> None:
        """The money is captured without us, by hand."""
        account = self.account(payment_id)
        account.snapshot = replace(
            account.snapshot, stage=Stage.CAPTURED, captured=account.snapshot.authorized
        )

    def decline(self, payment_id: UUID, ref: str) -> None:
        """A card is refused; the page stays open."""
        account = self.account(payment_id)
        account.snapshot = replace(
            account.snapshot,
            refs=replace(account.snapshot.refs, payment=f"pi_{payment_id}"),
            decline=Decline(ref, "insufficient_funds", "Too little money."),
        )

    def expire(self, payment_id: UUID) -> None:
        """The session's time is over, or the authorization has lapsed."""
        account = self.account(payment_id)
        account.snapshot = replace(account.snapshot, stage=Stage.CLOSED, redirect_url=None)

    def fail_refund(self, payment_id: UUID, refund_id: UUID) -> None:
        """A refund comes back after all."""
        refunds = self.account(payment_id).refunds
        ref = next(ref for ref, each in refunds.items() if each.refund_id == refund_id)
        refunds[ref] = replace(refunds[ref], status="failed", failure="lost_or_stolen_card")

    due: dict[str, int] = {}  # noqa: RUF012  # filled per instance in `open`

    # the protocol

    async def open(self, opening: Opening) -> Snapshot | Refused | Unknown:
        return await self._call("open", opening.key, lambda: self._open(opening))

    async def read(self, refs: Refs, *, deadline: float | None = None) -> Snapshot | Refused | Unknown:
        return await self._call("read", None, lambda: self._known(refs).snapshot)

    async def find(self, payment_id: UUID) -> Snapshot | Refused | Unknown:
        def _found() -> Snapshot | Refused:
            for each in self.accounts.values():
                if each.snapshot.payment_id == str(payment_id) and each.snapshot.refs.payment:
                    return each.snapshot
            return Refused("not_found", "")

        return await self._call("find", None, _found)

    async def capture(self, refs: Refs, amount: Money, *, key: str) -> Snapshot | Refused | Unknown:
        def _captured() -> Snapshot | Refused:
            account = self._known(refs)
            if account.snapshot.stage is not Stage.AUTHORIZED:
                return Refused("payment_intent_unexpected_state", "")
            account.snapshot = replace(account.snapshot, stage=Stage.CAPTURED, captured=amount.amount)
            return account.snapshot

        return await self._call("capture", key, _captured)

    async def close(self, refs: Refs, *, only_if_unpaid: bool, key: str) -> Snapshot | Refused | Unknown:
        def _closed() -> Snapshot:
            account = self._known(refs)
            stage = account.snapshot.stage
            if stage is Stage.OPEN or (stage is Stage.AUTHORIZED and not only_if_unpaid):
                account.snapshot = replace(account.snapshot, stage=Stage.CLOSED, redirect_url=None)
            return account.snapshot

        return await self._call("close", None, _closed)

    async def refund(
        self, refs: Refs, amount: Money, *, refund_id: UUID, key: str
    ) -> RefundSnapshot | Refused | Unknown:
        def _refunded() -> RefundSnapshot | Refused:
            account = self._known(refs)
            gone = sum(each.amount.amount for each in account.refunds.values() if each.status != "failed")
            if gone + amount.amount > account.snapshot.captured:
                return Refused("charge_already_refunded", "")
            made = RefundSnapshot(f"re_{len(self.keys)}_{refund_id}", refund_id, self.refund_status, amount)
            account.refunds[made.ref] = made
            return made

        return await self._call("refund", key, _refunded)

    refund_status = "succeeded"

    async def refunds(self, refs: Refs) -> Sequence[RefundSnapshot] | Unknown:
        answer = await self._call("refunds", None, lambda: list(self._known(refs).refunds.values()))
        return Unknown(answer.code) if isinstance(answer, Refused) else answer

    def event(self, body: bytes, signature: str) -> ProviderEvent:
        if signature != "good":
            raise BadSignature
        said = json.loads(body)
        stage = Stage(said["stage"]) if said.get("stage") else None
        refs = Refs(said.get("page"), said.get("payment"))
        return ProviderEvent(
            said["id"], said.get("type", "x"), refs, said.get("payment_id"), stage, bool(said.get("refunds"))
        )

    async def aclose(self) -> None:
        """It has no connections."""

    # inside

    def _open(self, opening: Opening) -> Snapshot:
        page = f"cs_{len(self.accounts)}_{opening.payment_id}"
        self.due = {**self.due, str(opening.payment_id): opening.amount.amount}
        snapshot = Snapshot(
            stage=Stage.OPEN,
            refs=Refs(page),
            currency=opening.amount.currency,
            authorized=0,
            captured=0,
            payment_id=str(opening.payment_id),
            redirect_url=f"https://pay.example/{page}",
        )
        self.accounts[page] = Account(snapshot)
        return snapshot

    def _known(self, refs: Refs) -> Account:
        for page, account in self.accounts.items():
            if refs.page == page or (refs.payment and account.snapshot.refs.payment == refs.payment):
                return account
        raise LookupError(refs)

    async def _call(
        self, method: str, key: str | None, work: Callable[[], Answer]
    ) -> Answer | Refused | Unknown:
        refuse_network_call("provider")
        self.calls.append(method)
        await asyncio.sleep(0)
        fault = self.faults[method].popleft() if self.faults[method] else ""
        if fault == LOST_BEFORE:
            return Unknown("timeout")
        if fault == REFUSED:
            return Refused("card_declined", "No.")
        if key is not None and key in self.keys:
            answer: Answer = self.keys[key]
        else:
            answer = work()
            if key is not None:
                self.keys[key] = answer
        if fault == SLOW:
            await self.gate.wait()
        return Unknown("timeout") if fault == LOST_AFTER else answer
