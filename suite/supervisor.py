"""Starts children, keeps them running, stops them in reverse order."""

import asyncio
from itertools import groupby
from typing import Any

from suite.child import Child


class Supervisor:
    """The children that run, in the order in which they were started."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self._tasks: dict[asyncio.Task[None], Child] = {}

    async def start(self, *children: Child) -> None:
        """All of them are ready. Raises the SuiteError of the first that cannot be started; the others go on until `stop`."""
        self.children += children
        tasks = {asyncio.create_task(child.keep_running(), name=child.name): child for child in children}
        self._tasks |= tasks
        all_ready = asyncio.create_task(_all_ready(children))
        try:
            watched: set[asyncio.Future[Any]] = {all_ready, *tasks}
            await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done():
                    task.result()
            await all_ready
        finally:
            all_ready.cancel()

    async def stop(self) -> None:
        """All children have ended, the highest level first, those of one level together."""
        by_level = sorted(self.children, key=lambda child: -child.level)
        for _, group in groupby(by_level, key=lambda child: child.level):
            await asyncio.gather(*(child.stop() for child in group))
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def kill(self) -> None:
        """All children but the lowest level (the database, which must end in good order) are ended at once."""
        lowest = min((child.level for child in self.children), default=0)
        for child in self.children:
            if child.level > lowest:
                child.kill()


async def _all_ready(children: tuple[Child, ...]) -> None:
    for child in children:
        await child.ready.wait()
