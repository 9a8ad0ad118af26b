"""Whether a posted text can be a password: length and a list of the commonest, no rules of composition."""

from typing import Final

from frontend.accounts.passwords import LONGEST, SHORTEST, is_common
from frontend.forms import TOO_LONG, Posted
from frontend.language import marked as _

TOO_SHORT: Final = _("At least 8 characters, please.")
TOO_COMMON: Final = _("This is one of the passwords everybody tries first. Choose another.")


def check_password(form: Posted, name: str) -> None:
    """The field has an error unless it can be a password."""
    password = form.text(name)
    if name in form.errors:
        return
    if len(password) < SHORTEST:
        form.errors[name] = TOO_SHORT
    elif len(password) > LONGEST:
        form.errors[name] = TOO_LONG
    elif is_common(password):
        form.errors[name] = TOO_COMMON
