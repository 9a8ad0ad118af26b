"""What the shopper sees when orders refuse an order, or do not answer."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from chassis.http import RemoteProblem
from frontend.clients.cart import Cart
from frontend.forms import Posted
from frontend.page_models.checkout import Shortage, ShortPage, UnpaidPage
from frontend.pages.checkout import form as fields
from frontend.pages.checkout import messages
from frontend.pages.checkout.show import show
from frontend.visit import Visit


async def refused(visit: Visit, cart: Cart, form: Posted, refusal: RemoteProblem) -> Response:
    """The page that says why orders did not take the order. Raises a refusal we have no words for."""
    match refusal.code:
        case "price_changed":
            return await show(visit, cart, form, notes=[messages.price_changed(visit)], status=409)
        case "out_of_stock":
            return await visit.render("checkout/short.html", _short_page(cart, refusal.body), status=409)
        case "order_in_progress":
            return await _in_progress(visit, refusal.body)
        case "payment_refused":
            return await show(visit, cart, form, notes=[messages.payment_refused(visit)], status=409)
        case "not_sellable":
            return await show(visit, cart, form, notes=[messages.not_sold(visit)], status=409)
        case "cart_empty" | "cart_not_found":
            return visit.redirect("/cart")
    if refusal.status == 422:
        form.errors |= fields.refused_fields(refusal.body)
        return await show(visit, cart, form, notes=[messages.not_right_yet(visit)], status=422)
    raise refusal


async def unsure(visit: Visit, cart: Cart, form: Posted) -> Response:
    """Orders did not answer: the same key goes into the form again, so that sending it twice is one order."""
    same_key = form.text("key")[: fields.LONGEST_KEY]
    return await show(visit, cart, form, notes=[messages.unreached(visit)], status=503, key=same_key)


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
