"""What a browser posts, as plain trimmed text, and the words for what is wrong with it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from chassis.errors import Invalid
from chassis.schemas import Email
from frontend.language import marked as _

LONGEST_FIELD: Final = 20_000
MOST_FIELDS: Final = 1000
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
PASSWORDS: Final = frozenset({"password", "present", "new"})
"""Fields whose blanks belong to the text."""
EMAIL: Final = TypeAdapter(Email)

REQUIRED = _("Please fill this in.")
BAD_EMAIL = _("This does not look like an e-mail address.")
TOO_LONG = _("This is too long.")


@dataclass(slots=True)
class Posted:
    """A form as it was sent: field → text without control characters and outer blanks (passwords as they are)."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    """Field → what is wrong, not yet translated."""

    def text(self, name: str) -> str:
        """The field's text; empty when it was not sent."""
        return self.values.get(name, "")

    def require(self, names: Iterable[str]) -> None:
        """Each of the fields has an error unless it says something."""
        for name in names:
            if not self.text(name):
                self.errors.setdefault(name, REQUIRED)

    def limit(self, names: Iterable[str], longest: int) -> None:
        """Each of the fields has an error when it is longer."""
        for name in names:
            if len(self.text(name)) > longest:
                self.errors.setdefault(name, TOO_LONG)

    def require_email(self, name: str) -> None:
        """The field has an error unless it is shaped like an e-mail address."""
        self.require([name])
        if name not in self.errors and not is_email(self.text(name)):
            self.errors[name] = BAD_EMAIL


async def posted(request: Request) -> Posted:
    """The form of the request. Raises Invalid for what is no form, or one with files in it."""
    media = request.headers.get("content-type", "").split(";")[0]
    if media not in ("application/x-www-form-urlencoded", "multipart/form-data", ""):
        raise Invalid("Send a form.")
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    values = {}
    for name, value in form.multi_items():
        if not isinstance(value, str):
            raise Invalid("Files are not taken here.")
        values[name] = _printable(value) if name in PASSWORDS else _clean(value)
    return Posted(values)


def _printable(value: str) -> str:
    return value.encode("utf-8", "replace").decode()[:LONGEST_FIELD]


def _clean(value: str) -> str:
    """Control characters cannot be stored; line ends become those of the rest of the world."""
    return CONTROL.sub("", _printable(value).replace("\r\n", "\n")).strip()


def is_email(text: str) -> bool:
    """Whether the text is shaped like an e-mail address."""
    try:
        EMAIL.validate_python(text)
    except ValidationError:
        return False
    return True


def whole_number(text: str, *, least: int, most: int) -> int | None:
    """The number the text writes, within the bounds; None for anything else."""
    if not re.fullmatch(r"[+-]?\d{1,12}", text):
        return None
    number = int(text)
    return number if least <= number <= most else None
