"""What the checkout page may have to say above its form."""

from chassis.http import RemoteProblem
from frontend.page_models.checkout import Message
from frontend.visit import Visit


def closed(visit: Visit) -> Message:
    """Orders do not answer."""
    return Message(
        visit.gettext("Checkout is closed for a moment"),
        visit.gettext("We cannot work out the total just now. Your cart is safe; try again in a minute."),
    )


def unreached(visit: Visit) -> Message:
    """Orders did not answer when the order was sent."""
    return Message(
        visit.gettext("We could not reach the checkout"),
        visit.gettext(
            "Your order may or may not have arrived. Press the button again: it will never be ordered or paid twice."
        ),
        "bad",
    )


def not_right_yet(visit: Visit) -> Message:
    """Orders refused something in the form."""
    return Message(
        visit.gettext("Something is not right yet"),
        visit.gettext("Please check the marked fields; nothing is ordered yet."),
        "bad",
    )


def price_changed(visit: Visit) -> Message:
    """The total is not the one that was on the button."""
    return Message(
        visit.gettext("A price has changed"),
        visit.gettext(
            "The total has changed since you looked. Please check the new one; nothing is ordered yet."
        ),
    )


def not_sold(visit: Visit) -> Message:
    """A line of the cart was archived meanwhile."""
    return Message(
        visit.gettext("Something in your cart is not sold any more"),
        visit.gettext("Go back to your cart and take it out, then come again."),
        "bad",
    )


def payment_refused(visit: Visit) -> Message:
    """The provider definitely said no."""
    return Message(
        visit.gettext("The payment provider refused"),
        visit.gettext("It will not take this payment. Nothing is charged; your cart is as it was."),
        "bad",
    )


def too_many(visit: Visit) -> Message:
    """This buyer has as many unpaid orders as one may have."""
    return Message(
        visit.gettext("Too many orders are waiting"),
        visit.gettext("Pay or cancel one of your waiting orders first, then come again."),
    )


def no_quote(visit: Visit, refusal: RemoteProblem) -> Message:
    """There is no total for this country or this way of sending."""
    if refusal.code in ("not_sellable", "unknown_sku"):
        return not_sold(visit)
    return Message(
        visit.gettext("We cannot send this there"),
        visit.gettext("Choose another country or another way of sending, then update the total."),
        "bad",
    )
