"""Orders, told that something about a payment has changed."""

from chassis.http import ServiceClient
from payments.news.message import Message


class OrdersClient:
    """The one call that goes from payments to orders."""

    def __init__(self, service: ServiceClient) -> None:
        self._service = service

    async def tell(self, message: Message) -> None:
        """Orders has taken the message. Repeating is safe: its inbox keeps each event id once.

        Raises RemoteUnavailable (tell it again), or RemoteProblem when orders refuses it.
        """
        body = {
            "type": message.type,
            "order_id": str(message.order_id),
            "payment_id": str(message.payment_id),
        }
        answer = await self._service.send("PUT", f"/internal/events/{message.event_id}", body=body)
        if answer.status_code >= 300:
            raise self._service.problem(answer)

    async def aclose(self) -> None:
        """Its connections are closed."""
        await self._service.aclose()
