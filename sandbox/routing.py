"""Routes without a framework between them and their handler, still known to logs and metrics by their path."""

from starlette.routing import Match, Route
from starlette.types import Scope


class PlainRoute(Route):
    """Starlette's route that, like FastAPI's, leaves itself in the scope."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, found = super().matches(scope)
        return match, {**found, "route": self}
