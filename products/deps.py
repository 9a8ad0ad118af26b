"""What routes ask for: the database, the cursors, the settings, the language of the answer."""

from dataclasses import dataclass
from typing import Annotated, get_args

from fastapi import Depends, Header, Request, params

from chassis.auth import Caller, service
from chassis.database import Database
from chassis.errors import Forbidden
from chassis.pagination import Cursors
from chassis.schemas import Locale
from products.settings import Settings

LOCALES: tuple[Locale, ...] = get_args(Locale)
DEFAULT_LOCALE: Locale = "en"


@dataclass(frozen=True, slots=True)
class Context:
    """What one running application has."""

    settings: Settings
    db: Database
    cursors: Cursors


async def context(request: Request) -> Context:
    """The running application's context."""
    found: Context = request.app.state.context
    return found


async def language(
    accept_language: Annotated[
        str | None,
        Header(max_length=1000, description="`en` or `ru`; English otherwise.", examples=["ru"]),
    ] = None,
) -> Locale:
    """The language that the client likes best among ours (RFC 9110 §12.5.4); English when it likes none."""
    best: Locale = DEFAULT_LOCALE
    best_weight = 0.0
    for offer in (accept_language or "").split(","):
        tag, _, parameters = offer.strip().partition(";")
        primary = tag.split("-")[0].strip().lower()
        weight = _weight(parameters)
        for locale in LOCALES:
            if primary == locale and weight > best_weight:
                best, best_weight = locale, weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, float(value))
    except ValueError:
        return 0.0


def only_services(*names: str) -> params.Depends:
    """A dependency that lets in the services called `names`. Raises Unauthenticated or Forbidden."""

    async def _allowed(caller: Annotated[Caller, Depends(service)]) -> Caller:
        if caller.subject not in names:
            raise Forbidden("This service is not expected here.")
        return caller

    return params.Depends(_allowed)


Shop = Annotated[Context, Depends(context)]
Language = Annotated[Locale, Depends(language)]
