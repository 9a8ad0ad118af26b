"""Events of an order's timeline as words for people."""

from collections.abc import Callable, Sequence
from typing import Final

from frontend import formats
from frontend.clients.orders import TimelineEntry
from frontend.language import marked as _
from frontend.page_models.orders import HappeningEntry

WORDS: Final = {
    "order.placed": _("Ordered"),
    "stock.held": _("Everything is held for you"),
    "stock.unavailable": _("Something was sold out"),
    "payment.created": _("The payment is prepared"),
    "payment.opened": _("Waiting for the payment"),
    "payment.refused": _("The payment provider refused"),
    "payment.failed": _("A payment did not work"),
    "payment.voided": _("The payment is closed"),
    "payment.authorized": _("The payment is authorized"),
    "payment.capture_declined": _("The money could not be taken"),
    "payment.captured": _("Paid"),
    "payment.unwanted": _("A payment came too late"),
    "payment.refund_requested": _("The money is on its way back"),
    "refund.succeeded": _("Money sent back"),
    "refund.failed": _("Sending money back did not work"),
    "order.confirmed": _("Confirmed"),
    "order.edited": _("Address or note changed"),
    "order.cancel_requested": _("Canceling began"),
    "order.canceled": _("Canceled"),
    "order.deadline_passed": _("The time to pay ran out"),
    "order.expired": _("Given up"),
    "order.failed": _("The order could not be made"),
    "order.stuck": _("Needs a look by us"),
    "order.retried": _("Tried again"),
    "mail.sent": _("Mail sent"),
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
    return translate(WORDS[event]) if event in WORDS else event.replace("_", " ").replace(".", ": ")
