"""One purchase through the addresses that everybody sees; stock, order, payment and the provider's books agree."""

import pytest

from suite.purchase import Shop, buy
from tests.support.shop import RunningShop

pytestmark = pytest.mark.xdist_group("shop")


def test_a_guest_buys_and_the_books_agree(shop: RunningShop) -> None:
    order = buy(Shop(port_base=shop.port_base))
    assert (order["status"], order["payment_status"]) == ("confirmed", "paid")
