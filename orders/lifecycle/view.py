"""Rows of orders as the wire shows them."""

from typing import Any

import asyncpg

from chassis.schemas import MoneyOut
from orders.lifecycle.schemas import (
    AddressOut,
    EventOut,
    FailureOut,
    OrderLineOut,
    OrderOut,
    OrderSummary,
    PaymentOut,
    SagaOut,
)
from orders.lifecycle.states import FulfillmentStatus, PaymentStatus, Reason, Status, Step


def order_out(row: asyncpg.Record, *, staff: bool, token: str | None = None) -> OrderOut:
    """A row of `reading.read` for a viewer; `token` goes to a guest who has just ordered."""

    def _money(amount: int) -> MoneyOut:
        return MoneyOut(amount=amount, currency=row["currency"])

    waiting = row["status"] == Status.PENDING
    billing = row["billing_address"]
    failure = row["failure"]
    return OrderOut(
        id=row["id"],
        number=row["number"],
        status=Status(row["status"]),
        payment_status=PaymentStatus(row["payment_status"]),
        fulfillment_status=FulfillmentStatus(row["fulfillment_status"]),
        cancel_reason=Reason(row["cancel_reason"]) if row["cancel_reason"] else None,
        failure=FailureOut(code=failure["code"], lines=failure.get("lines", [])) if failure else None,
        email=row["email"],
        locale=row["locale"],
        currency=row["currency"],
        lines=[_line(line, row["currency"]) for line in row["lines"]],
        subtotal=_money(row["subtotal_amount"]),
        discount=_money(row["discount_amount"]),
        shipping=_money(row["shipping_amount"]),
        tax=_money(row["tax_amount"]),
        total=_money(row["total_amount"]),
        tax_included=True,
        coupon=row["coupon_code"],
        shipping_method=row["shipping_method"],
        shipping_method_name=row["shipping_method_name"],
        shipping_address=AddressOut(**row["shipping_address"]),
        billing_address=AddressOut(**billing) if billing else None,
        note=row["note"],
        payment=_payment(row),
        pay_until=row["deadline_at"] if waiting and row["step"] == Step.AWAITING_PAYMENT else None,
        order_token=token,
        customer_id=row["customer_id"],
        cart_id=row["cart_id"],
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        confirmed_at=row["confirmed_at"],
        timeline=[_event(event, staff=staff) for event in row["timeline"] or ()],
        saga=_saga(row) if staff else None,
    )


def summary(row: asyncpg.Record, *, staff: bool) -> OrderSummary:
    """A row of `reading.page`."""
    return OrderSummary(
        id=row["id"],
        number=row["number"],
        status=row["status"],
        payment_status=row["payment_status"],
        fulfillment_status=row["fulfillment_status"],
        email=row["email"],
        total=MoneyOut(amount=row["total_amount"], currency=row["currency"]),
        item_count=row["item_count"],
        name=row["first_line"]["name"],
        image=row["first_line"]["image"],
        stuck=staff and row["stuck"],
        created_at=row["created_at"],
    )


def _payment(row: asyncpg.Record) -> PaymentOut | None:
    if row["payment_id"] is None:
        return None
    payable = row["status"] == Status.PENDING and row["step"] == Step.AWAITING_PAYMENT
    return PaymentOut(
        id=row["payment_id"],
        status=row["payment_state"],
        redirect_url=row["payment_url"] if payable else None,
    )


def _saga(row: asyncpg.Record) -> SagaOut:
    return SagaOut(
        step=row["step"],
        attempts=row["attempts"],
        stuck=row["stuck"],
        next_at=row["next_at"],
        last_error=row["last_error"],
    )


def _event(event: dict[str, Any], *, staff: bool) -> EventOut:
    return EventOut.model_validate({**event, "actor": event["actor"] if staff else None})


def _line(line: dict[str, Any], currency: str) -> OrderLineOut:
    money = {
        name: MoneyOut(amount=line[f"{name}_amount"], currency=currency)
        for name in ("unit_price", "discount", "tax", "total")
    }
    kept = ("id", "sku", "variant_id", "product_id", "slug", "name", "options", "image", "quantity")
    return OrderLineOut(**{name: line[name] for name in kept}, **money)
