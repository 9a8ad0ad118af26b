"""The saga as a table: in which phase which fact leads where, and what is tried next. No I/O.

    placed ─stock_held→ held ─payment_open→ awaiting_payment ─money→ authorized ─stock_allocated→ allocated
      │                  │ refused             │ deadline       (point of no return between these two)
      │ stock_short      ↓                     ↓                     ─money_captured→ captured ─cart_cleared→ closed
      ↓                close, release        timing_out ─money→ paid_late ─stock_allocated→ allocated
    failed               ↓                     │ closed, released
                       failed                  ↓
                                             expired            canceling ─closed|returned, released→ canceled

The payment door is closed before stock is freed, always: `RELEASE` is only ever reached by a fact that says so.
"""

from dataclasses import dataclass
from enum import StrEnum

from orders.lifecycle.states import FINAL, Phase, Reason, State, Status, Step


class Action(StrEnum):
    """What the saga tries next. Each is safe to repeat."""

    HOLD = "hold"
    OPEN_PAYMENT = "open_payment"
    ASK_PAYMENT = "ask_payment"
    ALLOCATE = "allocate"
    CAPTURE = "capture"
    CLEAR_CART = "clear_cart"
    CLOSE_UNPAID = "close_unpaid"
    """Close the payment door unless money has come."""
    CLOSE_PAYMENT = "close_payment"
    """Close the payment door; what was authorized is let go."""
    RETURN_MONEY = "return_money"
    RELEASE = "release"


class Fact(StrEnum):
    """What an action found, or what somebody or the clock demands."""

    STOCK_HELD = "stock_held"
    STOCK_SHORT = "stock_short"
    HOLD_ENDED = "hold_ended"
    NOTHING_TO_PAY = "nothing_to_pay"
    PAYMENT_OPEN = "payment_open"
    PAYMENT_DEAD = "payment_dead"
    PAYMENT_REFUSED = "payment_refused"
    MONEY_AUTHORIZED = "money_authorized"
    MONEY_CAPTURED = "money_captured"
    MONEY_RETURNED = "money_returned"
    PAYMENT_CLOSED = "payment_closed"
    CAPTURE_DECLINED = "capture_declined"
    STOCK_ALLOCATED = "stock_allocated"
    STOCK_RELEASED = "stock_released"
    CART_CLEARED = "cart_cleared"
    DEADLINE_PASSED = "deadline_passed"
    CANCELED_BY_CUSTOMER = "canceled_by_customer"
    CANCELED_BY_STAFF = "canceled_by_staff"


@dataclass(frozen=True, slots=True)
class Move:
    """Where a fact leads: the phase to be in, what to try next (None: wait), the event for the timeline."""

    to: Phase
    action: Action | None = None
    event: str | None = None
    reason: Reason | None = None


_TO_AUTHORIZED = Move(Phase.AUTHORIZED, Action.ALLOCATE, "payment.authorized")
_TO_ALLOCATED = Move(Phase.ALLOCATED, Action.CAPTURE, "order.confirmed")
_TO_CAPTURED = Move(Phase.CAPTURED, Action.CLEAR_CART, "payment.captured")
_TO_TIMING_OUT = Move(Phase.TIMING_OUT, Action.CLOSE_UNPAID, "order.deadline_passed", Reason.DEADLINE)
_TO_PAID_LATE = Move(Phase.PAID_LATE, Action.ALLOCATE, "payment.authorized", Reason.DEADLINE)
_NO_STOCK = Move(Phase.CANCELING, Action.CLOSE_PAYMENT, "stock.unavailable", Reason.STOCK_UNAVAILABLE)
_DECLINED = Move(Phase.CANCELING, Action.CLOSE_PAYMENT, "payment.capture_declined", Reason.PAYMENT_DECLINED)
_BY_CUSTOMER = Move(Phase.CANCELING, Action.CLOSE_PAYMENT, "order.cancel_requested", Reason.CUSTOMER)
_BY_STAFF = Move(Phase.CANCELING, Action.CLOSE_PAYMENT, "order.cancel_requested", Reason.STAFF)

