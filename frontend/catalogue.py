"""`python -m frontend.catalogue`: the Russian catalogue names every message of the code, in the code's order.

New messages appear without a translation (a test says which), ones no longer used are gone.
"""

import sys
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from chassis.languages import LOCALES
from frontend.language import FOLDER

HEADER: Final = r"""msgid ""
msgstr ""
"Language: {locale}\n"
"Plural-Forms: {plurals}\n"
"Content-Type: text/plain; charset=utf-8\n"

"""
PACKAGE: Final = Path(__file__).parent
METHODS: Final = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {
    "_": None,
    "gettext": None,
    "words": None,
    "ngettext": (1, 2),
    "counted": (1, 2),
}


def messages() -> Catalog:
    """Every message that a page can say, without translations."""
    catalogue = Catalog(project="frontend", charset="utf-8", fuzzy=False)
    found = extract_from_dir(str(PACKAGE), METHODS, keywords=KEYWORDS, strip_comment_tags=True)
    for file, _line, message, _comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, locations=[(file, 0)], context=context)
    return catalogue


def catalogue_file(locale: str) -> Path:
    """Where the translations into `locale` are."""
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


def update(locale: str) -> int:
    """The catalogue's file is up to date; how many messages it has."""
    file = catalogue_file(locale)
    catalogue = catalogue_of(locale)
    catalogue.update(messages(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with file.open("wb") as stream:
        stream.write(HEADER.format(locale=locale, plurals=catalogue.plural_forms).encode())
        write_po(stream, catalogue, width=110, omit_header=True, no_location=True, ignore_obsolete=True)
    return len(catalogue)


def catalogue_of(locale: str) -> Catalog:
    """The stored catalogue."""
    with catalogue_file(locale).open("rb") as stream:
        return read_po(stream, locale=locale)


def main() -> None:
    """The command line."""
    for locale in LOCALES[1:]:
        sys.stdout.write(f"{locale}: {update(locale)} messages\n")


if __name__ == "__main__":
    main()
