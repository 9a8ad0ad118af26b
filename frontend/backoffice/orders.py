"""`/admin/orders`: every order's story, and what staff can do about it."""

from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import Response

from chassis.http import RemoteProblem
from frontend.clients.asking import or_nothing
from frontend.happenings import happenings
from frontend.language import marked as _
from frontend.page_models.backoffice import MailsPage, OneOrderPage, OrdersPage, Tab
from frontend.pages.orders import CANCELABLE
from frontend.routing import AnyVisit, PageRouter, StaffMember

router = PageRouter()

PAGE_SIZE = "50"
STATUSES = (
    ("", _("All")),
    ("pending", _("Waiting for payment")),
    ("confirmed", _("Confirmed")),
    ("completed", _("Completed")),
    ("canceling", _("Being canceled")),
    ("canceled", _("Canceled")),
    ("expired", _("Expired")),
    ("failed", _("Did not work")),
)


@router.get("/admin/orders")
async def list_orders(visit: AnyVisit, staff: StaffMember) -> Response:
    """All orders, or those of one status."""
    del staff
    asked = visit.request.query_params
    status = asked.get("status", "") if asked.get("status") in dict(STATUSES) else ""
    query = {"limit": PAGE_SIZE, "status": status, "cursor": asked.get("cursor", "")}
    found = await visit.shop.orders.page(visit.asker("orders"), {k: v for k, v in query.items() if v})
    tabs = [
        Tab(visit.gettext(label), f"/admin/orders?status={code}" if code else "/admin/orders", code == status)
        for code, label in STATUSES
    ]
    following = {"status": status, "cursor": found.next_cursor or ""}
    next_href = f"/admin/orders?{urlencode(following)}" if found.next_cursor else None
    return await visit.render("admin/orders.html", OrdersPage(tabs, found.items, next_href))


@router.get("/admin/orders/{order_id}")
async def show_order(visit: AnyVisit, staff: StaffMember, order_id: UUID) -> Response:
    """One order: who, what, when, money."""
    del staff
    order = await visit.shop.orders.order(visit.asker("orders"), order_id)
    payments = await or_nothing(
        visit.shop.payments.page(visit.asker("payments"), {"order_id": str(order_id), "limit": "20"})
    )
    address = order.shipping_address
    page = OneOrderPage(
        order=order,
        order_id=order_id,
        country=dict(visit.countries()).get(address.country, address.country) if address else "",
        payments=payments.items if payments else None,
        timeline=happenings(order.timeline, visit.gettext, visit.locale),
        can_cancel=order.status in CANCELABLE,
        can_retry=order.is_stuck,
    )
    return await visit.render("admin/order.html", page)


@router.post("/admin/orders/{order_id}/cancel")
async def cancel(visit: AnyVisit, staff: StaffMember, order_id: UUID) -> Response:
    """Canceling has begun."""
    del staff
    await visit.shop.orders.cancel(visit.asker("orders"), order_id)
    visit.say("canceling")
    return visit.redirect(f"/admin/orders/{order_id}")


@router.post("/admin/orders/{order_id}/retry")
async def retry(visit: AnyVisit, staff: StaffMember, order_id: UUID) -> Response:
    """The stuck order is worked on again."""
    del staff
    await visit.shop.orders.retry(visit.asker("orders"), order_id)
    visit.say("order_retried")
    return visit.redirect(f"/admin/orders/{order_id}")


@router.get("/admin/mails")
async def mails(visit: AnyVisit, staff: StaffMember) -> Response:
    """Mail that was kept instead of sent."""
    del staff
    query = {"limit": PAGE_SIZE}
    if cursor := visit.request.query_params.get("cursor"):
        query["cursor"] = cursor
    try:
        found = await visit.shop.orders.mails(visit.asker("orders"), query)
    except RemoteProblem as refusal:
        if refusal.status != 404:
            raise
        return await visit.render("admin/mails.html", MailsPage([], None))
    next_href = f"/admin/mails?cursor={found.next_cursor}" if found.next_cursor else None
    return await visit.render("admin/mails.html", MailsPage(found.items, next_href))
