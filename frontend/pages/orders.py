"""`/orders`: what one has ordered; and one order, also for guests by the link of the mail."""

from uuid import UUID, uuid4

from starlette.responses import Response

from chassis.http import RemoteProblem
from frontend.clients.asking import ORDER_TOKEN, Asker
from frontend.clients.orders import Order
from frontend.happenings import happenings
from frontend.page_models.orders import OrderListPage, OrderPage
from frontend.pages.checkout.waiting import to_payment_page
from frontend.pages.own_order import order_asker
from frontend.routing import AnyVisit, PageRouter, SignedIn
from frontend.visit import Visit

router = PageRouter()

PAGE_SIZE = "20"
CANCELABLE = frozenset({"pending", "confirmed"})
LONGEST_TOKEN = 200


@router.get("/orders")
async def list_orders(visit: AnyVisit, person: SignedIn) -> Response:
    """The person's orders."""
    query = {"limit": PAGE_SIZE}
    if cursor := visit.request.query_params.get("cursor"):
        query["cursor"] = cursor
    if person.is_staff:
        query["email"] = person.email
    found = await visit.shop.orders.page(visit.asker("orders"), query)
    next_href = f"/orders?cursor={found.next_cursor}" if found.next_cursor else None
    return await visit.render("orders.html", OrderListPage(found.items, next_href))


@router.get("/orders/{order_id}")
async def show_order(visit: AnyVisit, order_id: UUID) -> Response:
    """One order. A guest's `?token=` is kept by the browser's session and leaves the address."""
    query = visit.request.query_params
    if token := query.get("token", "")[:LONGEST_TOKEN]:
        return await _keep_token(visit, order_id, token)
    asker = order_asker(visit, order_id)
    if not asker.token and not asker.secrets.get(ORDER_TOKEN):
        return visit.sign_in_first()
    order = await visit.shop.orders.order(asker, order_id)
    page = _order_page(visit, order, is_thanks=query.get("thanks") == "1", is_guest=not asker.token)
    return await visit.render("order.html", page)


async def _keep_token(visit: Visit, order_id: UUID, token: str) -> Response:
    """Only a token that opens the order is kept: nobody fills our table by inventing links."""
    await visit.shop.orders.order(Asker(visit.locale, secrets={ORDER_TOKEN: token}), order_id)
    await visit.keep(visit.session.belongings.with_order(order_id, token))
    return visit.redirect(f"/orders/{order_id}")


@router.post("/orders/{order_id}/cancel")
async def cancel_order(visit: AnyVisit, order_id: UUID) -> Response:
    """Canceling has begun; the provider decides how it ends."""
    await visit.shop.orders.cancel(order_asker(visit, order_id), order_id)
    visit.say("canceling")
    return visit.redirect(f"/orders/{order_id}")


@router.post("/orders/{order_id}/change")
async def change_order(visit: AnyVisit, order_id: UUID) -> Response:
    """The unpaid order is taken back; its things are in the cart as before."""
    await visit.shop.orders.cancel(order_asker(visit, order_id), order_id)
    visit.say("canceled")
    return visit.redirect("/cart")


@router.post("/orders/{order_id}/pay")
async def pay_again(visit: AnyVisit, order_id: UUID) -> Response:
    """On to the provider's page: of the open attempt, or of a new one."""
    try:
        payment = await visit.shop.payments.pay_again(
            order_asker(visit, order_id, service="payments"),
            order_id=order_id,
            return_url=f"{visit.shop.settings.public_origin}/checkout/{order_id}/return",
            key=str(uuid4()),
        )
    except RemoteProblem as refusal:
        if refusal.status != 409:
            raise
        owes_nothing = refusal.code in ("nothing_owed", "already_paid")
        visit.say("nothing_to_pay" if owes_nothing else "cannot_pay")
        return visit.redirect(f"/orders/{order_id}")
    return to_payment_page(visit, order_id, payment.redirect_url)


def _order_page(visit: Visit, order: Order, *, is_thanks: bool, is_guest: bool) -> OrderPage:
    title, text, tone = _summary(visit, order)
    address = order.shipping_address
    return OrderPage(
        order=order,
        title=title,
        text=text,
        tone=tone,
        country=dict(visit.countries()).get(address.country, address.country) if address else "",
        timeline=happenings(order.timeline, visit.gettext, visit.locale),
        can_pay=order.status == "pending",
        can_cancel=order.status in CANCELABLE and order.fulfillment_status == "unfulfilled",
        is_thanks=is_thanks and order.status in ("confirmed", "completed"),
        is_guest=is_guest,
        refreshes=order.status == "canceling",
    )


def _summary(visit: Visit, order: Order) -> tuple[str, str, str]:
    """Title, sentence and tone of what this order's state means for its buyer."""
    words = visit.gettext
    match order.status:
        case "pending":
            return words("Waiting for your payment"), words("Everything is held for you for a while."), "busy"
        case "confirmed":
            text = words("It is paid and set aside for you. We will tell you when it is on its way.")
            return words("Thank you, it is yours"), text, "good"
        case "completed":
            return words("All done"), words("It has arrived. Enjoy it."), "good"
        case "canceling":
            text = words("We are closing the payment. If you had paid, the money goes back to you.")
            return words("Being canceled"), text, "busy"
        case "canceled":
            return words("Canceled"), words("Nothing is owed. What was paid goes back to you."), "quiet"
        case "expired":
            return (
                words("The time to pay ran out"),
                words("Nothing was charged. You can order again."),
                "quiet",
            )
        case _:
            text = words("Something sold out, or the payment was refused for good. Nothing was charged.")
            return words("This order could not be made"), text, "bad"
