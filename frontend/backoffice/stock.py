"""`/admin/products/{id}/stock`: counting goods in and out."""

import asyncio
from uuid import UUID, uuid4

from starlette.responses import Response

from chassis.http import RemoteProblem
from frontend.clients.products import Product
from frontend.forms import posted, whole_number
from frontend.page_models.backoffice import StockPage
from frontend.routing import AnyVisit, PageRouter, StaffMember
from frontend.visit import Visit

router = PageRouter()

MOST = 10**9
MOST_SHOWN = 30


@router.get("/admin/products/{product_id}/stock")
async def show_stock(visit: AnyVisit, staff: StaffMember, product_id: UUID) -> Response:
    """Counters and movements of each variant."""
    del staff
    product = await visit.shop.products.product(visit.asker("products"), str(product_id))
    return await _show(visit, product)


@router.post("/admin/products/{product_id}/stock")
async def adjust(visit: AnyVisit, staff: StaffMember, product_id: UUID) -> Response:
    """So many more or fewer are on hand, for a reason that is written down."""
    del staff
    asker = visit.asker("products")
    product = await visit.shop.products.product(asker, str(product_id))
    form = await posted(visit.request)
    delta = whole_number(form.text("delta"), least=-MOST, most=MOST)
    if not delta or not form.text("reason") or all(form.text("sku") != v.sku for v in product.variants):
        words = visit.gettext("Say how many came or went (for example 5 or -2), and why.")
        return await _show(visit, product, problem=words, status=422)
    try:
        await visit.shop.products.adjust_stock(
            asker, form.text("sku"), delta=delta, reason=form.text("reason")[:200], key=form.text("key")[:100]
        )
    except RemoteProblem as refusal:
        if refusal.status not in (409, 422):
            raise
        words = visit.gettext("That many are not there to take away.")
        return await _show(visit, product, problem=words, status=refusal.status)
    visit.say("stock_adjusted")
    return visit.redirect(f"/admin/products/{product_id}/stock")


async def _show(visit: Visit, product: Product, *, problem: str = "", status: int = 200) -> Response:
    asker = visit.asker("products")
    shown = product.variants[:MOST_SHOWN]
    stocks = await asyncio.gather(*(visit.shop.products.stock(asker, variant.sku) for variant in shown))
    return await visit.render(
        "admin/stock.html", StockPage(product, list(stocks), str(uuid4()), problem), status=status
    )
