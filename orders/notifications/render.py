"""Writes mails. A guest's link holds a secret: the text keeps a mark in its place, filled in on the way out only."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chassis.money import formatted
from chassis.schemas import MoneyOut
from orders.lifecycle.schemas import OrderOut
from orders.tokens import OrderTokens

TOKEN_MARK = "ORDER-TOKEN-GOES-HERE"  # noqa: S105  # the mark in its place, not the secret
SUBJECTS = {
    "order_confirmed": {"en": "Your order {number} is confirmed", "ru": "Ваш заказ {number} подтверждён"},
}


@dataclass(frozen=True, slots=True)
class Written:
    """A mail without its secret."""

    subject: str
    text: str
    html: str


def write(kind: str, order: OrderOut, *, origin: str) -> Written:
    """The mail of a kind about an order, in the order's language."""
    link = f"{origin}/orders/{order.id}"
    if order.customer_id is None:
        link += f"?token={TOKEN_MARK}"
    locale = order.locale if order.locale in ("en", "ru") else "en"

    def _shown(money: MoneyOut) -> str:
        return formatted(money.amount, money.currency, locale=locale)

    context = {"order": order, "link": link, "money": _shown, "shop": origin}
    return Written(
        subject=SUBJECTS[kind][locale].format(number=order.number),
        text=_templates().get_template(f"{kind}.{locale}.txt").render(context),
        html=_templates().get_template(f"{kind}.{locale}.html").render(context),
    )


def with_secret(text: str, *, order_id: UUID, tokens: OrderTokens) -> str:
    """The text with the guest's secret in its link."""
    return text.replace(TOKEN_MARK, tokens.token(order_id))


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
