"""Who may call in tests: keys of every service, and tokens of services and people."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2

from chassis.auth import TokenMinter, public_jwk
from chassis.ids import new_id
from chassis.secrets import write_secrets

SERVICES = ["products", "cart", "orders", "payments", "frontend"]
LONG_TOKEN = 3600


@dataclass(frozen=True)
class Identities:
    """The secrets folder of a system of services, and what one needs to speak as any of them."""

    folder: Path

    @classmethod
    def create(cls, folder: Path) -> "Identities":
        write_secrets(folder, SERVICES)
        return cls(folder)

    def key(self, service: str) -> str:
        """A service's private JWK as JSON."""
        text = (self.folder / f"{service}.env").read_text()
        line = next(line for line in text.splitlines() if "_SERVICE_KEY=" in line)
        return line.split("=", 1)[1].strip("'")

    def minter(self, service: str) -> TokenMinter:
        """Signs in the name of `service`."""
        return TokenMinter(service, self.key(service))

    def service_headers(self, service: str, audience: str) -> dict[str, str]:
        """`Authorization` of a call from one service to another."""
        return {"authorization": f"Bearer {self.minter(service).service_token(audience)}"}

    def person_headers(
        self, audience: str, *, roles: list[str], subject: UUID | None = None, email: str = "anna@example.com"
    ) -> dict[str, str]:
        """`Authorization` of a person's call, good for an hour."""
        token = self.minter("frontend").person_token(
            audience, subject=subject or new_id(), roles=roles, email=email, lifetime=LONG_TOKEN
        )
        return {"authorization": f"Bearer {token}"}

    def customer_headers(
        self, audience: str, subject: UUID, email: str = "anna@example.com"
    ) -> dict[str, str]:
        """`Authorization` of a customer's call."""
        return self.person_headers(audience, roles=["customer"], subject=subject, email=email)

    def staff_headers(self, audience: str) -> dict[str, str]:
        """`Authorization` of a staff member's call."""
        return self.person_headers(audience, roles=["staff"], email="staff@example.com")

    def people_jwks(self) -> dict[str, Any]:
        """What the issuer of people publishes."""
        return {"keys": [public_jwk(self.key("frontend"))]}

    def people_transport(self) -> httpx2.MockTransport:
        """The issuer of people, as a transport: answers its JWKS to any request."""
        return httpx2.MockTransport(lambda _: httpx2.Response(200, json=self.people_jwks()))

    def settings_for(self, service: str, database_dsn: str = "", **more: object) -> dict[str, object]:
        """Keyword arguments for `Settings(...)` of `service` in a test."""
        jwks = self.folder / "people.json"
        jwks.write_text(json.dumps(self.people_jwks()))
        return {
            "environment": "test",
            "database_url": database_dsn,
            "service_key": self.key(service),
            "trusted_keys_file": self.folder / "trusted.json",
            "people_jwks_url": jwks.as_uri(),
            "cursor_secret": "a-secret-for-cursors-in-tests",
            "log_level": "warning",
            **more,
        }
