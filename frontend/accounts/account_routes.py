"""`/account`: name, language, password and address book of the person signed in."""

from uuid import UUID, uuid4

from starlette.responses import Response

from chassis.languages import LOCALES
from frontend.accounts.errors import TooManyTries, WrongPassword
from frontend.accounts.password_form import check_password
from frontend.accounts.passwords import LONGEST
from frontend.accounts.schemas import AddressEntry, Person
from frontend.forms import Posted, posted
from frontend.language import marked as _
from frontend.page_models.account import AccountPage
from frontend.routing import AnyVisit, PageRouter, SignedIn
from frontend.visit import Visit

router = PageRouter()

ADDRESS_FIELDS = ("name", "line1", "line2", "city", "region", "postal_code", "country", "phone")
REQUIRED_FIELDS = ("name", "line1", "city", "postal_code", "country")


@router.get("/account")
async def show_account(visit: AnyVisit, person: SignedIn) -> Response:
    """Everything about oneself on one page."""
    return await visit.render("account/account.html", await _page(visit, person))


@router.post("/account/profile")
async def change_profile(visit: AnyVisit, person: SignedIn) -> Response:
    """Name and language are as sent."""
    form = await posted(visit.request)
    form.require(["name"])
    form.limit(["name"], 200)
    if form.errors:
        return await _again(visit, person, "profile", form)
    locale = form.text("locale") if form.text("locale") in LOCALES else person.locale
    await visit.shop.accounts.change_profile(person, name=" ".join(form.text("name").split()), locale=locale)
    visit.say("profile_saved")
    return visit.redirect("/account")


@router.post("/account/password")
async def change_password(visit: AnyVisit, person: SignedIn) -> Response:
    """The new password holds; every other session of the person is over."""
    form = await posted(visit.request)
    form.require(["present", "new"])
    check_password(form, "new")
    if not form.errors:
        try:
            await visit.shop.accounts.change_password(
                person,
                present=form.text("present")[:LONGEST],
                new=form.text("new"),
                address=visit.client_address,
            )
        except WrongPassword:
            form.errors["present"] = _("This is not your present password.")
        except TooManyTries:
            form.errors["present"] = _(
                "There were too many tries. Wait a quarter of an hour, then try again."
            )
    if form.errors:
        return await _again(visit, person, "password", form)
    visit.session = await visit.shop.sessions.begin_alone(visit.session, person)
    visit.say("password_changed")
    return visit.redirect("/account")


@router.post("/account/addresses")
async def add_address(visit: AnyVisit, person: SignedIn) -> Response:
    """One more address in the book."""
    form = await posted(visit.request)
    _check_address(visit, form)
    if form.errors:
        return await _again(visit, person, "address", form)
    await visit.shop.accounts.add_address(person, entry_of(form, uuid4()))
    visit.say("address_saved")
    return visit.redirect("/account#addresses")


@router.post("/account/addresses/{address_id}/remove")
async def remove_address(visit: AnyVisit, person: SignedIn, address_id: UUID) -> Response:
    """The address is gone from the book."""
    await visit.shop.accounts.remove_address(person, address_id)
    visit.say("address_removed")
    return visit.redirect("/account#addresses")


def entry_of(form: Posted, address_id: UUID) -> AddressEntry:
    """The address a form holds."""
    return AddressEntry(id=address_id, **{name: form.text(name) for name in ADDRESS_FIELDS})


def _check_address(visit: Visit, form: Posted) -> None:
    form.require(REQUIRED_FIELDS)
    form.limit(ADDRESS_FIELDS, 200)
    if form.text("country") not in visit.shop.settings.country_codes:
        form.errors.setdefault("country", _("We do not deliver there yet."))


async def _page(visit: Visit, person: Person) -> AccountPage:
    return AccountPage(
        person=person,
        addresses=await visit.shop.accounts.addresses(person),
        countries=visit.countries(),
        country_names=dict(visit.countries()),
    )


async def _again(visit: Visit, person: Person, form_name: str, form: Posted) -> Response:
    page = AccountPage(
        person=person,
        addresses=await visit.shop.accounts.addresses(person),
        countries=visit.countries(),
        country_names=dict(visit.countries()),
        form=form_name,
        values={name: form.text(name) for name in ADDRESS_FIELDS},
        errors={name: visit.gettext(error) for name, error in form.errors.items()},
    )
    return await visit.render("account/account.html", page, status=422)
