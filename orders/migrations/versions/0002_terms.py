"""The terms a new shop starts with: where it delivers, for how much, and the taxes in its prices.

Rates as published for 2026; who sells for real checks them and changes the rows.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ZONES = {
    "home": "DE",
    "eu": "AT BE BG HR CY CZ DK EE ES FI FR GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
    "neighbours": "CH GB IS LI NO",
    "russia": "RU",
    "world": "",
}
"""Zone → its countries; `world` is the rest."""

METHODS = [
    ("standard", "Standard delivery", "Обычная доставка"),
    ("express", "Express courier", "Экспресс-курьер"),
    ("pickup", "Pick up at the shop", "Самовывоз из магазина"),
]

RATES = [
    ("standard", "home", 490, 5000, "2-3 working days", "2–3 рабочих дня"),
    ("standard", "eu", 890, 8000, "4-6 working days", "4–6 рабочих дней"),
    ("standard", "neighbours", 1290, 12000, "5-8 working days", "5–8 рабочих дней"),
    ("standard", "russia", 1490, 15000, "8-14 working days", "8–14 рабочих дней"),
    ("standard", "world", 1990, 20000, "8-14 working days", "8–14 рабочих дней"),
    ("express", "home", 1290, None, "next working day", "на следующий рабочий день"),
    ("express", "eu", 2490, None, "1-2 working days", "1–2 рабочих дня"),
    ("express", "neighbours", 3490, None, "2-3 working days", "2–3 рабочих дня"),
    ("express", "world", 4990, None, "3-5 working days", "3–5 рабочих дней"),
    ("pickup", "home", 0, None, "ready in two hours", "через два часа"),
]
"""Method, zone, price, free above (both in euro cents), estimate."""

CURRENCIES = {"EUR": 1, "USD": 1, "GBP": 1, "RUB": 90, "JPY": 1.6}
"""Shop currency → how many of its minor units a euro cent is taken for in the table above."""

TAXES = {
    "AT": (2000, 1000),
    "BE": (2100, 600),
    "BG": (2000, 900),
    "CY": (1900, 900),
    "CZ": (2100, 1200),
    "DE": (1900, 700),
    "DK": (2500, 2500),
    "EE": (2400, 900),
    "ES": (2100, 1000),
    "FI": (2550, 1350),
    "FR": (2000, 550),
    "GB": (2000, 500),
    "GR": (2400, 1300),
    "HR": (2500, 1300),
    "HU": (2700, 500),
    "IE": (2300, 1350),
    "IT": (2200, 1000),
    "LT": (2100, 1200),
    "LU": (1700, 800),
    "LV": (2100, 1200),
    "MT": (1800, 500),
    "NL": (2100, 900),
    "PL": (2300, 800),
    "PT": (2300, 600),
    "RO": (2100, 1100),
    "RU": (2200, 1000),
    "SE": (2500, 1200),
    "SI": (2200, 950),
    "SK": (2300, 1900),
}
"""Country → standard and reduced rate in basis points. A country that is not here has no tax in its prices."""


def upgrade() -> None:
    zones = [{"code": code, "rest": code == "world"} for code in ZONES]
    countries = [
        {"country": country, "zone": zone} for zone, listed in ZONES.items() for country in listed.split()
    ]
    methods = [
        {"code": code, "name": name, "name_ru": name_ru, "position": position, "active": True}
        for position, (code, name, name_ru) in enumerate(METHODS)
    ]
    taxes = [
        {"country": country, "tax_class": tax_class, "basis_points": rate}
        for country, rates in TAXES.items()
        for tax_class, rate in zip(("standard", "reduced"), rates, strict=True)
    ]
    for table, rows in (
        ("shipping_zones", zones),
        ("shipping_zone_countries", countries),
        ("shipping_methods", methods),
        ("shipping_rates", _rates()),
        ("tax_rates", taxes),
    ):
        op.bulk_insert(_table(table, rows[0]), rows)


def _rates() -> list[dict[str, object]]:
    return [
        {
            "method": method,
            "zone": zone,
            "currency": currency,
            "price_amount": round(price * factor),
            "free_above_amount": None if free_above is None else round(free_above * factor),
            "estimate": estimate,
            "estimate_ru": estimate_ru,
        }
        for currency, factor in CURRENCIES.items()
        for method, zone, price, free_above, estimate, estimate_ru in RATES
    ]


def _table(name: str, row: Mapping[str, object]) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in row))


def downgrade() -> None:
    for table in (
        "tax_rates",
        "shipping_rates",
        "shipping_methods",
        "shipping_zone_countries",
        "shipping_zones",
    ):
        op.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608  # our own names
