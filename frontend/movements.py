"""Kinds of stock movements as words for staff."""

from collections.abc import Callable
from typing import Final

from frontend.language import marked as _

KINDS: Final = {
    "initial": _("First count"),
    "adjust": _("Counted by staff"),
    "hold": _("Held for an order"),
    "release": _("Given back"),
    "expire": _("Held too long"),
    "allocate": _("Set aside for an order"),
    "reallocate": _("Set aside again"),
    "deallocate": _("Not needed any more"),
    "fulfill": _("Left the house"),
    "return": _("Came back"),
    "policy": _("Rules of sale changed"),
}


def movement_label(translate: Callable[[str], str], kind: str) -> str:
    """The kind in words; one we do not know as it is."""
    return translate(KINDS[kind]) if kind in KINDS else kind
