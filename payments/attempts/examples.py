"""Example values of the documentation: one order, paid once."""

from typing import Any

ID = "0199c0ff-ee00-7000-b000-000000000001"
ORDER_ID = "0199c0ff-ee00-7000-b000-0000000000aa"
RETURN_URL = f"http://localhost:8000/checkout/{ORDER_ID}/return"
PAGE_URL = "http://localhost:8005/pay/cs_test_a1B2c3"
AMOUNT: dict[str, Any] = {"amount": 1999, "currency": "EUR"}
NOTHING: dict[str, Any] = {"amount": 0, "currency": "EUR"}

PUT: dict[str, Any] = {
    "order_id": ORDER_ID,
    "order_number": "7KQ4M2XD",
    "amount": AMOUNT,
    "method": "card",
    "email": "anna@example.com",
    "customer_id": None,
    "order_token_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "success_url": RETURN_URL,
    "cancel_url": f"{RETURN_URL}?canceled=1",
    "session_seconds": 1860,
    "locale": "en",
}
FACT: dict[str, Any] = {
    "id": ID,
    "order_id": ORDER_ID,
    "provider": "stripe",
    "status": "requires_action",
    "amount": AMOUNT,
    "authorized": 0,
    "captured": 0,
    "refund_reserved": 0,
    "refunded": 0,
    "quarantined": False,
    "redirect_url": PAGE_URL,
    "session_expires_at": "2026-11-23T10:31:00.000Z",
}
PAYABLE: dict[str, Any] = {
    "order_id": ORDER_ID,
    "amount": AMOUNT,
    "payments": [FACT],
    "authorized": 0,
    "captured": 0,
    "refunded": 0,
}
PAYMENT: dict[str, Any] = {
    "id": ID,
    "order_id": ORDER_ID,
    "order_number": "7KQ4M2XD",
    "provider": "stripe",
    "method": "card",
    "status": "requires_action",
    "amount": AMOUNT,
    "authorized": NOTHING,
    "captured": NOTHING,
    "refunded": NOTHING,
    "operations": [
        {
            "kind": "authorize",
            "status": "pending",
            "amount": AMOUNT,
            "code": None,
            "created_at": "2026-11-23T10:00:00.000Z",
        }
    ],
    "redirect_url": PAGE_URL,
    "quarantined": False,
    "quarantine_reason": None,
    "created_at": "2026-11-23T10:00:00.000Z",
}
EVENT: dict[str, Any] = {
    "id": "evt_1Q2w3E",
    "object": "event",
    "type": "payment_intent.succeeded",
    "data": {"object": {"id": "pi_1Q2w3E", "object": "payment_intent", "status": "succeeded"}},
}
