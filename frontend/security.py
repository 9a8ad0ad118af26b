"""What every answer says to the browser, and what no foreign site may make it do."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.errors import Forbidden
from chassis.problems import as_response
from chassis.telemetry import log
from frontend.errors import error_page, visit_without_session, wants_page
from frontend.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FILES = ("/static/", "/media/")
"""Pictures, styles and scripts run nothing by themselves: a page's policies are dead weight on them."""
TOKEN_PATH = "/auth/token"  # noqa: S105  # an address: takes no cookie, has its own CORS rule


class CrossSiteRequest(Forbidden):
    code = "cross_site_request"
    title = "This request came from another site"


class SecurityHeaders:
    """Adds the Content-Security-Policy and its relatives to every answer that has none of its own."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        form_action = " ".join(("'self'", *settings.payment_origin_list))
        self._headers = {
            "content-security-policy": (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                f"connect-src 'self'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'; "
                "object-src 'none'; manifest-src 'self'"
            ),
            "x-content-type-options": "nosniff",
            "referrer-policy": "strict-origin-when-cross-origin",
            "cross-origin-opener-policy": "same-origin",
            "x-frame-options": "DENY",
            "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
        }
        self._of_files = {"x-content-type-options": "nosniff"}
        if settings.is_secure:
            self._headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        chosen = self._of_files if scope["path"].startswith(FILES) else self._headers

        async def _with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in chosen.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, _with_headers)


class CrossSiteGuard:
    """Refuses unsafe requests that a page of another site made the browser send.

    By `Sec-Fetch-Site` where the browser sends it, else by `Origin`; requests with neither come from no
    browser of this decade and carry no ambient cookie. Sign-out and the like need no token in the form.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self._own = settings.public_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or scope["path"] == TOKEN_PATH:
            await self.app(scope, receive, send)
            return
        if is_same_site(Headers(scope=scope), own_origin=self._own):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        log.warning("cross_site_request", path=scope["path"])
        if wants_page(request):
            response = error_page(visit_without_session(request), 403)
        else:
            response = as_response(CrossSiteRequest(), instance=scope["path"])
        await response(scope, receive, send)


def is_same_site(headers: Headers, *, own_origin: str) -> bool:
    """Whether an unsafe request with these headers may pass."""
    origin = headers.get("origin")
    if origin is not None and origin == own_origin:
        return True
    fetched_from = headers.get("sec-fetch-site")
    if fetched_from is not None:
        return fetched_from in ("same-origin", "none")
    return origin is None or (origin != "null" and urlsplit(origin).netloc == headers.get("host", ""))
