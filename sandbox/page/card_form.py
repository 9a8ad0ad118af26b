"""What was typed into the card form: a test card, or what is wrong with it."""

import re
import time
from dataclasses import dataclass

from sandbox.api.wire import Json
from sandbox.cards import BY_NUMBER, Card
from sandbox.page.words import Words

EXPIRY = re.compile(r"\s*(0?[1-9]|1[0-2])\s*[/.-]?\s*(?:20)?(\d\d)\s*", re.ASCII)
CVC = re.compile(r"\s*\d{3,4}\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class CardEntry:
    """A usable `card`, or the `mistakes` by field name."""

    card: Card | None
    mistakes: dict[str, str]


def read_card(form: Json, words: Words, *, now: int) -> CardEntry:
    """What the fields `number`, `expiry` and `cvc` of a sent form mean at this moment."""
    mistakes = {}
    number = re.sub(r"[\s-]", "", _text(form, "number"))
    card = BY_NUMBER.get(number)
    if card is None:
        mistakes["number"] = words.number_unknown if _is_card_number(number) else words.number_wrong
    expiry = EXPIRY.fullmatch(_text(form, "expiry"))
    if expiry is None:
        mistakes["expiry"] = words.expiry_wrong
    elif _is_past(month=int(expiry[1]), year=2000 + int(expiry[2]), now=now):
        mistakes["expiry"] = words.expiry_past
    if not CVC.fullmatch(_text(form, "cvc")):
        mistakes["cvc"] = words.cvc_wrong
    return CardEntry(None if mistakes else card, mistakes)


def _text(form: Json, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _is_past(*, month: int, year: int, now: int) -> bool:
    today = time.gmtime(now)
    return (year, month) < (today.tm_year, today.tm_mon)


def _is_card_number(number: str) -> bool:
    """Whether the Luhn digit of a number of 12 to 19 digits is right (ISO/IEC 7812-1)."""
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19):
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in number[::-2])) % 10 == 0
