"""The payments service, pretended, with the provider behind it."""

from typing import Any
from uuid import UUID, uuid5

import httpx2

from tests.services.orders.beside import Answer, Beside, Json, problem

DEAD = ("failed", "voided")


class PaymentsBeside(Beside):
    """Payments move as a provider would move them. Switches: `opens` (ready, slow, refused),
    `captures` (done, declined, unknown), `voids` (done, unknown), `refunds` (succeeded, pending, failed)."""

    def __init__(self) -> None:
        super().__init__()
        self.payments: dict[str, Json] = {}
        self.requests: dict[str, Json] = {}
        self.refunds: dict[str, Json] = {}
        self.opens = "ready"
        self.captures = "done"
        self.voids = "done"
        self.refunding = "succeeded"
        self.paid_at_sync = False

    def of(self, order_id: str) -> list[Json]:
        return [each for each in self.payments.values() if each["order_id"] == order_id]

    def pay(self, order_id: str, *, capture: bool = False) -> None:
        """The shopper has paid on the provider's page."""
        payment = self.of(order_id)[-1]
        assert payment["status"] not in DEAD, "the door is shut"
        payment.update(status="authorized", authorized=payment["amount"]["amount"])
        if capture:
            payment.update(status="captured", captured=payment["amount"]["amount"])

    def again(self, order_id: str) -> None:
        """`POST /payments`: a further attempt."""
        older = self.of(order_id)
        attempt = str(uuid5(UUID(order_id), str(len(older) + 1)))
        self.payments[attempt] = {
            **older[-1],
            **self._new(attempt, older[-1]["amount"]),
            "order_id": order_id,
        }

    def net(self, order_id: str) -> int:
        """What was taken and not given back."""
        return sum(each["captured"] - each["refunded"] for each in self.of(order_id))

    def answer(self, method: str, path: str, body: Json, headers: httpx2.Headers) -> Answer:
        parts = path.split("/")[2:]
        match (method, parts):
            case ("PUT", ["payments", payment_id]):
                return self._open(payment_id, body)
            case ("PUT", ["payments", payment_id, "sync"]):
                if self.paid_at_sync:
                    self.pay(self.payments[payment_id]["order_id"])
                return 200, self.payments[payment_id]
            case ("PUT", ["payments", payment_id, "capture"]):
                return self._capture(self.payments[payment_id], body)
            case ("PUT", ["payments", payment_id, "void"]):
                return self._void(payment_id, only_if_unpaid=body["only_if_unpaid"])
            case ("PUT", ["refunds", refund_id]):
                return self._refund(refund_id, body)
            case ("GET", ["payables", order_id]):
                return self._payable(order_id)
        raise AssertionError(f"{method} {path}")

    def _new(self, payment_id: str, amount: Json) -> Json:
        return {
            "id": payment_id,
            "provider": "stripe",
            "status": "requires_action",
            "amount": amount,
            "authorized": 0,
            "captured": 0,
            "refund_reserved": 0,
            "refunded": 0,
            "quarantined": False,
            "redirect_url": f"https://pay.example/{payment_id}",
            "session_expires_at": None,
        }

    def _open(self, payment_id: str, body: Json) -> Answer:
        known = self.payments.get(payment_id)
        if known is not None and known["order_id"] is None:
            return problem(410, "payment_voided")
        if known is None:
            self.requests[payment_id] = body
            known = {**self._new(payment_id, body["amount"]), "order_id": body["order_id"]}
            self.payments[payment_id] = known
        elif self.requests[payment_id] != body:
            return problem(422, "id_reused")
        if self.opens == "refused":
            known["status"] = "failed"
        if known["status"] == "failed":
            return problem(409, "provider_refused")
        if known["status"] == "voided":
            return problem(410, "payment_voided")
        if self.opens == "slow":
            return 202, {**known, "status": "created", "redirect_url": None}
        return 200, known

    def _capture(self, payment: Json, body: Json) -> Answer:
        assert body["amount"] == payment["amount"]
        if payment["status"] == "captured":
            return 200, payment
        if payment["status"] in DEAD or self.captures == "declined":
            payment["status"] = "failed"
            return problem(409, "capture_declined")
        if self.captures == "unknown":
            return 202, payment
        assert payment["status"] == "authorized"
        payment.update(status="captured", captured=payment["amount"]["amount"])
        return 200, payment

    def _void(self, payment_id: str, *, only_if_unpaid: bool) -> Answer:
        tombstone = {**self._new(payment_id, {"amount": 0, "currency": "EUR"}), "order_id": None}
        payment = self.payments.setdefault(payment_id, {**tombstone, "status": "voided"})
        if payment["status"] in ("captured", *DEAD) or (payment["status"] == "authorized" and only_if_unpaid):
            return 200, payment
        if self.voids == "unknown":
            return 202, payment
        payment.update(status="voided", authorized=0)
        return 200, payment

    def _refund(self, refund_id: str, body: Json) -> Answer:
        known: Json | None = self.refunds.get(refund_id)
        if known is None:
            payment, amount = self.payments[body["payment_id"]], body["amount"]["amount"]
            if payment["captured"] - payment["refund_reserved"] < amount:
                return problem(409, "refund_exceeds_captured")
            known = {"id": refund_id, "payment_id": body["payment_id"], "amount": body["amount"]}
            known["status"] = self.refunding
            self.refunds[refund_id] = known
            if self.refunding != "failed":
                payment["refund_reserved"] += amount
            if self.refunding == "succeeded":
                payment["refunded"] += amount
        return 200, known

    def _payable(self, order_id: str) -> Answer:
        payments = self.of(order_id)
        if not payments:
            return problem(404, "not_found")
        sums: dict[str, Any] = {
            name: sum(each[name] for each in payments) for name in ("authorized", "captured", "refunded")
        }
        return 200, {"order_id": order_id, "amount": payments[0]["amount"], "payments": payments, **sums}
