"""Signing in, up and out."""

from starlette.responses import Response

from frontend.accounts import account_routes
from frontend.accounts.errors import EmailTaken, TooManyTries, WrongPassword
from frontend.accounts.password_form import check_password
from frontend.accounts.passwords import LONGEST
from frontend.accounts.schemas import Person
from frontend.accounts.sessions import NO_SESSION
from frontend.forms import Posted, posted
from frontend.language import marked as _
from frontend.page_models.account import DoorPage
from frontend.pages.merging import merge_guest_cart
from frontend.routing import AnyVisit, PageRouter
from frontend.safe_next import safe_next
from frontend.visit import Visit

router = PageRouter()


@router.get("/signin")
async def show_sign_in(visit: AnyVisit) -> Response:
    """The door, or straight on for those who are in."""
    next_page = safe_next(visit.request.query_params.get("next", ""))
    if visit.person is not None:
        return visit.redirect(next_page)
    return await visit.render("account/signin.html", DoorPage(next=next_page))


@router.post("/signin")
async def sign_in(visit: AnyVisit) -> Response:
    """Signed in under a new session; what was in the guest's cart comes along."""
    form = await posted(visit.request)
    next_page = safe_next(form.text("next"))
    try:
        person = await visit.shop.accounts.sign_in(
            email=form.text("email")[:254],
            password=form.text("password")[:LONGEST],
            address=visit.client_address,
        )
    except WrongPassword:
        return await _refused(visit, "signin", form, next_page, 401, _("E-mail and password do not match."))
    except TooManyTries as problem:
        words = _("There were too many tries. Wait a quarter of an hour, then try again.")
        response = await _refused(visit, "signin", form, next_page, 429, words)
        response.headers["Retry-After"] = problem.headers["Retry-After"]
        return response
    return await _welcome(visit, person, next_page, "signed_in")


@router.get("/signup")
async def show_sign_up(visit: AnyVisit) -> Response:
    """The form for a new account."""
    next_page = safe_next(visit.request.query_params.get("next", ""))
    if visit.person is not None:
        return visit.redirect(next_page)
    return await visit.render("account/signup.html", DoorPage(next=next_page))


@router.post("/signup")
async def sign_up(visit: AnyVisit) -> Response:
    """A new customer, signed in."""
    form = await posted(visit.request)
    next_page = safe_next(form.text("next"))
    form.require(["name", "password"])
    form.limit(["name"], 200)
    form.require_email("email")
    check_password(form, "password")
    if form.errors:
        return await _refused(visit, "signup", form, next_page, 422, "")
    try:
        person = await visit.shop.accounts.sign_up(
            email=form.text("email"),
            password=form.text("password"),
            name=" ".join(form.text("name").split()),
            locale=visit.locale,
        )
    except EmailTaken:
        form.errors["email"] = _("There is an account with this e-mail already. Sign in instead?")
        return await _refused(visit, "signup", form, next_page, 409, "")
    return await _welcome(visit, person, next_page, "signed_up")


@router.post("/signout")
async def sign_out(visit: AnyVisit) -> Response:
    """The session and everything it remembered are gone."""
    await visit.shop.sessions.end(visit.session)
    visit.session = NO_SESSION
    visit.say("signed_out")
    return visit.redirect("/")


async def _welcome(visit: Visit, person: Person, next_page: str, notice: str) -> Response:
    visit.session = await visit.shop.sessions.begin(visit.session, person)
    visit.say(notice)
    await merge_guest_cart(visit)
    return visit.redirect(next_page)


async def _refused(
    visit: Visit, form_name: str, form: Posted, next_page: str, status: int, problem: str
) -> Response:
    page = DoorPage(
        next=next_page,
        values={name: form.text(name) for name in ("email", "name")},
        errors={name: visit.gettext(error) for name, error in form.errors.items()},
        problem=visit.gettext(problem) if problem else "",
    )
    return await visit.render(f"account/{form_name}.html", page, status=status)


router.include_router(account_routes.router)
