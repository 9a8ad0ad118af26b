"""Which of our languages a client likes best (`Accept-Language`, RFC 9110 §12.5.4)."""

from functools import lru_cache
from typing import Annotated, get_args

from fastapi import Depends, Header

from chassis.schemas import Locale

LOCALES: tuple[Locale, ...] = get_args(Locale)
DEFAULT_LOCALE: Locale = "en"
LONGEST_HEADER = 1000


@lru_cache(maxsize=512)
def preferred(accept_language: str) -> Locale:
    """The best of our locales for the header's value; English when none fits or the value is strange."""
    best: Locale = DEFAULT_LOCALE
    best_weight = 0.0
    for offer in accept_language[:LONGEST_HEADER].split(","):
        tag, _, parameters = offer.strip().partition(";")
        primary, weight = tag.split("-")[0].strip().lower(), _weight(parameters)
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


async def language(
    accept_language: Annotated[
        str | None,
        Header(description="Language of names and texts: `en` or `ru`; English otherwise.", examples=["ru"]),
    ] = None,
) -> Locale:
    """The locale to answer in."""
    return preferred(accept_language or "")


Language = Annotated[Locale, Depends(language)]
