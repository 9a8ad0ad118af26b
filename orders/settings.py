"""What the orders service reads from its environment, once."""

from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """`ORDERS_…` variables."""

    model_config = SettingsConfigDict(env_prefix="ORDERS_", frozen=True, extra="ignore")

    port: int = Field(default=8002, ge=1, le=65535)
    cart_url: str = "http://127.0.0.1:8001"
    payments_url: str = "http://127.0.0.1:8003"
    products_url: str = "http://127.0.0.1:8004"

    return_origins: str = ""
    """Origins beside PUBLIC_ORIGIN that `return_url` may lie on, separated by commas."""

    session_seconds: int = Field(default=31 * 60, ge=1)
    """How long the provider lets the shopper pay. Session < deadline < hold, always changed together."""
    deadline_seconds: float = Field(default=34 * 60, gt=0)
    """How long after its payment page is ready an order waits for the money."""
    hold_seconds: int = Field(default=45 * 60, ge=1)
    """How long products keep the stock. What is left after the deadline is how long the payment page may take to appear."""

    lease_seconds: float = Field(default=30, gt=0)
    """How long a worker may be silent before another takes its order over. Longer than any one call."""
    poll_seconds: float = Field(default=60, gt=0)
    """How often an order that waits for money asks payments, should their news be lost."""
    stuck_after: int = Field(default=12, ge=1)
    """Tries of one step after which staff are told. It is tried on, once a minute."""
    inline_seconds: float = Field(default=3, ge=0)
    """How long `POST /orders` waits for the payment page before it answers 202."""
    open_orders: int = Field(default=3, ge=1, le=100)
    """Orders that one customer may have waiting for payment."""
    workers_inside: bool = True
    """Whether this process also works on due orders and mail; off beside `python -m orders.worker`."""

    smtp_host: str = ""
    """Empty: mail is kept and shown to staff, and not sent."""
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_start_tls: bool | None = None
    """None: STARTTLS when the server offers it."""
    mail_from: str = "Shop <orders@localhost>"

    @model_validator(mode="after")
    def _deadlines_in_order(self) -> Self:
        if not self.session_seconds < self.deadline_seconds < self.hold_seconds:
            raise ValueError("session_seconds < deadline_seconds < hold_seconds must hold")
        return self

    @property
    def opening_seconds(self) -> float:
        """How long a new order may take to get its payment page: then the deadline still ends before the hold."""
        return self.hold_seconds - self.deadline_seconds

    @property
    def origins(self) -> frozenset[str]:
        """Where a shopper may be sent back to."""
        more = (origin.strip().rstrip("/") for origin in self.return_origins.split(","))
        return frozenset({self.public_origin, *(origin for origin in more if origin)})

    def unsafe(self) -> list[str]:
        reasons = super().unsafe()
        if not self.smtp_host:
            reasons.append("smtp_host is missing: nobody would get an order confirmation")
        return reasons
