"""`/admin/products`: the catalogue as staff keep it."""

from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import Response

from chassis.http import RemoteProblem
from frontend.backoffice.product_form import body_of, posted_rows, rows_of, values_of
from frontend.clients.asking import Asker, or_nothing
from frontend.clients.products import Category, Product
from frontend.forms import posted, whole_number
from frontend.language import marked as _
from frontend.page_models.backoffice import ProductFormPage, ProductsPage, Tab, VariantRow
from frontend.pages.catalog import category_names
from frontend.routing import AnyVisit, PageRouter, StaffMember
from frontend.visit import Visit

router = PageRouter()

PAGE_SIZE = "50"
STATUSES = (("active", _("On sale")), ("draft", _("Drafts")), ("archived", _("Archived")))
MOST_VERSION = 2**62

REFUSALS = {
    "sku_taken": _("Another product has one of these article codes."),
    "slug_taken": _("Another product has this address."),
    "unknown_category": _("There is no such category."),
    "precondition_failed": _(
        "Somebody else changed this product meanwhile. Look at it again before you save."
    ),
}


@router.get("/admin/products")
async def list_products(visit: AnyVisit, staff: StaffMember) -> Response:
    """Products of a status, searched."""
    del staff
    asked = visit.request.query_params
    search = asked.get("q", "").strip()[:200]
    status = asked.get("status", "") if asked.get("status") in dict(STATUSES) else "active"
    query = {"limit": PAGE_SIZE, "q": search, "status": status, "cursor": asked.get("cursor", "")}
    found = await visit.shop.products.page(
        visit.asker("products"), {key: value for key, value in query.items() if value}
    )
    tabs = [
        Tab(
            visit.gettext(label),
            f"/admin/products?{urlencode({'status': code, 'q': search})}",
            code == status,
        )
        for code, label in STATUSES
    ]
    following = {"status": status, "q": search, "cursor": found.next_cursor or ""}
    next_href = f"/admin/products?{urlencode(following)}" if found.next_cursor else None
    page = ProductsPage(search, status, tabs, found.items, next_href)
    return await visit.render("admin/products.html", page)


@router.get("/admin/products/new")
async def show_new(visit: AnyVisit, staff: StaffMember) -> Response:
    """An empty form."""
    del staff
    return await _show(visit, None, values_of(None), rows_of(None))


@router.post("/admin/products/new")
async def create(visit: AnyVisit, staff: StaffMember) -> Response:
    """The product is there."""
    del staff
    form = await posted(visit.request)
    rows = posted_rows(form)
    body, errors = body_of(form, rows, product=None, currency=visit.shop.settings.currency)
    if not errors:
        try:
            product = await visit.shop.products.create(_english(visit), body)
        except RemoteProblem as refusal:
            errors = _words(refusal)
        else:
            visit.say("product_created")
            return visit.redirect(f"/admin/products/{product.id}")
    return await _show(visit, None, {**values_of(None), **form.values}, rows, errors)


@router.get("/admin/products/{product_id}")
async def show_product(visit: AnyVisit, staff: StaffMember, product_id: UUID) -> Response:
    """The form filled with the product."""
    del staff
    product = await visit.shop.products.product(_english(visit), str(product_id))
    return await _show(visit, product, values_of(product), rows_of(product))


@router.post("/admin/products/{product_id}")
async def change(visit: AnyVisit, staff: StaffMember, product_id: UUID) -> Response:
    """The product is as the form says, unless somebody else changed it since the form was shown."""
    del staff
    form = await posted(visit.request)
    product = await visit.shop.products.product(_english(visit), str(product_id))
    rows = posted_rows(form)
    body, errors = body_of(form, rows, product=product, currency=visit.shop.settings.currency)
    version = whole_number(form.text("version")[:12], least=0, most=MOST_VERSION)
    if not errors:
        try:
            await visit.shop.products.change(_english(visit), product_id, version or 0, body)
        except RemoteProblem as refusal:
            errors = _words(refusal)
        else:
            visit.say("product_saved")
            return visit.redirect(f"/admin/products/{product_id}")
    return await _show(visit, product, {**values_of(product), **form.values}, rows, errors)


@router.post("/admin/products/{product_id}/archive")
async def archive(visit: AnyVisit, staff: StaffMember, product_id: UUID) -> Response:
    """Shoppers do not see the product any more."""
    del staff
    product = await visit.shop.products.product(_english(visit), str(product_id))
    await visit.shop.products.archive(_english(visit), product_id, product.version)
    visit.say("product_archived")
    return visit.redirect("/admin/products")


def _english(visit: Visit) -> Asker:
    """Staff edit the English texts, which are the canonical ones, whatever language they read pages in."""
    return Asker("en", visit.asker("products").token)


def _words(refusal: RemoteProblem) -> list[str]:
    """Why the service refused, for staff. Raises the refusal again when it is not about the form."""
    if refusal.code in REFUSALS:
        return [REFUSALS[refusal.code]]
    if refusal.status == 422:
        places = [
            f"{error.get('pointer')}: {error.get('message')}" for error in refusal.body.get("errors") or []
        ]
        return places or [refusal.detail]
    raise refusal


def _flat(categories: list[Category], depth: int = 0) -> list[tuple[str, str]]:
    found = []
    for category in categories:
        found.append((category.slug, "– " * depth + category.name))
        found += _flat(category.children, depth + 1)
    return found


async def _show(
    visit: Visit,
    product: Product | None,
    values: dict[str, str],
    rows: list[VariantRow],
    errors: list[str] | None = None,
) -> Response:
    categories = await or_nothing(visit.shop.products.categories(visit.locale)) or []
    options = _flat(categories)
    if values["category"] and values["category"] not in category_names(categories):
        options.append((values["category"], values["category"]))
    page = ProductFormPage(
        product=product,
        values=values,
        rows=rows,
        categories=options,
        currency=visit.shop.settings.currency,
        errors=[visit.gettext(error) for error in errors or []],
    )
    return await visit.render("admin/product.html", page, status=422 if errors else 200)
