"""What the cart service reads from its environment (`CART_…`)."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """The cart service's settings."""

    model_config = SettingsConfigDict(env_prefix="CART_", frozen=True, extra="ignore")

    port: int = Field(default=8001, ge=1, le=65535)
    products_url: str = "http://127.0.0.1:8004"
    products_seconds: float = Field(default=1.5, gt=0, le=30)
    """How long a shopper waits for products before the cart is shown without prices."""
    guest_cart_days: int = Field(default=90, ge=1)
    """A guest's cart that nobody changed for so long is thrown away."""
    sweep_seconds: float = Field(default=3600, gt=0)
    """Pause between two looks for what is old."""
