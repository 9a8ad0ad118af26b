"""The words of an order's life, and how its three stored columns name the phase it is in."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What a shopper is told."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    CANCELING = "canceling"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELED = "canceled"


class Step(StrEnum):
    """How far the saga has come."""

    PLACED = "placed"
    HELD = "held"
    AWAITING_PAYMENT = "awaiting_payment"
    AUTHORIZED = "authorized"
    ALLOCATED = "allocated"
    CAPTURED = "captured"
    CLOSED = "closed"


class Reason(StrEnum):
    """Why an order is being, or was, canceled."""

    CUSTOMER = "customer"
    STAFF = "staff"
    DEADLINE = "deadline"
    STOCK_UNAVAILABLE = "stock_unavailable"
    PAYMENT_DECLINED = "payment_declined"


class PaymentStatus(StrEnum):
    """What has become of the money, derived from payments' facts alone."""

    UNPAID = "unpaid"
    AUTHORIZED = "authorized"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"


class FulfillmentStatus(StrEnum):
    """What has become of the goods."""

    UNFULFILLED = "unfulfilled"
    PARTIALLY_FULFILLED = "partially_fulfilled"
    FULFILLED = "fulfilled"
    DELIVERED = "delivered"


class Phase(StrEnum):
    """One name for each situation in which the saga behaves differently."""

    PLACED = "placed"
    HELD = "held"
    AWAITING_PAYMENT = "awaiting_payment"
    AUTHORIZED = "authorized"
    ALLOCATED = "allocated"
    CAPTURED = "captured"
    CLOSED = "closed"
    COMPLETED = "completed"
    TIMING_OUT = "timing_out"
    """The deadline has passed and the payment door is being closed."""
    PAID_LATE = "paid_late"
    """The door could not be closed: the money had come. It is given its goods, if there still are any."""
    CANCELING = "canceling"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELED = "canceled"


FINAL = frozenset({Phase.FAILED, Phase.EXPIRED, Phase.CANCELED})
"""No way leads out of these."""
SETTLED = FINAL | {Phase.CLOSED, Phase.COMPLETED}
"""Nothing more is due by itself."""
IN_MOTION = frozenset({Status.PENDING, Status.CANCELING})


@dataclass(frozen=True, slots=True)
class State:
    """The stored columns that say where an order is."""

    status: Status
    step: Step
    reason: Reason | None = None

    @property
    def phase(self) -> Phase:
        """Which situation this is."""
        match self.status:
            case Status.PENDING:
                return Phase(self.step)
            case Status.CONFIRMED:
                return Phase(self.step)
            case Status.CANCELING if self.reason is Reason.DEADLINE:
                return Phase.PAID_LATE if self.step is Step.AUTHORIZED else Phase.TIMING_OUT
            case _:
                return Phase(self.status)


@dataclass(frozen=True, slots=True)
class Money:
    """What payments say in sum about an order, in minor units."""

    authorized: int = 0
    captured: int = 0
    refunded: int = 0


def payment_status(money: Money, *, total: int, door_closed: bool) -> PaymentStatus:
    """The one derivation of `payment_status`. `door_closed`: nothing can be paid on this order any more."""
    if money.captured:
        if money.refunded >= money.captured:
            return PaymentStatus.REFUNDED
        return PaymentStatus.PARTIALLY_REFUNDED if money.refunded else PaymentStatus.PAID
    if door_closed:
        return PaymentStatus.VOIDED
    if money.authorized:
        return PaymentStatus.AUTHORIZED
    return PaymentStatus.PAID if total == 0 else PaymentStatus.UNPAID
