"""Payments on the wire: what orders send and get, what people send and get."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from chassis.money import Money
from chassis.schemas import Email, Line, Locale, MoneyIn, MoneyOut, Out, StrictIn, Timestamp, Uuid
from payments.attempts import examples
from payments.attempts.examples import ORDER_ID, RETURN_URL
from payments.attempts.payable import Payable, Wish
from payments.attempts.payment import CAPTURED, Payment

Status = Literal["created", "requires_action", "processing", "authorized", "captured", "failed", "voided"]
WebAddress = Annotated[
    str, StringConstraints(min_length=8, max_length=2000, pattern=r"^https?://[^\s\\@\x00-\x20\x7f]+$")
]
TokenHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class PaymentPut(StrictIn):
    """An attempt to pay an order, and how it shall run."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PUT]})

    order_id: Annotated[Uuid, Field(examples=[ORDER_ID])]
    order_number: Annotated[Line, Field(max_length=40, examples=["7KQ4M2XD"])]
    amount: MoneyIn
    method: Annotated[Line, Field(max_length=40, examples=["card"])]
    email: Annotated[Email, Field(examples=["anna@example.com"])]
    customer_id: Uuid | None
    order_token_hash: Annotated[
        TokenHash | None, Field(description="SHA-256 of the guest's order token, hexadecimal.")
    ]
    success_url: Annotated[WebAddress, Field(examples=[RETURN_URL])]
    cancel_url: Annotated[WebAddress, Field(examples=[f"{RETURN_URL}?canceled=1"])]
    session_seconds: Annotated[int, Field(ge=1, le=86_400, examples=[1860])]
    locale: Locale

    def payable(self) -> Payable:
        """What the order is owed."""
        return Payable(
            self.order_id,
            self.order_number,
            self.amount.money(),
            self.customer_id,
            self.order_token_hash,
            self.email,
        )

    def wish(self) -> Wish:
        """How the attempt shall run."""
        return Wish(self.method, self.success_url, self.cancel_url, self.session_seconds, self.locale)


class SyncPut(StrictIn):
    """Nothing to say: the provider is asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class CapturePut(StrictIn):
    """What is taken: all that is due."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"amount": examples.AMOUNT}]})

    amount: MoneyIn


class VoidPut(StrictIn):
    """Why, and whether an authorization is given back too."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"only_if_unpaid": True, "reason": "deadline"}]}
    )

    only_if_unpaid: bool
    reason: Annotated[Line, Field(examples=["deadline"])]


class PaymentFact(Out):
    """What is known about one payment. Amounts beside `amount` are minor units of the same currency."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.FACT]})

    id: Uuid
    order_id: Annotated[
        Uuid | None, Field(description="Null for an id that was voided before it was asked for.")
    ]
    provider: str
    status: Status
    amount: MoneyOut
    authorized: int
    captured: int
    refund_reserved: int
    refunded: int
    quarantined: bool
    redirect_url: str | None
    session_expires_at: Timestamp | None

    @classmethod
    def of(cls, payment: Payment) -> "PaymentFact":
        return cls(
            id=payment.id,
            order_id=payment.order_id,
            provider=payment.provider,
            status=payment.status,
            amount=MoneyOut.of(payment.due),
            authorized=payment.authorized,
            captured=payment.captured,
            refund_reserved=payment.refund_reserved,
            refunded=payment.refunded,
            quarantined=payment.quarantined,
            redirect_url=payment.redirect_url,
            session_expires_at=payment.session_expires_at,
        )


class PayableOut(Out):
    """What an order is owed, and every attempt to pay it, the newest last. Sums count money that is or was there."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PAYABLE]})

    order_id: Uuid
    amount: MoneyOut
    payments: list[PaymentFact]
    authorized: int
    captured: int
    refunded: int

    @classmethod
    def of(cls, payable: Payable, payments: list[Payment]) -> "PayableOut":
        return cls(
            order_id=payable.order_id,
            amount=MoneyOut.of(payable.due),
            payments=[PaymentFact.of(each) for each in payments],
            authorized=sum(each.authorized for each in payments if each.is_live),
            captured=sum(each.captured for each in payments),
            refunded=sum(each.refunded for each in payments),
        )


class PaymentPost(StrictIn):
    """A new attempt. The amount is never the caller's: it is what the order is owed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"order_id": ORDER_ID, "method": "card", "return_url": RETURN_URL}]}
    )

    order_id: Annotated[Uuid, Field(examples=[ORDER_ID])]
    method: Annotated[Line, Field(max_length=40, examples=["card"])]
    return_url: Annotated[
        WebAddress | None,
        Field(description="Where the shopper comes back to, on this shop's origin.", examples=[RETURN_URL]),
    ] = None


class ReturnPut(StrictIn):
    """Where the shopper of a further attempt comes back to."""

    return_url: Annotated[WebAddress, Field(examples=[RETURN_URL])]


class OperationOut(Out):
    """One thing asked of the provider, or seen there."""

    kind: Literal["authorize", "capture", "void", "refund"]
    status: Literal["pending", "succeeded", "failed", "unknown"]
    amount: MoneyOut
    code: Annotated[
        str | None,
        Field(description="Why it failed, in the provider's words.", examples=["insufficient_funds"]),
    ]
    created_at: Timestamp


class PaymentOut(Out):
    """One attempt to pay an order."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PAYMENT]})

    id: Annotated[Uuid, Field(examples=[examples.ID])]
    order_id: Annotated[Uuid | None, Field(examples=[ORDER_ID])]
    order_number: Annotated[str, Field(examples=["7KQ4M2XD"])]
    provider: Annotated[str, Field(examples=["stripe"])]
    method: Annotated[str, Field(examples=["card"])]
    status: Status
    amount: MoneyOut
    authorized: MoneyOut
    captured: MoneyOut
    refunded: MoneyOut
    operations: list[OperationOut]
    redirect_url: Annotated[
        str | None, Field(description="Where the shopper pays; null when it is too late or too early.")
    ]
    quarantined: bool
    quarantine_reason: Annotated[str | None, Field(description="For staff only, else null.")]
    created_at: Timestamp

    @classmethod
    def of(cls, payment: Payment, *, for_staff: bool) -> "PaymentOut":
        def money(amount: int) -> MoneyOut:
            return MoneyOut.of(Money(amount, payment.due.currency))

        can_be_paid = payment.is_live and payment.status != CAPTURED
        return cls(
            id=payment.id,
            order_id=payment.order_id,
            order_number=payment.order_number,
            provider=payment.provider,
            method=payment.method,
            status=payment.status,
            amount=MoneyOut.of(payment.due),
            authorized=money(payment.authorized),
            captured=money(payment.captured),
            refunded=money(payment.refunded),
            operations=[
                OperationOut(
                    kind=each.kind,
                    status=each.status,
                    amount=money(each.amount),
                    code=each.code,
                    created_at=each.created_at,
                )
                for each in payment.operations
            ],
            redirect_url=payment.redirect_url if can_be_paid else None,
            quarantined=payment.quarantined,
            quarantine_reason=payment.quarantine_reason if for_staff else None,
            created_at=payment.created_at,
        )
