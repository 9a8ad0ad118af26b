"""Products of the service as cards of a grid."""

from collections.abc import Sequence

from chassis.schemas import MoneyOut
from frontend.clients.products import ProductCard
from frontend.page_models.catalog import Card

FEW = 5


def saving(price: MoneyOut | None, compare_at: MoneyOut | None) -> int:
    """How many per cent cheaper than before, rounded down; 0 when there was no higher price."""
    if price is None or compare_at is None or compare_at.amount <= price.amount:
        return 0
    return (compare_at.amount - price.amount) * 100 // compare_at.amount


def few_left(available: int | None) -> int:
    """The number left when it is worth a word, else 0."""
    return available if available is not None and 0 < available <= FEW else 0


def card(product: ProductCard) -> Card:
    """The card of one product."""
    return Card(
        href=f"/products/{product.slug}",
        name=product.name,
        price=product.price,
        compare_at=product.compare_at,
        saving=saving(product.price, product.compare_at),
        is_sold_out=product.available == 0,
        few_left=few_left(product.available),
        image=product.image,
        sku=product.sku,
    )


def cards(products: Sequence[ProductCard]) -> list[Card]:
    """The cards of several, in their order."""
    return [card(product) for product in products]
