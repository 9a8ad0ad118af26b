"""The clock asks again and again, whatever its work does, until its block ends."""

import asyncio

from chassis.clock import Clock


async def test_work_is_done_again_and_again_also_after_a_failure() -> None:
    done: list[int] = []
    twice = asyncio.Event()

    async def _work() -> None:
        done.append(len(done))
        if len(done) == 1:
            raise ZeroDivisionError
        twice.set()

    async with Clock("test", _work, every=0.001):
        await asyncio.wait_for(twice.wait(), 5)
    ended_with = len(done)
    await asyncio.sleep(0.02)
    assert len(done) == ended_with


async def test_work_under_way_is_interrupted_when_the_block_ends() -> None:
    began, interrupted = asyncio.Event(), asyncio.Event()

    async def _work() -> None:
        began.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            interrupted.set()
            raise

    async with Clock("test", _work, every=0.001):
        await asyncio.wait_for(began.wait(), 5)
    assert interrupted.is_set()


async def test_nothing_happens_before_the_first_pause() -> None:
    done: list[int] = []

    async def _work() -> None:
        done.append(1)

    async with Clock("test", _work, every=60):
        await asyncio.sleep(0.01)
    assert done == []
