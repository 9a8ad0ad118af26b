"""`/admin/payments`: all attempts to pay."""

from starlette.responses import Response

from frontend.page_models.backoffice import PaymentsPage
from frontend.routing import AnyVisit, PageRouter, StaffMember

router = PageRouter()

PAGE_SIZE = "50"


@router.get("/admin/payments")
async def list_payments(visit: AnyVisit, staff: StaffMember) -> Response:
    """Newest first."""
    del staff
    query = {"limit": PAGE_SIZE}
    if cursor := visit.request.query_params.get("cursor"):
        query["cursor"] = cursor
    found = await visit.shop.payments.page(visit.asker("payments"), query)
    next_href = f"/admin/payments?cursor={found.next_cursor}" if found.next_cursor else None
    return await visit.render("admin/payments.html", PaymentsPage(found.items, next_href))
