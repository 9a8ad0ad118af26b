"""What the sandbox reads from its environment, once, in `main`."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Settings with the prefix `SANDBOX_`."""

    model_config = SettingsConfigDict(env_prefix="SANDBOX_")

    port: int = Field(default=8005, ge=1, le=65535)
    public_origin: str = "http://localhost:8005"
    """Where browsers reach the hosted payment page: scheme, host and port."""
    database_file: Path = Path(".data/sandbox.sqlite3")
    """The provider's whole memory; its folder is made when missing."""
    api_key: SecretStr = SecretStr("sk_test_sandbox")
    webhook_url: str = "http://127.0.0.1:8003/webhooks/stripe"
    """Where events are sent. Empty: events are kept and listed, nothing is sent."""
    webhook_secret: SecretStr = SecretStr("whsec_sandbox")
    webhook_events: Annotated[frozenset[str], NoDecode] = frozenset({"*"})
    """The event types to send, separated by commas; `*` is every type."""
    minimum_session_seconds: int = Field(default=1800, ge=1)
    """A Checkout Session lives at least this long, as Stripe's half an hour."""
    clock_offset_seconds: int = Field(default=0, ge=-(10**9), le=10**9)
    """How far the provider's clock is ahead of the machine's when its store is new."""
    shop_name: str = "Demo shop"
    """What the payment page calls the merchant."""

    @field_validator("webhook_events", mode="before")
    @classmethod
    def _from_commas(cls, value: object) -> object:
        return (
            [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )

    def unsafe(self) -> list[str]:
        """Always one reason: no setting makes a pretended payment provider fit for production."""
        return ["the sandbox takes no real money and never runs in production"]
