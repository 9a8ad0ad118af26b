"""Which language a visit is in, and the words of it: gettext catalogues compiled when the process starts."""

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import Request

from chassis.languages import LOCALES, preferred
from chassis.schemas import Locale

NAMES: Final = {"en": "English", "ru": "Русский"}
COOKIE: Final = "language"
FOLDER: Final = Path(__file__).parent / "locales"


@cache
def words(locale: str) -> gettext.NullTranslations:
    """The catalogue of a locale; English is what the templates are written in and needs none."""
    file = FOLDER / locale / "LC_MESSAGES" / "messages.po"
    if not file.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=locale))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def marked(message: str) -> str:
    """The message itself: marks a constant for translation where its locale is not known yet."""
    return message


def counted(singular: str, plural: str) -> tuple[str, str]:
    """Both forms of a message about a number of things, marked like `marked`."""
    return singular, plural


def chosen(request: Request) -> Locale:
    """The locale of a visit: the switch in the footer, else what the browser prefers, else English."""
    cookie = request.cookies.get(COOKIE, "")
    own = next((locale for locale in LOCALES if locale == cookie), None)
    return own or preferred(request.headers.get("accept-language", ""))
