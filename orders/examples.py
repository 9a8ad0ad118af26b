"""What the documentation shows: one order of one shopper, the same everywhere."""

from typing import Any

Json = dict[str, Any]


def money(amount: int) -> Json:
    """Euro cents."""
    return {"amount": amount, "currency": "EUR"}


ORDER_ID = "0199c0ff-ee00-7000-b000-0000000000aa"
CART_ID = "0199c0ff-ee00-7000-8000-0000000000ca"
VARIANT_ID = "0199c0ff-ee00-7000-8000-000000000011"
PRODUCT_ID = "0199c0ff-ee00-7000-8000-000000000010"
PAYMENT_ID = "7d444840-9dc0-51d1-b245-5ffdce74fad2"
SKU = "MUG-MORNING-350"
NOW = "2026-11-23T10:00:00.000Z"

ADDRESS: Json = {
    "name": "Anna Schmidt",
    "line1": "Hauptstraße 5",
    "city": "Berlin",
    "postal_code": "10115",
    "country": "DE",
}
ADDRESS_OUT: Json = {**ADDRESS, "line2": None, "region": None, "phone": None}

QUOTE_IN: Json = {
    "lines": [{"sku": SKU, "quantity": 2}],
    "country": "DE",
    "shipping_method": "standard",
}
METHODS: list[Json] = [
    {
        "code": "standard",
        "name": "Standard delivery",
        "price": money(490),
        "estimate": "2-3 working days",
    },
    {"code": "pickup", "name": "Pick up at the shop", "price": money(0), "estimate": "ready in two hours"},
]
LINE: Json = {
    "sku": SKU,
    "variant_id": VARIANT_ID,
    "name": "Morning mug",
    "options": "",
    "quantity": 2,
    "unit_price": money(1999),
    "discount": money(0),
    "tax": money(638),
    "total": money(3998),
    "image": None,
}
TOTALS: Json = {
    "subtotal": money(3998),
    "discount": money(0),
    "shipping": money(490),
    "tax": money(716),
    "total": money(4488),
    "tax_included": True,
}
QUOTE_OUT: Json = {
    "currency": "EUR",
    "country": "DE",
    "lines": [{**LINE, "available": 12, "sellable": True}],
    **TOTALS,
    "coupon": None,
    "shipping_method": "standard",
    "shipping_methods": METHODS,
}

ORDER_IN: Json = {
    "cart_id": CART_ID,
    "email": "anna@example.com",
    "shipping_address": ADDRESS,
    "shipping_method": "standard",
    "payment_method": "card",
    "expected_total": money(4488),
}
ORDER_PUT: Json = {"shipping_address": {**ADDRESS, "line1": "Nebenweg 1"}, "note": "Please ring twice."}
ORDER_OUT: Json = {
    "id": ORDER_ID,
    "number": "7KQ4M2XD",
    "status": "pending",
    "payment_status": "unpaid",
    "fulfillment_status": "unfulfilled",
    "cancel_reason": None,
    "failure": None,
    "email": "anna@example.com",
    "locale": "en",
    "currency": "EUR",
    "lines": [
        {
            "id": "0199c0ff-ee00-7000-b000-0000000000ab",
            **LINE,
            "product_id": PRODUCT_ID,
            "slug": "morning-mug",
        }
    ],
    **TOTALS,
    "coupon": None,
    "shipping_method": "standard",
    "shipping_method_name": "Standard delivery",
    "shipping_address": ADDRESS_OUT,
    "billing_address": None,
    "note": "",
    "payment": {
        "id": PAYMENT_ID,
        "status": "requires_action",
        "redirect_url": "http://localhost:8005/pay/cs_test_1",
    },
    "pay_until": "2026-11-23T10:34:00.000Z",
    "order_token": "k3mYwQ0c1v6wEo0v0h8q2p5s7u9x1z4B6D8F0H2J4L6",
    "customer_id": None,
    "cart_id": CART_ID,
    "version": 2,
    "created_at": NOW,
    "updated_at": NOW,
    "confirmed_at": None,
    "timeline": [{"at": NOW, "event": "order.placed", "who": "guest", "actor": None}],
    "saga": None,
}
EVENT_PUT: Json = {"type": "payment.authorized", "order_id": ORDER_ID, "payment_id": PAYMENT_ID}
