"""One request of a browser: who it is, in which language, what it has in its cart, and the answer it gets."""

import asyncio
import contextlib
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from chassis.problems import DATABASE_DOWN
from chassis.telemetry import log
from frontend import formats, language
from frontend.accounts.schemas import Belongings, Person
from frontend.accounts.sessions import NO_SESSION, Session, cookie_name, set_cookie
from frontend.clients.asking import CART_TOKEN, Asker, or_nothing
from frontend.deps import Shop
from frontend.notices import COOKIE as NOTICE_COOKIE
from frontend.notices import Notice, from_cookie
from frontend.page_models.frame import Frame, NavigationCategory

BADGE_SECONDS = 0.4
CATEGORIES_SECONDS = 1.0


class Visit:
    """Made by `pages` routes for every request; handlers read from it and answer through it."""

    def __init__(self, request: Request, shop: Shop) -> None:
        self.request = request
        self.shop = shop
        self.locale = language.chosen(request)
        self.session: Session = NO_SESSION
        self.identity_unknown = False
        """The session database did not answer: whoever this is, we could not look."""
        self._words = language.words(self.locale)
        self._cart_count: int | None = None
        self._notices: list[Notice] = []

    async def recognise(self) -> None:
        """The session is known, if the browser has one and our database answers."""
        token = self.request.cookies.get(cookie_name(self.request), "")
        if not token:
            return
        try:
            self.session = await self.shop.sessions.find(token)
        except DATABASE_DOWN as error:
            log.warning("session.unknown", reason=repr(error))
            self.identity_unknown = True

    @property
    def person(self) -> Person | None:
        return self.session.person

    @property
    def is_htmx(self) -> bool:
        return self.request.headers.get("hx-request") == "true"

    @property
    def client_address(self) -> str:
        """The network address the request comes from, as trusted proxies report it."""
        return self.request.client.host if self.request.client else ""

    @property
    def path_with_query(self) -> str:
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")

    def gettext(self, message: str, **values: object) -> str:
        """The message in the visit's language, `%(name)s` filled in."""
        text = self._words.gettext(message)
        return text % values if values else text

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The message for this number of things; `%(num)s` is the number."""
        return self._words.ngettext(singular, plural, number) % {"num": number}

    def asker(self, service: str) -> Asker:
        """In whose name to ask a service: the person's, else the guest's by the secrets they hold."""
        if self.person is not None:
            return Asker(self.locale, self.shop.tokens.for_own_call(service, self.person))
        secrets = {}
        if self.session.belongings.cart_token and service in ("cart", "orders"):
            secrets[CART_TOKEN] = self.session.belongings.cart_token
        return Asker(self.locale, secrets=secrets)

    @property
    def anybody(self) -> Asker:
        """In nobody's name: for what everybody may read."""
        return Asker(self.locale)

    async def keep(self, belongings: Belongings) -> None:
        """The browser has these belongings from now on."""
        self.session = await self.shop.sessions.keep(self.session, belongings)

    def say(self, code: str, number: int = 0) -> None:
        """The next page this browser sees tells it something (see `notices`)."""
        self._notices.append(Notice(code, number))

    def saw_cart(self, count: int) -> None:
        """The cart has so many things: the badge needs no question of its own."""
        self._cart_count = count

    @property
    def is_plain(self) -> bool:
        """Nobody in particular, with nothing to be told: everybody like this sees the very same page."""
        known = bool(self.session.token) or self.identity_unknown or bool(self._notices)
        return not known and NOTICE_COOKIE not in self.request.cookies

    async def render(self, template: str, page: object, *, status: int = 200) -> HTMLResponse:
        """The page in its frame. The frame's own questions are decoration and never delay it much."""
        badge, categories = await asyncio.gather(self._badge(), self._categories())
        return self.show(template, page, status=status, cart_count=badge, categories=categories)

    def show(
        self,
        template: str,
        page: object,
        *,
        status: int = 200,
        cart_count: int | None = None,
        categories: tuple[NavigationCategory, ...] = (),
    ) -> HTMLResponse:
        """The page in a frame that asks nobody anything."""
        shown, self._notices = [*from_cookie(self.request), *self._notices], []
        query = {key: value for key, value in self.request.query_params.items() if key != "cursor"}
        frame = Frame(
            person=self.person,
            cart_count=cart_count,
            categories=categories,
            search=query.get("q", "")[:200],
            here=self.path_with_query if self.request.method == "GET" else "/",
            notices=[notice.text(self.gettext, self.ngettext) for notice in shown],
        )
        context = {"page": page, "frame": frame}
        html = self.shop.templates.page(template, self.locale, context)
        headers = {"Vary": "Accept, Accept-Language, Cookie, HX-Request", "Content-Language": self.locale}
        response = HTMLResponse(html, status, headers=headers)
        if NOTICE_COOKIE in self.request.cookies:
            response.delete_cookie(NOTICE_COOKIE, path="/")
        return response

    def redirect(self, to: str) -> Response:
        """303 to one of our own pages. Notices go along."""
        response = RedirectResponse(to, 303)
        if self._notices:
            value = ".".join(f"{notice.code}-{notice.number}" for notice in self._notices)
            response.set_cookie(NOTICE_COOKIE, value, max_age=60, path="/", httponly=True, samesite="lax")
        return response

    def redirect_to_provider(self, url: str) -> Response | None:
        """303 to the payment provider's page; None when the address is on no origin we pay at."""
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" not in self.shop.settings.payment_origin_list:
            log.error("payment.foreign_redirect", origin=f"{parts.scheme}://{parts.netloc}")
            return None
        return RedirectResponse(url, 303)

    def sign_in_first(self) -> Response:
        """303 to the sign-in page, which leads back here."""
        back = self.path_with_query if self.request.method == "GET" else "/"
        return RedirectResponse(f"/signin?{urlencode({'next': back}, quote_via=quote)}", 303)

    def countries(self) -> tuple[tuple[str, str], ...]:
        """(code, name) of the countries we deliver to."""
        return formats.countries(self.shop.settings.country_codes, self.locale)

    def leave(self, response: Response) -> Response:
        """The answer with what every page's answer carries: the session cookie when it changed, caching."""
        sent = self.request.cookies.get(cookie_name(self.request), "")
        if self.session.token != sent and not self.identity_unknown:
            set_cookie(
                self.request, response, self.session.token, days=self.shop.settings.session_absolute_days
            )
        if self.session.token or "set-cookie" in response.headers or self.request.method != "GET":
            response.headers["Cache-Control"] = "no-store"
        else:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    async def _badge(self) -> int | None:
        if self._cart_count is not None:
            return self._cart_count
        if self.person is None and not self.session.belongings.cart_token:
            return 0
        cart = await or_nothing(self.shop.cart.cart(self.asker("cart"), deadline=BADGE_SECONDS))
        return cart.count if cart is not None else None

    async def _categories(self) -> tuple[NavigationCategory, ...]:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CATEGORIES_SECONDS):
                found = await or_nothing(self.shop.products.categories(self.locale))
                return tuple(NavigationCategory(item.slug, item.name) for item in found or ())
        return ()
