"""What every service reads from its environment, once, in `main`."""

import json
import os
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Environment = Literal["development", "test", "production"]

UNSAFE_SECRETS = frozenset({"", "changeme", "change-me", "secret", "password", "test", "development"})
SHORTEST_SECRET = 24


class UnsafeSettings(RuntimeError):
    """Settings that production refuses to start with; the message names each variable."""


class ServiceSettings(BaseSettings):
    """Settings that any service has. Subclasses set `env_prefix` and add their own fields.

    `<PREFIX>ENV_FILE` may name a file with more of the same variables; real environment variables win.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    environment: Environment = "development"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    docs_enabled: bool = True

    database_url: str = ""
    """`postgresql://role@host:port/database`; the password comes from `database_password`."""
    database_password: SecretStr = SecretStr("")
    database_pool_size: int = Field(default=8, ge=1, le=200)

    public_origin: str = "http://localhost:8000"
    """The gateway as browsers see it: scheme, host and port, no trailing slash."""
    currency: str = Field(default="EUR", pattern="^[A-Z]{3}$")
    """The one currency the shop sells in (ISO 4217)."""

    service_key: SecretStr = SecretStr("")
    """This service's private Ed25519 key, a JWK as JSON."""
    trusted_keys_file: Path | None = None
    """JSON object: service name → public JWK. Tokens of services not in it are refused."""
    people_jwks_url: str = "http://localhost:8000/.well-known/jwks.json"
    """Where the public keys lie that people's tokens are signed with."""
    cursor_secret: SecretStr = SecretStr("")
    """Signs the opaque cursors of lists."""

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """The settings of this process: overrides, then environment, then the file `<PREFIX>ENV_FILE`."""
        prefix = cls.model_config.get("env_prefix", "")
        return cls(_env_file=os.environ.get(f"{prefix}ENV_FILE") or None, **overrides)

    @field_validator("public_origin")
    @classmethod
    def _without_trailing_slash(cls, origin: str) -> str:
        return origin.rstrip("/")

    @cached_property
    def database_dsn(self) -> str:
        """`database_url` with the password in it. Never log it."""
        return dsn_with_password(self.database_url, self.database_password.get_secret_value())

    @cached_property
    def trusted_keys(self) -> dict[str, dict[str, str]]:
        """Service name → its public JWK; empty without a file."""
        if self.trusted_keys_file is None:
            return {}
        keys: dict[str, dict[str, str]] = json.loads(self.trusted_keys_file.read_text())
        return keys

    def unsafe(self) -> list[str]:
        """Why production must not start with these settings, one sentence each; empty when it may.

        Subclasses add their own reasons to `super().unsafe()`.
        """
        reasons = []
        for name in ("cursor_secret", "service_key", "database_password"):
            secret: SecretStr = getattr(self, name)
            if is_unsafe_secret(secret.get_secret_value()):
                reasons.append(f"{name} is missing, too short or a default")
        if not self.public_origin.startswith("https://"):
            reasons.append("public_origin must be https")
        return reasons

    def refuse_unsafe_production(self) -> None:
        """Nothing happens outside production, nor with safe settings. Raises UnsafeSettings otherwise."""
        if self.environment == "production" and (reasons := self.unsafe()):
            prefix = self.model_config.get("env_prefix", "")
            raise UnsafeSettings(f"{prefix}*: " + "; ".join(reasons))


def is_unsafe_secret(secret: str) -> bool:
    """Whether a secret is missing, shorter than 24 characters, or one that everybody knows."""
    return len(secret) < SHORTEST_SECRET or secret.lower() in UNSAFE_SECRETS


def dsn_with_password(url: str, password: str) -> str:
    """The same PostgreSQL URL with the password put in; unchanged when the password is empty."""
    if not password:
        return url
    parts = urlsplit(url)
    _, _, address = parts.netloc.rpartition("@")
    user = quote(parts.username or "", safe="")
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{address}"))
