"""The checkout page itself: the form, its totals, and what to say about both."""

from uuid import uuid4

from starlette.responses import Response

from chassis.http import RemoteProblem, RemoteUnavailable
from frontend.clients.cart import Cart
from frontend.clients.orders import Quote
from frontend.forms import Posted
from frontend.page_models.checkout import CheckoutPage, Message
from frontend.pages.cart import cart_page
from frontend.pages.checkout import form as fields
from frontend.pages.checkout import messages
from frontend.visit import Visit


async def show(
    visit: Visit,
    cart: Cart,
    form: Posted,
    *,
    notes: list[Message] | None = None,
    status: int = 200,
    key: str = "",
) -> Response:
    """The checkout page with what the form says, its errors and the totals. `key`: to be sent again, else a new one."""
    notes = list(notes or [])
    quote = await _quote(visit, cart, form, notes)
    methods = quote.shipping_methods if quote else []
    chosen = form.text("shipping_method")
    if quote and all(method.code != chosen for method in methods):
        chosen = quote.shipping_method or (methods[0].code if methods else "")
    page = CheckoutPage(
        lines=cart_page(cart).lines,
        values={name: form.text(name) for name in fields.FIELDS},
        errors={name: visit.gettext(error) for name, error in form.errors.items()},
        messages=notes,
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


async def _quote(visit: Visit, cart: Cart, form: Posted, notes: list[Message]) -> Quote | None:
    """The totals for what the form says; with a field or two left out when orders refuses those."""
    lines = [(line.sku, line.quantity) for line in cart.items]
    country = form.text("country") or fields.HOME_OF_LANGUAGE[visit.locale]
    asked = {"coupon": form.text("coupon"), "shipping_method": form.text("shipping_method")}
    asked["postal_code"] = form.text("postal_code")
    for _attempt in range(3):
        try:
            return await visit.shop.orders.quote(visit.asker("orders"), lines=lines, country=country, **asked)
        except RemoteUnavailable:
            notes.append(messages.closed(visit))
            return None
        except RemoteProblem as refusal:
            wrong = fields.refused_fields(refusal.body)
            for name, words in wrong.items():
                form.errors.setdefault(name, words)
            refused = [name for name in asked if name in wrong and asked[name]]
            if not refused:
                notes.append(messages.no_quote(visit, refusal))
                return None
            asked |= dict.fromkeys(refused, "")
    return None
