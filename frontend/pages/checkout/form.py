"""The checkout form: its fields, what must be in them, and how orders' refusals become words beside a field."""

from collections.abc import Mapping
from typing import Any, Final

from frontend.accounts.schemas import AddressEntry, Person
from frontend.forms import Posted
from frontend.language import marked as _
from frontend.visit import Visit

ADDRESS: Final = ("name", "line1", "line2", "city", "region", "postal_code", "country", "phone")
REQUIRED: Final = ("name", "line1", "city", "postal_code", "country")
FIELDS: Final = ("email", *ADDRESS, "shipping_method", "coupon", "note")
LONGEST_KEY: Final = 100
HOME_OF_LANGUAGE: Final = {"en": "DE", "ru": "RU"}

UNKNOWN_COUPON = _("We do not know this code, or it cannot be used here.")
CHOOSE_DELIVERY = _("Choose how we should send it.")
NO_DELIVERY = _("We do not deliver there yet.")
DOES_NOT_FIT = _("This does not fit. Please check it.")


def first_values(visit: Visit, person: Person | None, address: AddressEntry | None) -> dict[str, str]:
    """What the form shows at first: what we know of the person."""
    values = dict.fromkeys(FIELDS, "")
    values["country"] = HOME_OF_LANGUAGE[visit.locale]
    if person is not None:
        values |= {"email": person.email, "name": person.name}
    if address is not None:
        values |= {name: getattr(address, name) for name in ADDRESS}
    return values


def check(visit: Visit, form: Posted) -> None:
    """Each field that cannot be sent on has an error."""
    form.require_email("email")
    form.require(REQUIRED)
    form.limit((*ADDRESS, "coupon"), 200)
    form.limit(["note"], 1000)
    if form.text("country") and form.text("country") not in visit.shop.settings.country_codes:
        form.errors.setdefault("country", NO_DELIVERY)


def shipping_address(form: Posted) -> Mapping[str, str]:
    """The address of the form as orders wants it: what is empty is left out."""
    return {name: form.text(name) for name in ADDRESS if form.text(name)}


def refused_fields(body: Mapping[str, Any]) -> dict[str, str]:
    """Field → words, for a 422 of orders."""
    found = {}
    for error in body.get("errors") or []:
        name = str(error.get("pointer", "")).rsplit("/", 1)[-1]
        if name == "coupon":
            found[name] = UNKNOWN_COUPON
        elif name == "shipping_method":
            found[name] = CHOOSE_DELIVERY
        elif name == "country":
            found[name] = NO_DELIVERY
        elif name in FIELDS:
            found[name] = DOES_NOT_FIT
    by_code = {"coupon": UNKNOWN_COUPON, "shipping": CHOOSE_DELIVERY, "country": NO_DELIVERY}
    for word, message in by_code.items():
        if not found and word in str(body.get("code", "")):
            found["shipping_method" if word == "shipping" else word] = message
    return found
