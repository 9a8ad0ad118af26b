"""Errors as pages: kind words, what to do next, and no question to any service."""

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from chassis.errors import Problem
from chassis.http import RemoteProblem, RemoteUnavailable
from chassis.problems import DATABASE_DOWN
from chassis.telemetry import log, request_id
from frontend.deps import Shop
from frontend.language import marked as _
from frontend.page_models.errors import ErrorPage, Link
from frontend.visit import Visit

WORDS = {
    400: (_("We could not read that"), _("Something in the address or the form is not as it should be.")),
    401: (_("Please sign in"), _("This page is for people who are signed in.")),
    403: (_("This is not for you to open"), _("You are signed in, but this part is for somebody else.")),
    404: (
        _("Nothing on this shelf"),
        _("What you are looking for has moved, sold out for good, or never was."),
    ),
    405: (_("That does not work here"), _("This address cannot be used in this way.")),
    409: (
        _("Something changed meanwhile"),
        _("Things moved on since you opened the page. Have another look."),
    ),
    413: (_("That is too much at once"), _("What you sent is larger than we can take.")),
    422: (
        _("Something is not right yet"),
        _("Part of what you sent does not fit. Go back and check it, please."),
    ),
    429: (
        _("A little slower, please"),
        _("There were many tries in a short time. Wait a moment and try again."),
    ),
    500: (
        _("That was our mistake"),
        _("Something broke on our side. It is noted, and nothing was charged for it."),
    ),
    503: (
        _("One moment, please"),
        _("A part of the shop is not answering just now. Nothing is lost; try again in a moment."),
    ),
}


def error_page(visit: Visit, status: int, *, retry_seconds: int | None = None) -> Response:
    """The page for a status; unknown ones look like their nearest relative."""
    known = status if status in WORDS else (500 if status >= 500 else 400)
    title, text = WORDS[known]
    links = [
        Link("/", visit.gettext("Go to the first page")),
        Link("/products", visit.gettext("Look around")),
    ]
    if status in (409, 503) and visit.request.method == "GET":
        links.insert(0, Link(visit.path_with_query, visit.gettext("Try again")))
    page = ErrorPage(
        status=status,
        title=visit.gettext(title),
        text=visit.gettext(text),
        links=tuple(links),
        request_id=request_id.get(),
        retry_seconds=retry_seconds,
    )
    response = visit.show("error.html", page, status=status)
    response.headers["Cache-Control"] = "no-store"
    if retry_seconds is not None:
        response.headers["Retry-After"] = str(retry_seconds)
    return response


def answer_for(visit: Visit, error: Exception) -> Response:
    """The page for an exception. One that nobody expected is logged with its trace and becomes a 500."""
    if isinstance(error, RemoteUnavailable):
        return error_page(visit, 503, retry_seconds=_seconds(error.headers))
    if isinstance(error, Problem):
        if error.status == 401:
            return visit.sign_in_first()
        return error_page(visit, error.status, retry_seconds=_seconds(error.headers))
    if isinstance(error, RemoteProblem):
        log.info("remote.refused", remote=error.service, status=error.status, code=error.code)
        if error.status == 401:
            return visit.sign_in_first()
        return error_page(visit, error.status)
    if isinstance(error, RequestValidationError):
        return error_page(visit, 404 if _only_path(error) else 422)
    if isinstance(error, HTTPException):
        return error_page(visit, error.status_code)
    if isinstance(error, DATABASE_DOWN):
        log.warning("database.unavailable", reason=repr(error))
        return error_page(visit, 503, retry_seconds=5)
    log.error("bug", path=visit.request.url.path, exc_info=error)
    return error_page(visit, 500)


def _only_path(error: RequestValidationError) -> bool:
    """Whether nothing but the address is wrong: such a page is simply not there."""
    return all(found["loc"][:1] == ("path",) for found in error.errors())


def _seconds(headers: dict[str, str]) -> int | None:
    value = headers.get("Retry-After", "")
    return int(value) if value.isdigit() else None


def visit_without_session(request: Request) -> Visit:
    """A visit for a page that must not ask even our own database."""
    shop: Shop = request.app.state.shop
    return Visit(request, shop)


def wants_page(request: Request) -> bool:
    """Whether the answer should be a page: the browser names HTML, or htmx asks."""
    return "text/html" in request.headers.get("accept", "") or request.headers.get("hx-request") == "true"
