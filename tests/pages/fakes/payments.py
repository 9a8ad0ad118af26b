"""A payments service in memory."""

import secrets
from typing import Protocol
from uuid import UUID, uuid5

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.pages.fakes.base import NOW, Fake, Json, eur, is_staff, problem, subject


class Orders(Protocol):
    """What payments has to know of orders."""

    orders: dict[str, Json]

    def mine(self, request: Request, order_id: str) -> Json | None:
        """The order, if whoever asks may have it."""


class FakePayments(Fake):
    """Payments by id, with the provider's page at `provider`."""

    def __init__(self, provider: str = "http://localhost:8005") -> None:
        self.provider = provider
        self.payments: dict[str, Json] = {}
        self.orders: Orders | None = None
        super().__init__()

    def routes(self) -> list[Route]:
        return [
            Route("/payments", self._list),
            Route("/payments", self._create, methods=["POST"]),
            Route("/payments/{id}", self._show),
            Route("/webhooks/stripe", self._show, methods=["POST"]),
        ]

    def begin(self, order: Json) -> Json:
        payment = {
            "id": str(uuid5(UUID(order["id"]), str(len(self.payments)))),
            "order_id": order["id"],
            "provider": "stripe",
            "status": "requires_action",
            "amount": order["total"],
            "authorized": eur(0),
            "captured": eur(0),
            "refunded": eur(0),
            "operations": [],
            "redirect_url": f"{self.provider}/pay/{secrets.token_hex(4)}",
            "created_at": NOW,
        }
        self.payments[payment["id"]] = payment
        order["payment"] = {key: payment[key] for key in ("id", "status", "redirect_url")}
        return payment

    async def _create(self, request: Request) -> Response:
        assert self.orders
        order = self.orders.mine(request, (await request.json())["order_id"])
        if order is None:
            return problem(404, "order_not_found")
        if order["status"] != "pending":
            return problem(409, "nothing_to_pay")
        return JSONResponse(self.begin(order), 201)

    async def _list(self, request: Request) -> Response:
        if not subject(request):
            return problem(401, "unauthenticated")
        assert self.orders
        mine = [
            payment
            for payment in reversed(self.payments.values())
            if is_staff(request) or self.orders.orders[payment["order_id"]]["owner"] == subject(request)
        ]
        return JSONResponse({"items": mine, "next_cursor": None})

    async def _show(self, request: Request) -> Response:
        return JSONResponse(self.payments[request.path_params["id"]])
