"""Prices as people type them into fields, to and from minor units."""

from decimal import Decimal, InvalidOperation

from chassis.money import LARGEST_AMOUNT, decimals
from chassis.schemas import MoneyOut


def minor_units(written: str, currency: str) -> int | None:
    """`19.90`, `19,9` or `1 900` as minor units; None when it is no price of this currency."""
    plain = "".join(written.split()).replace(",", ".")
    try:
        amount = Decimal(plain).scaleb(decimals(currency))
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount <= LARGEST_AMOUNT or amount != int(amount):
        return None
    return int(amount)


def written(value: MoneyOut | None) -> str:
    """`19.90`: how a field shows an amount; empty for none."""
    if value is None:
        return ""
    return f"{Decimal(value.amount).scaleb(-decimals(value.currency)):f}"