TRANSITIONS: dict[tuple[Phase, Fact], Move] = {
    (Phase.PLACED, Fact.STOCK_HELD): Move(Phase.HELD, Action.OPEN_PAYMENT, "stock.held"),
    (Phase.PLACED, Fact.STOCK_SHORT): Move(Phase.FAILED, None, "order.failed"),
    (Phase.PLACED, Fact.HOLD_ENDED): _TO_TIMING_OUT,
    (Phase.PLACED, Fact.DEADLINE_PASSED): _TO_TIMING_OUT,
    (Phase.HELD, Fact.NOTHING_TO_PAY): Move(Phase.AUTHORIZED, Action.ALLOCATE),
    (Phase.HELD, Fact.PAYMENT_OPEN): Move(Phase.AWAITING_PAYMENT, None, "payment.opened"),
    (Phase.HELD, Fact.MONEY_AUTHORIZED): _TO_AUTHORIZED,
    (Phase.HELD, Fact.MONEY_CAPTURED): _TO_AUTHORIZED,
    (Phase.HELD, Fact.PAYMENT_REFUSED): Move(Phase.HELD, Action.CLOSE_UNPAID, "payment.refused"),
    (Phase.HELD, Fact.PAYMENT_CLOSED): Move(Phase.HELD, Action.RELEASE),
    (Phase.HELD, Fact.MONEY_RETURNED): Move(Phase.HELD, Action.RELEASE),
    (Phase.HELD, Fact.STOCK_RELEASED): Move(Phase.FAILED, None, "order.failed"),
    (Phase.HELD, Fact.DEADLINE_PASSED): _TO_TIMING_OUT,
    (Phase.AWAITING_PAYMENT, Fact.MONEY_AUTHORIZED): _TO_AUTHORIZED,
    (Phase.AWAITING_PAYMENT, Fact.MONEY_CAPTURED): _TO_AUTHORIZED,
    (Phase.AWAITING_PAYMENT, Fact.DEADLINE_PASSED): _TO_TIMING_OUT,
    (Phase.AUTHORIZED, Fact.STOCK_ALLOCATED): _TO_ALLOCATED,
    (Phase.AUTHORIZED, Fact.STOCK_SHORT): _NO_STOCK,
    (Phase.ALLOCATED, Fact.MONEY_CAPTURED): _TO_CAPTURED,
    (Phase.ALLOCATED, Fact.NOTHING_TO_PAY): Move(Phase.CAPTURED, Action.CLEAR_CART),
    (Phase.ALLOCATED, Fact.CAPTURE_DECLINED): _DECLINED,
    (Phase.CAPTURED, Fact.CART_CLEARED): Move(Phase.CLOSED),
    (Phase.TIMING_OUT, Fact.MONEY_AUTHORIZED): _TO_PAID_LATE,
    (Phase.TIMING_OUT, Fact.MONEY_CAPTURED): _TO_PAID_LATE,
    (Phase.TIMING_OUT, Fact.PAYMENT_CLOSED): Move(Phase.TIMING_OUT, Action.RELEASE),
    (Phase.TIMING_OUT, Fact.MONEY_RETURNED): Move(Phase.TIMING_OUT, Action.RELEASE),
    (Phase.TIMING_OUT, Fact.STOCK_RELEASED): Move(Phase.EXPIRED, None, "order.expired"),
    (Phase.PAID_LATE, Fact.STOCK_ALLOCATED): _TO_ALLOCATED,
    (Phase.PAID_LATE, Fact.STOCK_SHORT): _NO_STOCK,
    (Phase.CANCELING, Fact.PAYMENT_CLOSED): Move(Phase.CANCELING, Action.RELEASE),
    (Phase.CANCELING, Fact.MONEY_CAPTURED): Move(Phase.CANCELING, Action.RETURN_MONEY),
    (Phase.CANCELING, Fact.MONEY_RETURNED): Move(Phase.CANCELING, Action.RELEASE, "payment.refund_requested"),
    (Phase.CANCELING, Fact.STOCK_RELEASED): Move(Phase.CANCELED, None, "order.canceled"),
    **{
        (phase, fact): move
        for phase in Phase
        if phase not in FINAL | {Phase.COMPLETED, Phase.CANCELING}
        for fact, move in ((Fact.CANCELED_BY_CUSTOMER, _BY_CUSTOMER), (Fact.CANCELED_BY_STAFF, _BY_STAFF))
    },
    **{
        (phase, fact): Move(phase, action, event)
        for phase in FINAL
        for fact, action, event in (
            (Fact.PAYMENT_OPEN, Action.CLOSE_PAYMENT, None),
            (Fact.MONEY_AUTHORIZED, Action.CLOSE_PAYMENT, "payment.unwanted"),
            (Fact.MONEY_CAPTURED, Action.RETURN_MONEY, "payment.unwanted"),
        )
    },
}
"""Everything that may happen. What is not here changes nothing."""

