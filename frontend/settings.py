"""What the gateway reads from its environment (`FRONTEND_…`)."""

from functools import cached_property
from typing import Self
from urllib.parse import urlsplit

from pydantic import model_validator
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings

EUROPEAN_UNION = "AT,BE,BG,HR,CY,CZ,DE,DK,EE,ES,FI,FR,GR,HU,IE,IT,LT,LU,LV,MT,NL,PL,PT,RO,SE,SI,SK"


class Settings(ServiceSettings):
    """The gateway's settings. Origins are `scheme://host[:port]` without a trailing slash."""

    model_config = SettingsConfigDict(env_prefix="FRONTEND_", frozen=True, extra="ignore")

    shop_name: str = "Polka"
    products_url: str = "http://127.0.0.1:8004"
    cart_url: str = "http://127.0.0.1:8001"
    orders_url: str = "http://127.0.0.1:8002"
    payments_url: str = "http://127.0.0.1:8003"

    payment_origins: str = "http://localhost:8005"
    """Origins with commas: where the payment provider's pages lie. Forms and redirects may lead there."""
    docs_origins: str = (
        "http://localhost:8001,http://localhost:8002,http://localhost:8003,http://localhost:8004"
    )
    """Origins with commas: whose `/docs` may fetch tokens from `/auth/token` (CORS)."""
    trusted_proxies: str = "127.0.0.1"
    """Addresses with commas whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."""
    delivery_countries: str = f"{EUROPEAN_UNION},GB,NO,CH,US,RU"
    """ISO 3166-1 codes with commas: the countries an address can be in."""

    session_idle_days: int = 30
    session_absolute_days: int = 90
    staff_idle_minutes: int = 30
    staff_absolute_hours: int = 8

    @cached_property
    def payment_origin_list(self) -> tuple[str, ...]:
        return _parts(self.payment_origins)

    @cached_property
    def docs_origin_list(self) -> frozenset[str]:
        return frozenset(_parts(self.docs_origins))

    @cached_property
    def country_codes(self) -> tuple[str, ...]:
        return _parts(self.delivery_countries)

    @cached_property
    def is_secure(self) -> bool:
        """Whether browsers reach us by https, so that cookies and HSTS may rely on it."""
        return self.public_origin.startswith("https://")

    def service_urls(self) -> dict[str, str]:
        """Service → its address, in the order the documentation shows them."""
        return {
            "products": self.products_url,
            "cart": self.cart_url,
            "orders": self.orders_url,
            "payments": self.payments_url,
        }

    def unsafe(self) -> list[str]:
        reasons = super().unsafe()
        if any(not origin.startswith("https://") for origin in self.payment_origin_list):
            reasons.append("payment_origins must be https")
        return reasons

    @model_validator(mode="after")
    def _origins_are_origins(self) -> Self:
        for origin in (*self.payment_origin_list, *self.docs_origin_list):
            parts = urlsplit(origin)
            if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query:
                raise ValueError(f"not an origin: {origin}")
        return self


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
