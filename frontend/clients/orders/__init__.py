"""The orders service."""

from frontend.clients.orders.client import OrdersClient
from frontend.clients.orders.mails import Mail, MailList
from frontend.clients.orders.orders import (
    Order,
    OrderAddress,
    OrderLine,
    OrderList,
    OrderPayment,
    OrderSummary,
    OrderToPlace,
    Saga,
    TimelineEntry,
)
from frontend.clients.orders.quotes import Quote, QuoteLine, ShippingMethod, Totals

__all__ = [
    "Mail",
    "MailList",
    "Order",
    "OrderAddress",
    "OrderLine",
    "OrderList",
    "OrderPayment",
    "OrderSummary",
    "OrderToPlace",
    "OrdersClient",
    "Quote",
    "QuoteLine",
    "Saga",
    "ShippingMethod",
    "TimelineEntry",
    "Totals",
]
