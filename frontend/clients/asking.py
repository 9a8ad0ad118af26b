"""On whose behalf a page asks a service, and how it does without an answer."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from chassis.http import RemoteProblem, RemoteUnavailable

Answer = TypeVar("Answer")

CART_TOKEN = "X-Cart-Token"  # noqa: S105  # the name of a header
ORDER_TOKEN = "X-Order-Token"  # noqa: S105  # the name of a header


class Shape(BaseModel):
    """Base of what services answer: frozen, and what we do not know is not our business."""

    model_config = ConfigDict(frozen=True, extra="ignore")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a person by token, a guest by the secret of a cart or an order, or nobody in particular."""

    locale: str
    token: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)

    def options(self, **headers: str) -> dict[str, Any]:
        """What ServiceClient needs to ask in this name; `headers` are further ones (names with underscores)."""
        further = {name.replace("_", "-"): value for name, value in headers.items() if value}
        return {"token": self.token, "headers": {"accept-language": self.locale, **self.secrets, **further}}


async def or_none(answer: Awaitable[Answer]) -> Answer | None:
    """The answer, or None when the service is away: for parts a page can do without."""
    try:
        return await answer
    except RemoteUnavailable:
        return None


async def or_nothing(answer: Awaitable[Answer]) -> Answer | None:
    """The answer, or None when the service is away or refuses: for parts that are decoration."""
    try:
        return await answer
    except (RemoteUnavailable, RemoteProblem):
        return None
