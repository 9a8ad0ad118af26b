"""The four services with enough behaviour to walk through the shop: shapes of DOMAIN.md §4, state in memory.

Each can be put out of order (`down = True`), and notes the requests it got (`seen`).
"""

from tests.pages.fakes.base import Fake, Json, eur, problem
from tests.pages.fakes.cart import FakeCart
from tests.pages.fakes.orders import FakeOrders
from tests.pages.fakes.payments import FakePayments
from tests.pages.fakes.products import FakeProducts

__all__ = ["Fake", "FakeCart", "FakeOrders", "FakePayments", "FakeProducts", "Json", "eur", "problem"]
