"""Where providers tell us things. Signed by them, open to nobody else."""

from typing import Annotated, Any

from fastapi import Header, Path, Request, Response

from chassis.errors import NotFound, TooLarge
from chassis.openapi import responses
from chassis.routing import Router
from payments.attempts.examples import EVENT
from payments.deps import TheDesk
from payments.webhooks.errors import InvalidSignature
from payments.webhooks.service import receive

LARGEST_EVENT = 64 * 1024
ANY_JSON: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}, "example": EVENT}},
    }
}

router = Router(prefix="/webhooks", tags=["webhooks"])


@router.post(
    "/{provider}",
    summary="Take a provider's event",
    response_class=Response,
    responses={200: {"description": "The event is kept"}, **responses(InvalidSignature, NotFound, TooLarge)},
    openapi_extra=ANY_JSON,
)
async def take_event(
    provider: Annotated[str, Path(max_length=40, pattern="^[a-z_]+$", examples=["stripe"])],
    request: Request,
    desk: TheDesk,
    stripe_signature: Annotated[
        str, Header(max_length=4096, description="`t=…,v1=…`, as the provider signed the raw body.")
    ] = "",
) -> Response:
    """The event is verified, and durable with what it told before this answers 200. Its content is only a hint: the
    provider is asked. The same event may come any number of times."""
    await receive(desk, provider, await request.body(), stripe_signature)
    return Response(status_code=200)