_FIRST: dict[Phase, Action] = {
    Phase.PLACED: Action.HOLD,
    Phase.HELD: Action.OPEN_PAYMENT,
    Phase.AUTHORIZED: Action.ALLOCATE,
    Phase.ALLOCATED: Action.CAPTURE,
    Phase.CAPTURED: Action.CLEAR_CART,
    Phase.TIMING_OUT: Action.CLOSE_UNPAID,
    Phase.PAID_LATE: Action.ALLOCATE,
    Phase.CANCELING: Action.CLOSE_PAYMENT,
}

_STORED: dict[Phase, tuple[Status, Step | None]] = {
    Phase.PLACED: (Status.PENDING, Step.PLACED),
    Phase.HELD: (Status.PENDING, Step.HELD),
    Phase.AWAITING_PAYMENT: (Status.PENDING, Step.AWAITING_PAYMENT),
    Phase.AUTHORIZED: (Status.PENDING, Step.AUTHORIZED),
    Phase.ALLOCATED: (Status.CONFIRMED, Step.ALLOCATED),
    Phase.CAPTURED: (Status.CONFIRMED, Step.CAPTURED),
    Phase.CLOSED: (Status.CONFIRMED, Step.CLOSED),
    Phase.COMPLETED: (Status.COMPLETED, Step.CLOSED),
    Phase.TIMING_OUT: (Status.CANCELING, None),
    Phase.PAID_LATE: (Status.CANCELING, Step.AUTHORIZED),
    Phase.CANCELING: (Status.CANCELING, None),
    Phase.FAILED: (Status.FAILED, None),
    Phase.EXPIRED: (Status.EXPIRED, None),
    Phase.CANCELED: (Status.CANCELED, None),
}
"""Phase → its stored status and step (None: the step stays as it was)."""

UNWRITTEN = frozenset({Phase.HELD, Phase.ALLOCATED})
"""Phases that are stored only when the action after them does not succeed at once (a crash repeats both)."""


def decide(state: State, fact: Fact) -> tuple[State, Move]:
    """The state after `fact`, and the move that leads there. A fact that says nothing here changes nothing."""
    phase = state.phase
    move = TRANSITIONS.get((phase, fact))
    if move is None:
        return state, Move(phase)
    if move.to is phase:
        return state, move
    status, step = _STORED[move.to]
    reason = None if status in (Status.PENDING, Status.CONFIRMED) else move.reason or state.reason
    return State(status, step or state.step, reason), move


def first_action(state: State) -> Action:
    """What to try when an order is taken up: its step again, or a look at its money when nothing else is due."""
    return _FIRST.get(state.phase, Action.ASK_PAYMENT)
