"""`expand[]`: ids in an answer become the objects they name."""

from collections.abc import Callable

from sandbox.api.errors import InvalidRequest
from sandbox.api.wire import Json
from sandbox.intents.models import BALANCE_TRANSACTIONS
from sandbox.intents.schemas import balance_transaction_json, intent_json
from sandbox.intents.service import charge_named, intent_named, shown_charge
from sandbox.refunds.models import REFUNDS
from sandbox.refunds.schemas import refund_json
from sandbox.sessions.models import SESSIONS
from sandbox.sessions.schemas import line_items_json
from sandbox.transaction import Transaction

DEEPEST = 4


def expand(transaction: Transaction, answer: Json, paths: list[str]) -> None:
    """Each path, such as `payment_intent.latest_charge`, is an object in `answer` (in a list: `data.…`).

    An id that is null stays null. Raises InvalidRequest for a path that cannot be expanded.
    """
    for path in paths:
        parts = path.split(".")
        if len(parts) > DEEPEST:
            raise InvalidRequest("You cannot expand more than 4 levels of a property", param="expand")
        if answer["object"] in ("list", "search_result"):
            if parts[0] != "data":
                raise _not_expandable(path)
            for item in answer["data"]:
                _expand(transaction, item, parts[1:], path)
        else:
            _expand(transaction, answer, parts, path)


def _expand(transaction: Transaction, thing: Json, parts: list[str], path: str) -> None:
    if not parts:
        return
    find = EXPANDABLE.get((thing["object"], parts[0]))
    if find is None:
        raise _not_expandable(path)
    value = thing.get(parts[0], thing["id"])
    if isinstance(value, str):
        value = thing[parts[0]] = find(transaction, value)
    if value is not None:
        _expand(transaction, value, parts[1:], path)


def _not_expandable(path: str) -> InvalidRequest:
    return InvalidRequest(f"This property cannot be expanded ({path}).", param="expand")


def _intent(transaction: Transaction, id: str) -> Json:  # noqa: A002  # Stripe's word
    return intent_json(intent_named(transaction, id), pages=transaction.pages)


def _charge(transaction: Transaction, id: str) -> Json:  # noqa: A002  # Stripe's word
    return shown_charge(transaction, charge_named(transaction, id))


def _movement(transaction: Transaction, id: str) -> Json | None:  # noqa: A002  # Stripe's word
    movement = BALANCE_TRANSACTIONS.get(transaction.db, id)
    return balance_transaction_json(movement) if movement else None


def _line_items(transaction: Transaction, id: str) -> Json | None:  # noqa: A002  # Stripe's word
    session = SESSIONS.get(transaction.db, id)
    return line_items_json(session) if session else None


def _source(transaction: Transaction, id: str) -> Json:  # noqa: A002  # Stripe's word
    refund = REFUNDS.get(transaction.db, id)
    return refund_json(refund) if refund else _charge(transaction, id)


EXPANDABLE: dict[tuple[str, str], Callable[[Transaction, str], Json | None]] = {
    ("checkout.session", "payment_intent"): _intent,
    ("checkout.session", "line_items"): _line_items,
    ("payment_intent", "latest_charge"): _charge,
    ("charge", "payment_intent"): _intent,
    ("charge", "balance_transaction"): _movement,
    ("refund", "payment_intent"): _intent,
    ("refund", "charge"): _charge,
    ("refund", "balance_transaction"): _movement,
    ("balance_transaction", "source"): _source,
}
"""(object, property) → how the id in it is found. `line_items` is found by the session's own id."""
