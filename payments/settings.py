"""What payments reads from its environment, once, in `main`."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from chassis.settings import ServiceSettings, is_unsafe_secret

STRIPE = "https://api.stripe.com"
MOST_WEBHOOK_SECRETS = 2
"""The present one, and during a rotation the next."""


class Settings(ServiceSettings):
    """Settings with the prefix `PAYMENTS_`."""

    model_config = SettingsConfigDict(env_prefix="PAYMENTS_")

    port: int = Field(default=8003, ge=1, le=65535)
    orders_url: str = "http://127.0.0.1:8002"
    """Where news of payments are sent."""
    return_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Origins beside `public_origin` that a shopper may be sent back to, separated by commas."""

    stripe_api_key: SecretStr = SecretStr("sk_test_sandbox")
    stripe_api_base: str = "http://127.0.0.1:8005"
    """Where the provider's API is: Stripe's own, or the sandbox."""
    stripe_webhook_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = (SecretStr("whsec_sandbox"),)
    """Secrets that webhooks may be signed with, at most two, separated by commas."""

    workers_inside: bool = True
    """Whether the service itself finishes what was left; else `python -m payments.worker` does, beside it."""
    loop_seconds: float = Field(default=1.0, gt=0, le=60)
    """How often that loop looks for rows that are due."""
    lease_seconds: float = Field(default=30.0, gt=0, le=600)
    """How long whoever works on a row is left alone with it. Longer than any call to the provider."""

    @field_validator("return_origins", "stripe_webhook_secrets", mode="before")
    @classmethod
    def _from_commas(cls, value: object) -> object:
        return (
            [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )

    @field_validator("stripe_webhook_secrets")
    @classmethod
    def _one_or_two(cls, secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if not 1 <= len(secrets) <= MOST_WEBHOOK_SECRETS:
            raise ValueError("name one webhook secret, or two during a rotation")
        return secrets

    @property
    def allowed_origins(self) -> frozenset[str]:
        """Scheme, host and port of every address that a shopper may be sent back to."""
        return frozenset({self.public_origin, *(origin.rstrip("/") for origin in self.return_origins)})

    def unsafe(self) -> list[str]:
        reasons = super().unsafe()
        if self.stripe_api_base.rstrip("/") != STRIPE:
            reasons.append(f"stripe_api_base must be {STRIPE}")
        key = self.stripe_api_key.get_secret_value()
        if is_unsafe_secret(key) or not key.startswith(("sk_live_", "rk_live_")):
            reasons.append("stripe_api_key is missing, a default or a test key")
        if any(is_unsafe_secret(secret.get_secret_value()) for secret in self.stripe_webhook_secrets):
            reasons.append("stripe_webhook_secrets holds a secret that is too short or a default")
        if any(urlsplit(origin).scheme != "https" for origin in self.return_origins):
            reasons.append("return_origins must be https")
        return reasons
