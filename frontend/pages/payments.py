"""`/payments`: what one has paid, tried to pay, and got back."""

from starlette.responses import Response

from frontend.page_models.orders import PaymentListPage
from frontend.routing import AnyVisit, PageRouter, SignedIn

router = PageRouter()

PAGE_SIZE = "20"


@router.get("/payments")
async def list_payments(visit: AnyVisit, person: SignedIn) -> Response:
    """The person's payments."""
    query = {"limit": PAGE_SIZE}
    if cursor := visit.request.query_params.get("cursor"):
        query["cursor"] = cursor
    if person.is_staff:
        query["customer_id"] = str(person.id)
    found = await visit.shop.payments.page(visit.asker("payments"), query)
    next_href = f"/payments?cursor={found.next_cursor}" if found.next_cursor else None
    return await visit.render("payments.html", PaymentListPage(found.items, next_href))
