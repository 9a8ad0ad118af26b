"""Short messages that survive one redirect: a code and a number in a cookie, words from this table only."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from frontend.language import counted
from frontend.language import marked as _

COOKIE: Final = "notice"
FORM: Final = re.compile(r"[a-z_]{1,40}-\d{1,6}")

TEXTS: Final = {
    "signed_in": _("You are signed in."),
    "signed_up": _("Welcome! Your account is ready."),
    "signed_out": _("You are signed out."),
    "password_changed": _("Your password is changed. Other devices are signed out."),
    "profile_saved": _("Saved."),
    "address_saved": _("The address is in your book."),
    "address_removed": _("The address is removed."),
    "line_removed": _("Removed from your cart."),
    "cart_away": _(
        "Your cart is not answering at the moment. What you had in it is safe; we will add it later."
    ),
    "canceling": _("We are canceling your order. If you had paid, the money goes back to you."),
    "canceled": _("Your order is canceled. Its things are still in your cart."),
    "nothing_to_pay": _("There is nothing left to pay on this order."),
    "cannot_pay": _(
        "The payment provider will not take this just now. Try again in a minute, or cancel the order."
    ),
    "product_created": _("The product is created."),
    "product_saved": _("The product is saved."),
    "product_archived": _("The product is archived: shoppers do not see it any more."),
    "stock_adjusted": _("The stock is adjusted."),
    "order_retried": _("The order is being worked on again."),
}

COUNTED: Final = {
    "added": counted("%(num)s thing is in your cart.", "%(num)s things are in your cart."),
    "merged": counted(
        "We added %(num)s thing from before you signed in.",
        "We added %(num)s things from before you signed in.",
    ),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A message by its code; `number` fills in and chooses the plural."""

    code: str
    number: int = 0

    def text(self, gettext: Callable[[str], str], ngettext: Callable[[str, str, int], str]) -> str:
        """The message in words."""
        if self.code in COUNTED:
            return ngettext(*COUNTED[self.code], self.number)
        return gettext(TEXTS[self.code])


def from_cookie(request: Request) -> list[Notice]:
    """The notices the last answer left; whatever is not in the table is ignored."""
    found = []
    for part in request.cookies.get(COOKIE, "")[:400].split("."):
        if FORM.fullmatch(part):
            code, _dash, number = part.partition("-")
            if code in TEXTS or code in COUNTED:
                found.append(Notice(code, int(number)))
    return found
