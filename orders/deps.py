"""What routes ask for."""

from typing import Annotated

from fastapi import Depends, Header, Request

from orders.shop import Shop


def _shop(request: Request) -> Shop:
    shop: Shop = request.app.state.shop
    return shop


ShopDep = Annotated[Shop, Depends(_shop)]


OrderTokenHeader = Annotated[
    str | None,
    Header(
        alias="X-Order-Token",
        max_length=200,
        description="A guest's secret for one order, from the answer to `POST /orders` or from the mail.",
    ),
]
CartTokenHeader = Annotated[
    str | None,
    Header(
        alias="X-Cart-Token",
        max_length=200,
        pattern=r"^[\x21-\x7e]*$",
        description="A guest's secret for their cart, from the answer to `POST /cart`.",
    ),
]
