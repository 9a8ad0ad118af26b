"""Events of an order's timeline as words for people."""

from collections.abc import Callable, Sequence
from typing import Final

from frontend import formats
from frontend.clients.orders import TimelineEntry
from frontend.language import marked as _
from frontend.page_models.orders import HappeningEntry

WORDS: Final = {
    "placed": _("Ordered"),
    "held": _("Everything is held for you"),
    "stock_held": _("Everything is held for you"),
    "out_of_stock": _("Something was sold out"),
    "awaiting_payment": _("Waiting for the payment"),
    "payment_requested": _("Waiting for the payment"),
    "payment_started": _("Waiting for the payment"),
    "payment_declined": _("A payment was declined"),
    "payment_failed": _("A payment did not work"),
    "authorized": _("The payment is authorized"),
    "payment_authorized": _("The payment is authorized"),
    "allocated": _("Everything is set aside for you"),
    "stock_allocated": _("Everything is set aside for you"),
    "confirmed": _("Confirmed"),
    "captured": _("Paid"),
    "paid": _("Paid"),
    "payment_captured": _("Paid"),
    "closed": _("All settled"),
    "mail_sent": _("Confirmation sent by mail"),
    "address_changed": _("Address changed"),
    "updated": _("Changed"),
    "canceling": _("Canceling began"),
    "cancel_requested": _("Canceling began"),
    "canceled": _("Canceled"),
    "expired": _("The time to pay ran out"),
    "failed": _("The order could not be made"),
    "refunded": _("Money sent back"),
    "fulfilled": _("Sent"),
    "shipped": _("Sent"),
    "delivered": _("Delivered"),
    "completed": _("Completed"),
    "stuck": _("Needs a look by us"),
    "retried": _("Tried again"),
}


def happenings(
    entries: Sequence[TimelineEntry], translate: Callable[[str], str], locale: str
) -> list[HappeningEntry]:
    """The timeline in words, newest first; an event we have no words for by its own name."""
    return [
        HappeningEntry(formats.moment(entry.at, locale), _in_words(entry.event, translate))
        for entry in reversed(entries)
    ]


def _in_words(event: str, translate: Callable[[str], str]) -> str:
    name = event.removeprefix("order.").replace(".", "_")
    return translate(WORDS[name]) if name in WORDS else name.replace("_", " ").capitalize()
