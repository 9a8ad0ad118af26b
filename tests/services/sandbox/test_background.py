"""Background work goes on after an error."""

import asyncio
import contextlib

from sandbox.background import keep_running


async def test_failed_work_begins_anew() -> None:
    begun = 0
    enough = asyncio.Event()

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun == 3:
            enough.set()
        raise OSError("the disk is full")

    task = asyncio.create_task(keep_running(work, pause=0))
    await asyncio.wait_for(enough.wait(), 5)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert begun >= 3
