"""All tables of this service, for its migrations."""

from chassis import idempotency
from orders.lifecycle.models import Inbox, Order, OrderEvent, OrderLine, OrderRefund
from orders.notifications.models import Mail
from orders.pricing.models import (
    Coupon,
    CouponRedemption,
    ShippingMethod,
    ShippingRate,
    ShippingZone,
    ShippingZoneCountry,
    TaxRate,
)
from orders.tables import Base

metadata = Base.metadata
idempotency_keys = idempotency.table(metadata)

__all__ = [
    "Coupon",
    "CouponRedemption",
    "Inbox",
    "Mail",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderRefund",
    "ShippingMethod",
    "ShippingRate",
    "ShippingZone",
    "ShippingZoneCountry",
    "TaxRate",
    "idempotency_keys",
    "metadata",
]
