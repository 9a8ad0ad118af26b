"""Applications that run in the test's own process, with their lifespan, behind a client."""

import asyncio
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

import httpx2
from fastapi import FastAPI


class RunningApps:
    """Starts applications and stops them in reverse order when the test ends."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def start(
        self, app: FastAPI, *, base_url: str = "http://testserver", **client: Any
    ) -> httpx2.AsyncClient:
        """`app` has started; a client that speaks to it. Further arguments are httpx2's."""
        await self._stack.enter_async_context(_lifespan(app))
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        speaking = httpx2.AsyncClient(transport=transport, base_url=base_url, **client)
        return await self._stack.enter_async_context(speaking)

    def transport(self, app: FastAPI) -> httpx2.ASGITransport:
        """For a ServiceClient under test: `app` (already started) as its other side."""
        return httpx2.ASGITransport(app, raise_app_exceptions=False)


class _lifespan:  # noqa: N801  # used like a function
    """Runs an application's lifespan in one task, as a server would."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._started = asyncio.Event()
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._run())
        started = asyncio.create_task(self._started.wait())
        await asyncio.wait({self._task, started}, return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            started.cancel()
            await self._task

    async def __aexit__(self, *exception: object) -> None:
        self._stop.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        async with self._app.router.lifespan_context(self._app):
            self._started.set()
            await self._stop.wait()
