"""Routes of pages: each request becomes a Visit, each error a page."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from chassis.errors import Forbidden, Unauthenticated, Unavailable
from frontend.accounts.schemas import Person
from frontend.errors import answer_for
from frontend.visit import Visit


class PageRoute(APIRoute):
    """A route for browsers. Unknown query keys are ignored, unlike in the API."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def _page(request: Request) -> Response:
            visit = Visit(request, request.app.state.shop)
            request.state.visit = visit
            try:
                await visit.recognise()
                response = await handle(request)
            except Exception as error:  # noqa: BLE001  # the boundary of a page: every error has its own page
                response = answer_for(visit, error)
            return visit.leave(response)

        return _page


class PageRouter(APIRouter):
    """A router of pages; none of them is in the API's documentation."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=PageRoute, include_in_schema=False, **options)


def _visit(request: Request) -> Visit:
    visit: Visit = request.state.visit
    return visit


def _person(request: Request) -> Person:
    visit = _visit(request)
    if visit.identity_unknown:
        raise Unavailable
    if visit.person is None:
        raise Unauthenticated
    return visit.person


def _staff(request: Request) -> Person:
    person = _person(request)
    if not person.is_staff:
        raise Forbidden
    return person


AnyVisit = Annotated[Visit, Depends(_visit)]
"""The visit, whoever it is."""
SignedIn = Annotated[Person, Depends(_person)]
"""The person of the visit. Leads to the sign-in page without one."""
StaffMember = Annotated[Person, Depends(_staff)]
"""The member of staff of the visit. Sign-in page without a person, 403 for customers."""
