"""The documentation's examples are what the models take and give."""

from pathlib import Path

from orders import examples
from orders.checkout.schemas import EventPut, OrderPost
from orders.lifecycle.schemas import OrderOut, OrderPut
from orders.pricing.rules import Discount, Goods, Rate, price
from orders.pricing.schemas import QuoteIn, QuoteOut


def test_the_models_agree() -> None:
    for model, example in (
        (QuoteIn, examples.QUOTE_IN),
        (QuoteOut, examples.QUOTE_OUT),
        (OrderPost, examples.ORDER_IN),
        (OrderPut, examples.ORDER_PUT),
        (OrderOut, examples.ORDER_OUT),
        (EventPut, examples.EVENT_PUT),
    ):
        model.model_validate(example)
    assert set(OrderOut.model_fields) == set(examples.ORDER_OUT)


def test_the_sums_are_those_of_the_rules() -> None:
    totals = price([Goods(1999, 2, 1900)], Discount("amount", 0), Rate(490, 5000, 1900))
    assert examples.TOTALS["total"]["amount"] == totals.total
    assert examples.TOTALS["tax"]["amount"] == totals.tax
    assert examples.LINE["tax"]["amount"] == totals.lines[0].tax


def test_the_article_is_sold_in_the_demo_shop(repository: Path) -> None:
    catalogue = "".join(file.read_text() for file in (repository / "products/demo/catalogue").glob("*.json"))
    assert f'"{examples.SKU}"' in catalogue
