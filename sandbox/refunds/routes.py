"""`/v1/refunds`."""

from sandbox.api.endpoint import Call, call
from sandbox.api.lists import list_page
from sandbox.api.wire import Json, Params
from sandbox.refunds.models import REFUNDS
from sandbox.refunds.schemas import CreateRefund, ListRefunds, UpdateRefund, refund_json
from sandbox.refunds.service import describe, refund, refund_named


def _create(call: Call[CreateRefund]) -> Json:
    return refund_json(refund(call.transaction, call.params))


def _retrieve(call: Call[Params]) -> Json:
    return refund_json(refund_named(call.transaction, call.id))


def _update(call: Call[UpdateRefund]) -> Json:
    found = refund_named(call.transaction, call.id)
    return refund_json(describe(call.transaction, found, call.params.metadata))


def _list(call: Call[ListRefunds]) -> Json:
    return list_page(
        call.transaction,
        REFUNDS,
        call.params,
        url="/v1/refunds",
        equal={"payment_intent": call.params.payment_intent, "charge": call.params.charge},
        render=refund_json,
    )


ROUTES = [
    call("POST", "/v1/refunds", CreateRefund, _create),
    call("POST", "/v1/refunds/{id}", UpdateRefund, _update),
    call("GET", "/v1/refunds/{id}", Params, _retrieve),
    call("GET", "/v1/refunds", ListRefunds, _list),
]
