"""What one worker has found out about an order since its row was last written."""

from dataclasses import replace
from typing import Any

from orders.lifecycle.facts import Finding
from orders.lifecycle.queries.recording import Entry, Then
from orders.lifecycle.queries.saga import Lease, SagaOrder
from orders.lifecycle.rules import UNWRITTEN, Action, Fact, decide
from orders.lifecycle.states import FINAL, PaymentStatus, State, Status, payment_status


class Progress:
    """The order as stored, and ahead of it: state, events, payment. `entry` is what must be written to catch up.

    Events of findings that moved nothing are left out of a write that puts the step off: it will find them again.
    """

    def __init__(self, order: SagaOrder) -> None:
        self.order = order
        self.stored: State = order.state
        self._events: list[tuple[str, bool]] = []
        self.failure: dict[str, Any] | None = None
        self.attempts = order.attempts

    @property
    def state(self) -> State:
        """Where the order is, as far as this worker knows."""
        return self.order.state

    @property
    def must_be_written(self) -> bool:
        """Whether the next action may only follow a commit."""
        return self.state != self.stored and self.state.phase not in UNWRITTEN

    @property
    def confirms(self) -> bool:
        """Whether the next write confirms the order."""
        return self.state.status is Status.CONFIRMED and self.stored.status is not Status.CONFIRMED

    def learn(self, finding: Finding) -> Action | None:
        """The finding is taken in; the action that follows from it, None when there is nothing to do now."""
        state, move = decide(self.state, finding.fact)
        changed = state != self.state
        self.order = replace(self.order, state=state)
        if move.event:
            self._events.append((move.event, changed))
        self.failure = finding.failure or self.failure
        self._learn_payment(finding)
        if changed:
            self.attempts = 1
        return move.action

    def note(self, event: str) -> None:
        """`event` goes into the timeline with the next write, whatever it is."""
        self._events.append((event, True))

    def _learn_payment(self, finding: Finding) -> None:
        if finding.payment is not None:
            self.order = replace(
                self.order,
                payment_id=finding.payment.id,
                payment_state=finding.payment.status,
                payment_url=finding.payment.redirect_url,
            )
        if finding.fact is Fact.NOTHING_TO_PAY:
            self.order = replace(self.order, payment_status=PaymentStatus.PAID)
        elif finding.money is not None:
            closed = finding.fact is Fact.PAYMENT_CLOSED or self.state.phase in FINAL
            status = payment_status(finding.money, total=self.order.total.amount, door_closed=closed)
            self.order = replace(self.order, payment_status=status)

    def entry(
        self,
        lease: Lease,
        *,
        then: Then,
        pause: float,
        lease_seconds: float,
        deadline_seconds: float | None,
        stuck: bool,
        error: str | None,
    ) -> Entry:
        """The write that makes the row say what this worker knows."""
        order = self.order
        return Entry(
            lease=lease,
            before=self.stored,
            after=order.state,
            payment_status=order.payment_status,
            payment_id=order.payment_id,
            payment_state=order.payment_state,
            payment_url=order.payment_url,
            failure=self.failure,
            events=tuple(event for event, moved in self._events if moved or then is not Then.RETRY),
            seen_news=order.news,
            then=then,
            pause=pause,
            lease_seconds=lease_seconds,
            deadline_seconds=deadline_seconds,
            error=error,
            stuck=stuck,
        )

    def written(self) -> None:
        """The row says all this now."""
        self.stored = self.state
        self._events.clear()
        self.attempts = 1
