"""Statuses of orders, payments and products as words for people, and the colour they are shown in."""

from collections.abc import Callable
from typing import Final

from frontend.language import marked as _

LABELS: Final = {
    "pending": _("Waiting for payment"),
    "confirmed": _("Confirmed"),
    "completed": _("Completed"),
    "canceling": _("Being canceled"),
    "canceled": _("Canceled"),
    "expired": _("Expired"),
    "failed": _("Did not work"),
    "unpaid": _("Not paid"),
    "created": _("Begun"),
    "requires_action": _("Waiting for you"),
    "processing": _("In progress"),
    "authorized": _("Authorized"),
    "captured": _("Paid"),
    "paid": _("Paid"),
    "partially_refunded": _("Partly refunded"),
    "refunded": _("Refunded"),
    "voided": _("Closed unpaid"),
    "unfulfilled": _("Not sent yet"),
    "partially_fulfilled": _("Partly sent"),
    "fulfilled": _("Sent"),
    "delivered": _("Delivered"),
    "active": _("On sale"),
    "draft": _("Draft"),
    "archived": _("Archived"),
    "unknown": _("Being checked"),
    "succeeded": _("Done"),
    "stuck": _("Stuck"),
}

GOOD: Final = frozenset(
    {
        "confirmed",
        "completed",
        "captured",
        "paid",
        "fulfilled",
        "delivered",
        "active",
        "succeeded",
        "authorized",
    }
)
BAD: Final = frozenset({"failed", "expired", "stuck"})
QUIET: Final = frozenset({"canceled", "voided", "archived", "draft", "unfulfilled", "refunded", "unpaid"})


def status_label(translate: Callable[[str], str], status: str) -> str:
    """The status in words; one we do not know as it is, underscores as blanks."""
    return translate(LABELS[status]) if status in LABELS else status.replace("_", " ")


def status_tone(status: str) -> str:
    """`good`, `bad`, `quiet` or `busy`: the colour of its badge."""
    if status in GOOD:
        return "good"
    if status in BAD:
        return "bad"
    return "quiet" if status in QUIET else "busy"
