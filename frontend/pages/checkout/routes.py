"""`/checkout`: one page from the cart to the provider's door. Works without scripts by a button for the totals."""

from uuid import UUID, uuid4

from starlette.responses import Response

from chassis.http import RemoteProblem, RemoteUnavailable
from chassis.schemas import MoneyOut
from frontend.clients.orders import Order, OrderToPlace
from frontend.forms import Posted, posted
from frontend.pages.checkout import form as fields
from frontend.pages.checkout import messages, waiting
from frontend.pages.checkout.refused import refused, unsure
from frontend.pages.checkout.show import show
from frontend.routing import AnyVisit, PageRouter
from frontend.visit import Visit

router = PageRouter()
router.include_router(waiting.router)


@router.get("/checkout")
async def show_checkout(visit: AnyVisit) -> Response:
    """The form, filled with what we know."""
    cart = await visit.shop.cart.cart(visit.asker("cart"))
    if not cart.items:
        return visit.redirect("/cart")
    addresses = await visit.shop.accounts.addresses(visit.person) if visit.person else []
    form = Posted(fields.first_values(visit, visit.person, addresses[0] if addresses else None))
    return await show(visit, cart, form)


@router.post("/checkout")
async def send_checkout(visit: AnyVisit) -> Response:
    """`action=pay` places the order and leads to the provider; anything else shows the new totals."""
    form = await posted(visit.request)
    cart = await visit.shop.cart.cart(visit.asker("cart"))
    if not cart.items or cart.id is None:
        return visit.redirect("/cart")
    if form.text("action") != "pay":
        await _fill_from_book(visit, form)
        return await show(visit, cart, form)
    fields.check(visit, form)
    if form.errors:
        return await show(visit, cart, form, status=422)
    try:
        order = await _place(visit, cart.id, form)
    except RemoteProblem as refusal:
        return await refused(visit, cart, form, refusal)
    except RemoteUnavailable as silence:
        if silence.reason == "status 429":
            return await show(visit, cart, form, notes=[messages.too_many(visit)], status=429)
        return await unsure(visit, cart, form)
    return waiting.to_payment_page(visit, order.id, order.payment.redirect_url if order.payment else None)


async def _fill_from_book(visit: Visit, form: Posted) -> None:
    """The address chosen from the person's book is in the form."""
    if visit.person is None or not form.text("from_book"):
        return
    for entry in await visit.shop.accounts.addresses(visit.person):
        if str(entry.id) == form.text("from_book"):
            form.values |= {name: getattr(entry, name) for name in fields.ADDRESS}


async def _place(visit: Visit, cart_id: UUID, form: Posted) -> Order:
    expected = None
    if form.text("expected_amount").isdecimal() and form.text("expected_currency"):
        expected = MoneyOut(
            amount=int(form.text("expected_amount")[:15]), currency=form.text("expected_currency")[:3]
        )
    order = OrderToPlace(
        cart_id=cart_id,
        email=form.text("email"),
        shipping_address=fields.shipping_address(form),
        shipping_method=form.text("shipping_method"),
        coupon=form.text("coupon") or None,
        note=form.text("note") or None,
        expected_total=expected,
    )
    key = form.text("key")[: fields.LONGEST_KEY] or str(uuid4())
    placed = await visit.shop.orders.place(visit.asker("orders"), order, key=key)
    if placed.order_token:
        await visit.keep(visit.session.belongings.with_order(placed.id, placed.order_token))
    return placed
