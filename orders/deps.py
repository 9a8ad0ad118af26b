"""What routes ask for."""

from typing import Annotated, Literal

from fastapi import Depends, Header, Request

from orders.shop import Shop

SPOKEN = ("en", "ru")


def _shop(request: Request) -> Shop:
    shop: Shop = request.app.state.shop
    return shop


ShopDep = Annotated[Shop, Depends(_shop)]


def _locale(
    accept_language: Annotated[
        str | None, Header(max_length=200, description="`en` or `ru`.", examples=["en"])
    ] = None,
) -> Literal["en", "ru"]:
    """The first language of the header that the shop speaks; English otherwise."""
    for part in (accept_language or "").split(","):
        language = part.split(";")[0].strip().lower().split("-")[0]
        if language == "ru":
            return "ru"
        if language == "en":
            return "en"
    return "en"


LocaleOf = Annotated[Literal["en", "ru"], Depends(_locale)]

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
        description="A guest's secret for their cart, from the answer to `POST /cart`.",
    ),
]
