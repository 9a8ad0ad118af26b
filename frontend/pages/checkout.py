"""`/checkout`: one page from the cart to the provider's door. Works without scripts by a button for the totals."""

from typing import Any
from uuid import UUID, uuid4

from starlette.responses import Response

from chassis.http import RemoteProblem, RemoteUnavailable
from chassis.schemas import MoneyOut
from frontend.clients.cart import Cart
from frontend.clients.orders import Order, OrderToPlace, Quote
from frontend.forms import Posted, posted
from frontend.language import marked as _
from frontend.page_models.checkout import CheckoutPage, Message, Shortage, ShortPage, UnpaidPage
from frontend.pages import checkout_form as fields
from frontend.pages import waiting
from frontend.pages.cart import cart_page
from frontend.routing import AnyVisit, PageRouter
from frontend.visit import Visit

router = PageRouter()
router.include_router(waiting.router)

LONGEST_KEY = 100


@router.get("/checkout")
async def show_checkout(visit: AnyVisit) -> Response:
    """The form, filled with what we know."""
    cart = await visit.shop.cart.cart(visit.asker("cart"))
    if not cart.items:
        return visit.redirect("/cart")
    addresses = await visit.shop.accounts.addresses(visit.person) if visit.person else []
    form = Posted(fields.first_values(visit, visit.person, addresses[0] if addresses else None))
    return await _show(visit, cart, form)


@router.post("/checkout")
async def send_checkout(visit: AnyVisit) -> Response:
    """`action=pay` places the order and leads to the provider; anything else shows the new totals."""
    form = await posted(visit.request)
    cart = await visit.shop.cart.cart(visit.asker("cart"))
    if not cart.items or cart.id is None:
        return visit.redirect("/cart")
    if form.text("action") != "pay":
        await _fill_from_book(visit, form)
        return await _show(visit, cart, form)
    fields.check(visit, form)
    if form.errors:
        return await _show(visit, cart, form, status=422)
    try:
        order = await _place(visit, cart.id, form)
    except RemoteProblem as refusal:
        return await _refused(visit, cart, form, refusal)
    except RemoteUnavailable as silence:
        if silence.reason == "status 429":
            return await _show(visit, cart, form, messages=[_too_many(visit)], status=429)
        return await _unsure(visit, cart, form)
    return await _to_provider(visit, order)


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
    key = form.text("key")[:LONGEST_KEY] or str(uuid4())
    placed = await visit.shop.orders.place(visit.asker("orders"), order, key=key)
    if placed.order_token:
        await visit.keep(visit.session.belongings.with_order(placed.id, placed.order_token))
    return placed


async def _to_provider(visit: Visit, order: Order) -> Response:
    url = order.payment.redirect_url if order.payment else None
    leading_there = visit.redirect_to_provider(url) if url else None
    return leading_there or visit.redirect(f"/checkout/{order.id}/return")


async def _refused(visit: Visit, cart: Cart, form: Posted, refusal: RemoteProblem) -> Response:
    match refusal.code:
        case "price_changed":
            words = _(
                "The total has changed since you looked. Please check the new one; nothing is ordered yet."
            )
            message = Message(visit.gettext("A price has changed"), visit.gettext(words))
            return await _show(visit, cart, form, messages=[message], status=409)
        case "out_of_stock":
            return await visit.render("checkout/short.html", _short_page(cart, refusal.body), status=409)
        case "order_in_progress":
            return await _in_progress(visit, refusal.body)
        case "payment_refused":
            return await _show(visit, cart, form, messages=[_payment_refused(visit)], status=409)
        case "not_sellable":
            return await _show(visit, cart, form, messages=[_not_sold(visit)], status=409)
        case "cart_empty" | "cart_not_found":
            return visit.redirect("/cart")
    if refusal.status == 422:
        form.errors |= fields.refused_fields(refusal.body)
        general = Message(
            visit.gettext("Something is not right yet"),
            visit.gettext("Please check the marked fields; nothing is ordered yet."),
            "bad",
        )
        return await _show(visit, cart, form, messages=[general], status=422)
    raise refusal


async def _unsure(visit: Visit, cart: Cart, form: Posted) -> Response:
    """Orders did not answer: the same key goes into the form again, so that sending it twice is one order."""
    message = Message(
        visit.gettext("We could not reach the checkout"),
        visit.gettext(
            "Your order may or may not have arrived. Press the button again: it will never be ordered or paid twice."
        ),
        "bad",
    )
    return await _show(visit, cart, form, messages=[message], status=503, key=form.text("key")[:LONGEST_KEY])


