"""The language switch in the footer."""

from typing import Annotated

from fastapi import Form
from starlette.responses import Response

from frontend.language import COOKIE, LOCALES
from frontend.routing import AnyVisit, PageRouter
from frontend.safe_next import safe_next

router = PageRouter()

A_YEAR = 31_536_000


@router.post("/language")
async def switch(
    visit: AnyVisit, language: Annotated[str, Form()], next: Annotated[str, Form()] = "/"
) -> Response:  # noqa: A002  # the field's name
    """From now on pages are in this language; back to where the switch was used."""
    response = visit.redirect(safe_next(next))
    if language in LOCALES:
        response.set_cookie(COOKIE, language, max_age=A_YEAR, path="/", httponly=True, samesite="lax")
    return response
