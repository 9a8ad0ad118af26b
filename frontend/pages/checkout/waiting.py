"""`/checkout/{order}/return`: back from the provider. Waits for the news, then shows how it went.

`?wait=provider` is the way there instead: for an order whose payment page the provider has not named yet. It leads
on to that page as soon as it is known. Whoever comes back from the provider comes without it, so nobody is sent twice.
Without scripts the page refreshes itself; with them, only the part in the middle is asked for again.
"""

from uuid import UUID

from starlette.responses import Response

from frontend.clients.orders import Order
from frontend.page_models.checkout import UnpaidPage, WaitingPage
from frontend.pages.own_order import order_asker
from frontend.routing import AnyVisit, PageRouter
from frontend.visit import Visit

router = PageRouter()

PATIENCE_SECONDS = 1.5
"""So long orders may look for news, asking the provider meanwhile, before the page is shown."""
QUICK_LOOKS = 8
QUICK_SECONDS = 2
SLOW_SECONDS = 10
DONE = frozenset({"confirmed", "completed"})
OVER = frozenset({"canceled", "expired", "failed", "canceling"})
UNDER_WAY = frozenset({"processing", "authorized", "captured"})
DEAD = frozenset({"failed", "voided"})


@router.get("/checkout/{order_id}/return")
async def back_from_provider(visit: AnyVisit, order_id: UUID) -> Response:
    """Thanks, the wait, or what else one can do."""
    query = visit.request.query_params
    wait = 0.0 if query.get("canceled") == "1" else PATIENCE_SECONDS
    order = await visit.shop.orders.order(order_asker(visit, order_id), order_id, wait=wait)
    if order.status in DONE:
        return visit.redirect(f"/orders/{order_id}?thanks=1")
    if order.status in OVER:
        return await visit.render("checkout/unpaid.html", _over(visit, order))
    if _is_dead(order) or (query.get("canceled") == "1" and not _is_paid_for(order)):
        return await visit.render("checkout/unpaid.html", _turned_back(visit, order))
    is_on_the_way = query.get("wait") == "provider" and not _is_paid_for(order)
    if is_on_the_way and order.payment and order.payment.redirect_url:
        leading_there = visit.redirect_to_provider(order.payment.redirect_url)
        if leading_there is not None:
            return leading_there
    looks = int(query["look"]) if query.get("look", "").isdecimal() and len(query["look"]) < 5 else 0
    page = _before_paying(visit, order, looks) if is_on_the_way else _after_paying(visit, order, looks)
    return await visit.render("checkout/waiting.html", page)


def to_payment_page(visit: Visit, order_id: UUID, url: str | None) -> Response:
    """303 to the provider's page when it is known (and is one), else to the wait for it."""
    leading_there = visit.redirect_to_provider(url) if url else None
    return leading_there or visit.redirect(f"/checkout/{order_id}/return?wait=provider")


def _is_paid_for(order: Order) -> bool:
    return order.payment is not None and order.payment.status in UNDER_WAY


def _is_dead(order: Order) -> bool:
    """Whether nothing can be paid on the attempt any more; the order itself may still be paid by another."""
    return order.payment is not None and order.payment.status in DEAD


def _before_paying(visit: Visit, order: Order, looks: int) -> WaitingPage:
    text = visit.gettext(
        "The payment provider is slow today. Your order is safe; this page goes on by itself."
    )
    if looks >= QUICK_LOOKS:
        text = visit.gettext(
            "The provider still does not answer. Nothing is charged; everything is held for you. "
            "You can pay later from the page of your order."
        )
    return WaitingPage(
        number=order.number,
        title=visit.gettext("The payment page is on its way"),
        text=text,
        again_href=f"/checkout/{order.id}/return?wait=provider&look={looks + 1}",
        seconds=_pause(looks),
        redirect_url=None,
        order_href=f"/orders/{order.id}",
    )


def _after_paying(visit: Visit, order: Order, looks: int) -> WaitingPage:
    text = visit.gettext("A moment, please. The provider is telling us; this page goes on by itself.")
    if looks >= QUICK_LOOKS:
        text = visit.gettext(
            "This takes longer than usual. You may close this page: we go on by ourselves and write to you "
            "when it is done."
        )
    return WaitingPage(
        number=order.number,
        title=visit.gettext("We are confirming your payment"),
        text=text,
        again_href=f"/checkout/{order.id}/return?look={looks + 1}",
        seconds=_pause(looks),
        redirect_url=order.payment.redirect_url if order.payment and not _is_paid_for(order) else None,
        order_href=f"/orders/{order.id}",
    )


def _pause(looks: int) -> int:
    """Seconds until the next look."""
    return SLOW_SECONDS if looks >= QUICK_LOOKS else QUICK_SECONDS


def _turned_back(visit: Visit, order: Order) -> UnpaidPage:
    return UnpaidPage(
        order_id=order.id,
        number=order.number,
        title=visit.gettext("Not paid yet"),
        text=visit.gettext(
            "You came back without paying, or the card was declined. Everything in the order is held for you "
            "for a while: pay now, or change the order."
        ),
        total=order.total,
        can_pay=True,
        can_change=True,
    )


def _over(visit: Visit, order: Order) -> UnpaidPage:
    titles = {
        "canceled": (
            visit.gettext("This order is canceled"),
            visit.gettext("Nothing is owed on it. If money was on its way, it goes back to you."),
        ),
        "canceling": (
            visit.gettext("This order is being canceled"),
            visit.gettext("We are closing the payment. If money was on its way, it goes back to you."),
        ),
        "expired": (
            visit.gettext("The time to pay ran out"),
            visit.gettext(
                "We held everything as long as we could. Your cart is as you left it: order again."
            ),
        ),
        "failed": (
            visit.gettext("This order could not be made"),
            visit.gettext("Something sold out, or the payment was refused for good. Nothing was charged."),
        ),
    }
    title, text = titles[order.status]
    return UnpaidPage(
        order_id=order.id,
        number=order.number,
        title=title,
        text=text,
        total=None,
        can_pay=False,
        can_change=False,
    )