def _short_page(cart: Cart, body: dict[str, Any]) -> ShortPage:
    names = {str(line.variant_id): line.name or line.sku for line in cart.items}
    names |= {line.sku: line.name or line.sku for line in cart.items}
    found = []
    for shortage in body.get("lines") or body.get("shortages") or []:
        name = names.get(str(shortage.get("variant_id"))) or names.get(str(shortage.get("sku")))
        found.append(
            Shortage(
                name=name or str(shortage.get("sku", "")),
                requested=int(shortage.get("requested", 0)),
                available=max(0, int(shortage.get("available", 0))),
            )
        )
    return ShortPage(found)


async def _in_progress(visit: Visit, body: dict[str, Any]) -> Response:
    order_id = UUID(str(body["order_id"]))
    if token := body.get("order_token"):
        await visit.keep(visit.session.belongings.with_order(order_id, str(token)))
    page = UnpaidPage(
        order_id=order_id,
        number=str(body.get("number", "")),
        title=visit.gettext("This cart is being paid for already"),
        text=visit.gettext(
            "There is an order of this cart that waits for its payment. Pay it, or take it back and order anew."
        ),
        total=None,
        can_pay=True,
        can_change=True,
    )
    return await visit.render("checkout/unpaid.html", page, status=409)


async def _show(
    visit: Visit,
    cart: Cart,
    form: Posted,
    *,
    messages: list[Message] | None = None,
    status: int = 200,
    key: str = "",
) -> Response:
    messages = list(messages or [])
    quote = await _quote(visit, cart, form, messages)
    methods = quote.shipping_methods if quote else []
    chosen = form.text("shipping_method")
    if quote and all(method.code != chosen for method in methods):
        chosen = quote.shipping_method or (methods[0].code if methods else "")
    page = CheckoutPage(
        lines=cart_page(cart).lines,
        values={name: form.text(name) for name in fields.FIELDS},
        errors={name: visit.gettext(error) for name, error in form.errors.items()},
        messages=messages,
        quote=quote,
        methods=methods,
        chosen_method=chosen,
        addresses=await visit.shop.accounts.addresses(visit.person) if visit.person else [],
        countries=visit.countries(),
        key=key or str(uuid4()),
        expected=quote.total if quote else None,
        tax_is_included=quote.tax_included if quote and quote.tax_included is not None else True,
    )
    visit.saw_cart(cart.count)
    return await visit.render("checkout/checkout.html", page, status=status)


async def _quote(visit: Visit, cart: Cart, form: Posted, messages: list[Message]) -> Quote | None:
    """The totals for what the form says; with a field or two left out when orders refuses those."""
    lines = [(line.sku, line.quantity) for line in cart.items]
    country = form.text("country") or fields.HOME_OF_LANGUAGE[visit.locale]
    asked = {"coupon": form.text("coupon"), "shipping_method": form.text("shipping_method")}
    asked["postal_code"] = form.text("postal_code")
    for _attempt in range(3):
        try:
            return await visit.shop.orders.quote(visit.asker("orders"), lines=lines, country=country, **asked)
        except RemoteUnavailable:
            messages.append(
                Message(
                    visit.gettext("Checkout is closed for a moment"),
                    visit.gettext(
                        "We cannot work out the total just now. Your cart is safe; try again in a minute."
                    ),
                )
            )
            return None
        except RemoteProblem as refusal:
            wrong = fields.refused_fields(refusal.body)
            for name, words in wrong.items():
                form.errors.setdefault(name, words)
            refused = [name for name in asked if name in wrong and asked[name]]
            if not refused:
                messages.append(_no_quote(visit, refusal))
                return None
            asked |= dict.fromkeys(refused, "")
    return None


def _not_sold(visit: Visit) -> Message:
    return Message(
        visit.gettext("Something in your cart is not sold any more"),
        visit.gettext("Go back to your cart and take it out, then come again."),
        "bad",
    )


def _payment_refused(visit: Visit) -> Message:
    return Message(
        visit.gettext("The payment provider refused"),
        visit.gettext("It will not take this payment. Nothing is charged; your cart is as it was."),
        "bad",
    )


def _too_many(visit: Visit) -> Message:
    return Message(
        visit.gettext("Too many orders are waiting"),
        visit.gettext("Pay or cancel one of your waiting orders first, then come again."),
    )


def _no_quote(visit: Visit, refusal: RemoteProblem) -> Message:
    if refusal.code in ("not_sellable", "unknown_sku"):
        return _not_sold(visit)
    return Message(
        visit.gettext("We cannot send this there"),
        visit.gettext("Choose another country or another way of sending, then update the total."),
        "bad",
    )
