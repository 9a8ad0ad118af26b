"""Asks the orders service: quotes, placing an order, following and canceling it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.http import ServiceClient
from frontend.clients.asking import Asker
from frontend.clients.orders.mails import MailList
from frontend.clients.orders.orders import Order, OrderList, OrderToPlace
from frontend.clients.orders.quotes import Quote


class OrdersClient:
    """Asks the orders service."""

    def __init__(self, service: ServiceClient) -> None:
        self.service = service

    async def quote(
        self,
        asker: Asker,
        *,
        lines: Sequence[tuple[str, int]],
        country: str,
        postal_code: str = "",
        coupon: str = "",
        shipping_method: str = "",
    ) -> Quote:
        """What (sku, quantity) lines cost there. Raises RemoteProblem (422 for an unknown coupon or method)."""
        optional = {"postal_code": postal_code, "coupon": coupon, "shipping_method": shipping_method}
        body: dict[str, Any] = {
            "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines],
            "country": country,
            **{name: value for name, value in optional.items() if value},
        }
        return await self.service.call(
            "POST", "/quotes", Quote, body=body, repeatable=True, deadline=4.0, **asker.options()
        )

    async def place(self, asker: Asker, order: OrderToPlace, *, key: str) -> Order:
        """The order, placed once however often the same `key` is sent.

        Raises RemoteProblem (409 price_changed, out_of_stock, order_in_progress; 422) or RemoteUnavailable.
        """
        body = order.model_dump(mode="json", exclude_none=True)
        options = asker.options(idempotency_key=key)
        return await self.service.call(
            "POST", "/orders", Order, body=body, deadline=8.0, repeatable=True, **options
        )

    async def order(self, asker: Asker, order_id: UUID, *, wait: float = 0) -> Order:
        """The order, after `wait` seconds or as soon as there is news. Raises RemoteProblem 404, also for another's."""
        query = {"wait": str(wait)} if wait else None
        return await self.service.call(
            "GET", f"/orders/{order_id}", Order, params=query, deadline=wait + 2.0, **asker.options()
        )

    async def page(self, asker: Asker, query: Mapping[str, str]) -> OrderList:
        """One page of the asker's orders; staff see all."""
        return await self.service.call("GET", "/orders", OrderList, params=query, **asker.options())

    async def retry(self, asker: Asker, order_id: UUID) -> None:
        """A stuck order is tried again at once. Raises RemoteProblem."""
        response = await self.service.send(
            "POST", f"/orders/{order_id}/retry", repeatable=True, **asker.options()
        )
        if response.status_code >= 300:
            raise self.service.problem(response)

    async def mails(self, asker: Asker, query: Mapping[str, str]) -> MailList:
        """Order mail that was kept because no mail server is set. For staff."""
        return await self.service.call("GET", "/mails", MailList, params=query, **asker.options())

    async def cancel(self, asker: Asker, order_id: UUID) -> None:
        """Canceling has begun, or is done. Raises RemoteProblem (409 when it is too late)."""
        response = await self.service.send("DELETE", f"/orders/{order_id}", deadline=6.0, **asker.options())
        if response.status_code >= 300:
            raise self.service.problem(response)
