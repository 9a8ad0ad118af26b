"""Which countries there are."""

from functools import cache

from babel.core import get_global

RESERVED = frozenset({"AC", "CP", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""Two-letter codes that CLDR knows as territories and that are no countries of ISO 3166-1."""


@cache
def countries() -> frozenset[str]:
    """All ISO 3166-1 alpha-2 codes, and Kosovo's XK, which post offices use."""
    known = {code for code in get_global("territory_currencies") if len(code) == 2 and code.isalpha()}
    return frozenset(known - RESERVED - frozenset(get_global("territory_aliases")))


def is_country(code: str) -> bool:
    """Whether mail can be addressed there at all."""
    return code in countries()
