"""`/v1/checkout/sessions`."""

from sandbox.api.endpoint import Call, call
from sandbox.api.lists import list_page
from sandbox.api.wire import Json, Params
from sandbox.sessions.models import SESSIONS
from sandbox.sessions.schemas import CreateSession, ListLineItems, ListSessions, line_items_json
from sandbox.sessions.service import create, expire, expire_due, session_named, shown


def _create(call: Call[CreateSession]) -> Json:
    session = create(call.transaction, call.params, minimum_seconds=call.settings.minimum_session_seconds)
    return shown(call.transaction, session)


def _retrieve(call: Call[Params]) -> Json:
    return shown(call.transaction, session_named(call.transaction, call.id))


def _list(call: Call[ListSessions]) -> Json:
    expire_due(call.transaction)
    return list_page(
        call.transaction,
        SESSIONS,
        call.params,
        url="/v1/checkout/sessions",
        equal={"payment_intent": call.params.payment_intent, "status": call.params.status},
        render=lambda session: shown(call.transaction, session),
    )


def _expire(call: Call[Params]) -> Json:
    return shown(call.transaction, expire(call.transaction, session_named(call.transaction, call.id)))


def _line_items(call: Call[ListLineItems]) -> Json:
    return line_items_json(session_named(call.transaction, call.id))


ROUTES = [
    call("POST", "/v1/checkout/sessions", CreateSession, _create),
    call("POST", "/v1/checkout/sessions/{id}/expire", Params, _expire),
    call("GET", "/v1/checkout/sessions/{id}/line_items", ListLineItems, _line_items),
    call("GET", "/v1/checkout/sessions/{id}", Params, _retrieve),
    call("GET", "/v1/checkout/sessions", ListSessions, _list),
]
