"""What the saga's actions do in the world, and which fact each finds. No database transaction, no decision."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid5

from chassis.database import Database
from chassis.money import Money
from chassis.schemas import MoneyOut
from orders.clients.cart import Carts
from orders.clients.payments import DEAD, AnotherLive, PaymentRequest, Payments, Refused
from orders.clients.products import Held, Products, Released, Short
from orders.lifecycle.facts import (
    Finding,
    NeedsStaff,
    NotYet,
    out_of_stock,
    read_closing,
    read_payable,
    read_payment,
    sums,
)
from orders.lifecycle.queries import refunds
from orders.lifecycle.queries.saga import Lease, SagaOrder
from orders.lifecycle.rules import Action, Fact
from orders.lifecycle.states import Reason
from orders.settings import Settings


def payment_id(order_id: UUID, attempt: int) -> UUID:
    """The id of an order's n-th payment (1, 2, …): known to both sides before anything is sent."""
    return uuid5(order_id, str(attempt))


class Effects:
    """The saga's hands. Each action may be repeated; each raises RemoteUnavailable or NotYet while unsure."""

    def __init__(
        self, db: Database, *, carts: Carts, products: Products, payments: Payments, settings: Settings
    ) -> None:
        self._db = db
        self._carts = carts
        self._products = products
        self._payments = payments
        self._settings = settings
        self._hands: dict[Action, Callable[[SagaOrder, Lease], Awaitable[Finding]]] = {
            Action.HOLD: self._hold,
            Action.OPEN_PAYMENT: self._open_payment,
            Action.ASK_PAYMENT: self._ask_payment,
            Action.ALLOCATE: self._allocate,
            Action.CAPTURE: self._capture,
            Action.CLEAR_CART: self._clear_cart,
            Action.CLOSE_UNPAID: self._close_unpaid,
            Action.CLOSE_PAYMENT: self._close_payment,
            Action.RETURN_MONEY: self._return_money,
            Action.RELEASE: self._release,
        }

    async def do(self, action: Action, order: SagaOrder, lease: Lease) -> Finding:
        """What `action` found. Raises RemoteUnavailable, RemoteProblem, NotYet or NeedsStaff."""
        return await self._hands[action](order, lease)

    async def sync(self, order: SagaOrder) -> None:
        """Payments have asked the provider about the order's payment."""
        if order.payment_id is not None:
            await self._payments.sync(order.payment_id)

    async def _hold(self, order: SagaOrder, _: Lease) -> Finding:
        match await self._products.hold(order.id, order.lines, seconds=self._settings.hold_seconds):
            case Held():
                return Finding(Fact.STOCK_HELD)
            case Short(shortages):
                return Finding(Fact.STOCK_SHORT, failure=out_of_stock(shortages))
            case Released():
                return Finding(Fact.HOLD_ENDED)

    async def _open_payment(self, order: SagaOrder, _: Lease) -> Finding:
        if order.total.amount == 0:
            return Finding(Fact.NOTHING_TO_PAY)
        opened = await self._payments.open(payment_id(order.id, 1), self._request(order))
        if isinstance(opened, AnotherLive):
            return read_payable(await self._payments.payable(order.id))
        if isinstance(opened, Refused) or opened.status in DEAD:
            return Finding(Fact.PAYMENT_REFUSED, failure={"code": "payment_refused"})
        found = read_payment(opened)
        if found.fact is Fact.PAYMENT_OPEN and opened.redirect_url is None:
            raise NotYet("the payment page")
        return found

    async def _ask_payment(self, order: SagaOrder, _: Lease) -> Finding:
        if order.total.amount == 0:
            return Finding(Fact.NOTHING_TO_PAY)
        return read_payable(await self._payments.payable(order.id))

    async def _allocate(self, order: SagaOrder, _: Lease) -> Finding:
        match await self._products.allocate(order.id):
            case Held():
                return Finding(Fact.STOCK_ALLOCATED)
            case Short(shortages):
                return Finding(Fact.STOCK_SHORT, failure=out_of_stock(shortages))
            case Released():
                return Finding(Fact.STOCK_SHORT, failure=out_of_stock(()))

    async def _capture(self, order: SagaOrder, _: Lease) -> Finding:
        if order.total.amount == 0:
            return Finding(Fact.NOTHING_TO_PAY)
        captured = await self._payments.capture(order.payment_id or payment_id(order.id, 1), order.total)
        if isinstance(captured, Refused) or captured.status in DEAD:
            return Finding(Fact.CAPTURE_DECLINED, failure={"code": "payment_declined"})
        if captured.status != "captured":
            raise NotYet("the capture")
        if captured.captured != order.total.amount:
            raise NeedsStaff("another amount was captured")
        return read_payment(captured)

    async def _clear_cart(self, order: SagaOrder, _: Lease) -> Finding:
        await self._carts.clear(order.id, order.cart_id, order.lines)
        return Finding(Fact.CART_CLEARED)

    async def _close_unpaid(self, order: SagaOrder, _: Lease) -> Finding:
        return await self._close(order, only_if_unpaid=True)

    async def _close_payment(self, order: SagaOrder, _: Lease) -> Finding:
        return await self._close(order, only_if_unpaid=False)

    async def _close(self, order: SagaOrder, *, only_if_unpaid: bool) -> Finding:
        """The payment door is shut for good, or money stands in it. One that was never opened gets a tombstone.

        After a void people begin no new attempt; one that they began just before it is only then seen for sure.
        """
        if order.total.amount == 0:
            return Finding(Fact.PAYMENT_CLOSED)
        known = (await self._payments.payable(order.id)).payments
        newest = known[-1].id if known else payment_id(order.id, 1)
        closing = [*(payment.id for payment in known[:-1] if payment.status not in DEAD), newest]
        reason = (order.state.reason or Reason.STAFF).value
        facts = [
            await self._payments.void(each, only_if_unpaid=only_if_unpaid, reason=reason) for each in closing
        ]
        after = (await self._payments.payable(order.id)).payments
        if any(payment.id not in closing and payment.status not in DEAD for payment in after):
            raise NotYet("an attempt that was begun meanwhile")
        return read_closing(facts, only_if_unpaid=only_if_unpaid)

    async def _return_money(self, order: SagaOrder, lease: Lease) -> Finding:
        """Everything that was captured is on its way back. Each refund is written here before it is sent."""
        await self._send_refunds(order)
        reason = (order.state.reason or Reason.STAFF).value
        for payment in (await self._payments.payable(order.id)).payments:
            if payment.unreturned > 0:
                amount = Money(payment.unreturned, order.total.currency)
                if not await refunds.request(
                    self._db, lease, payment_id=payment.id, amount=amount, reason=reason
                ):
                    raise NotYet("the lease")
        await self._send_refunds(order)
        payable = await self._payments.payable(order.id)
        if any(payment.unreturned > 0 for payment in payable.payments):
            raise NotYet("the refund")
        return Finding(Fact.MONEY_RETURNED, money=sums(payable.payments))

    async def _send_refunds(self, order: SagaOrder) -> None:
        for wanted in await refunds.requested(self._db, order.id):
            answer = await self._payments.refund(
                wanted.id, payment_id=wanted.payment_id, amount=wanted.amount, reason=wanted.reason
            )
            status = "failed" if isinstance(answer, Refused) else answer.status
            await refunds.answered(self._db, wanted.id, status)

    async def _release(self, order: SagaOrder, _: Lease) -> Finding:
        reason = order.state.reason.value if order.state.reason else "payment_refused"
        await self._products.release(order.id, reason=reason)
        return Finding(Fact.STOCK_RELEASED)

    def _request(self, order: SagaOrder) -> PaymentRequest:
        joint = "&" if "?" in order.return_url else "?"
        return PaymentRequest(
            order_id=order.id,
            order_number=order.number,
            amount=MoneyOut.of(order.total),
            method=order.payment_method,
            email=order.email,
            customer_id=order.customer_id,
            order_token_hash=order.token_hash.hex() if order.token_hash else None,
            success_url=order.return_url,
            cancel_url=f"{order.return_url}{joint}canceled=1",
            session_seconds=self._settings.session_seconds,
            locale=order.locale,
        )
