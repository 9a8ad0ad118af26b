"""The language switch in the footer."""

from starlette.responses import Response

from chassis.languages import LOCALES
from frontend.forms import posted
from frontend.language import COOKIE
from frontend.routing import AnyVisit, PageRouter
from frontend.safe_next import safe_next

router = PageRouter()

A_YEAR = 31_536_000


@router.post("/language")
async def switch(visit: AnyVisit) -> Response:
    """From now on pages are in this language; back to where the switch was used."""
    form = await posted(visit.request)
    response = visit.redirect(safe_next(form.text("next")))
    if form.text("language") in LOCALES:
        response.set_cookie(
            COOKIE, form.text("language"), max_age=A_YEAR, path="/", httponly=True, samesite="lax"
        )
    return response
