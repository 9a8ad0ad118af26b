"""The world that orders' tests happen in."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.services.orders.world import World
from tests.support.asgi import RunningApps
from tests.support.identities import Identities
from tests.support.postgres import Databases

MakeWorld = Callable[..., Awaitable[World]]


@pytest.fixture
async def make_world(apps: RunningApps, databases: Databases, identities: Identities) -> MakeWorld:
    """`await make_world(inline_seconds=0.1)`: a world with other settings."""

    async def _make(**settings: Any) -> World:
        world = World(identities, databases.create("orders"))
        await world.start(apps, **settings)
        return world

    return _make


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    """Mugs at 15.00 and tees at 25.00, ten of each; home delivery costs 4.90, nothing from 50.00 on."""
    return await make_world()
