"""`/admin`: today, and what needs doing."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from starlette.responses import Response

from chassis.schemas import MoneyOut
from frontend.clients.asking import or_none
from frontend.clients.orders import OrderSummary
from frontend.page_models.backoffice import DashboardPage
from frontend.routing import AnyVisit, PageRouter, StaffMember

router = PageRouter()

LOOKED_AT = 100
SHOWN = 10
PAID = frozenset({"authorized", "paid", "partially_refunded"})


@router.get("/admin")
async def dashboard(visit: AnyVisit, staff: StaffMember) -> Response:
    """The newest orders summed up, and lists of what waits for somebody."""
    del staff
    shop = visit.shop
    orders, products = await asyncio.gather(
        or_none(shop.orders.page(visit.asker("orders"), {"limit": str(LOOKED_AT)})),
        or_none(shop.products.page(visit.asker("products"), {"limit": str(LOOKED_AT), "status": "active"})),
    )
    found = orders.items if orders else []
    today = [order for order in found if order.created_at.date() == datetime.now(UTC).date()]
    sendable = ("unfulfilled", "partially_fulfilled")
    to_send = [o for o in found if o.status == "confirmed" and o.fulfillment_status in sendable]
    waiting = [order for order in found if order.status == "pending"]
    page = DashboardPage(
        orders_today=len(today),
        to_send_count=len(to_send),
        waiting_count=len(waiting),
        sales_today=_sales(today, shop.settings.currency),
        is_more=len(today) == LOOKED_AT,
        to_send=to_send[:SHOWN],
        waiting=waiting[:SHOWN],
        troubled=[order for order in found if order.status == "canceling" or order.is_stuck][:SHOWN],
        sold_out=[product for product in products.items if product.available == 0][:SHOWN]
        if products
        else [],
        away=[
            name
            for name, answer in ((visit.gettext("Orders"), orders), (visit.gettext("Products"), products))
            if answer is None
        ],
    )
    return await visit.render("admin/dashboard.html", page)


def _sales(orders: Sequence[OrderSummary], currency: str) -> MoneyOut:
    """What of today's orders is paid or authorized."""
    paid = [
        order.total.amount
        for order in orders
        if order.payment_status in PAID and order.total.currency == currency
    ]
    return MoneyOut(amount=sum(paid), currency=currency)
