"""`/v1/events`."""

import orjson
from starlette.routing import Route

from sandbox.api.endpoint import Call, call
from sandbox.api.errors import missing
from sandbox.api.lists import list_page
from sandbox.api.wire import Json, Params
from sandbox.events.models import EVENTS
from sandbox.events.schemas import ListEvents, event_json


def _retrieve(call: Call[Params]) -> Json:
    event = EVENTS.get(call.transaction.db, call.id)
    if event is None:
        raise missing("event", call.id)
    return event_json(event)


def _list(call: Call[ListEvents]) -> Json:
    wanted = [*call.params.types, *([call.params.type] if call.params.type else [])]
    return list_page(
        call.transaction,
        EVENTS,
        call.params,
        url="/v1/events",
        equal={},
        conditions=[("type IN (SELECT value FROM json_each(?))", orjson.dumps(wanted).decode())]
        if wanted
        else (),
        render=event_json,
    )


ROUTES: list[Route] = [
    call("GET", "/v1/events/{id}", Params, _retrieve),
    call("GET", "/v1/events", ListEvents, _list),
]
