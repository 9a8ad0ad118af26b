"""JSON as RFC 8259 means it, and a little stricter: no NaN, no duplicate keys, no bottomless nesting."""

import json
from typing import Any, NoReturn

from chassis.errors import Malformed


def _refuse_constant(_: str) -> NoReturn:
    raise Malformed("NaN and Infinity are not JSON.")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("An object names the same key twice.")
    return members


def parse(body: bytes) -> Any:
    """The value that `body` (UTF-8) says. Raises Malformed; what was sent is never repeated in the message."""
    try:
        return json.loads(
            body.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_without_duplicates
        )
    except json.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {error.msg} at character {error.pos}.") from error
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.") from error
    except RecursionError as error:
        raise Malformed("The body is nested too deeply.") from error
    except ValueError as error:
        raise Malformed("A number in the body has too many digits.") from error
