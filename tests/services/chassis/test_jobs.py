"""The lease loop: takes what is due, survives what breaks, stops in order."""

import asyncio
from collections.abc import Sequence

from chassis.jobs import FIRST_BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS, LeaseLoop, backoff_seconds


class Rows:
    """Due rows with a claim that hands each out once."""

    def __init__(self, due: int, *, broken_claims: int = 0) -> None:
        self.due = list(range(due))
        self.done: list[int] = []
        self.most_at_once = 0
        self._at_once = 0
        self._broken_claims = broken_claims

    async def claim(self, at_most: int) -> Sequence[int]:
        if self._broken_claims:
            self._broken_claims -= 1
            raise ConnectionRefusedError
        taken, self.due = self.due[:at_most], self.due[at_most:]
        return taken

    async def work(self, row: int) -> None:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await asyncio.sleep(0.01)
        self._at_once -= 1
        if row == 3:
            raise RuntimeError("this row is bad")
        self.done.append(row)

    async def until_done(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.done) < count:
                await asyncio.sleep(0.005)


async def test_all_due_rows_are_worked_on_and_a_bad_one_stops_nobody() -> None:
    rows = Rows(20)
    async with LeaseLoop("test", claim=rows.claim, work=rows.work, concurrency=4, poll_seconds=0.05):
        await rows.until_done(19)
    assert sorted(rows.done) == [row for row in range(20) if row != 3]
    assert rows.most_at_once == 4


async def test_the_loop_outlives_a_dead_database() -> None:
    rows = Rows(2, broken_claims=2)
    async with LeaseLoop("test", claim=rows.claim, work=rows.work, poll_seconds=0.01):
        await rows.until_done(2)


async def test_wake_looks_at_once() -> None:
    rows = Rows(0)
    async with LeaseLoop("test", claim=rows.claim, work=rows.work, poll_seconds=60) as loop:
        await asyncio.sleep(0.05)
        rows.due = [1]
        loop.wake()
        await rows.until_done(1)


async def test_work_under_way_ends_before_the_loop_does() -> None:
    rows = Rows(1)
    async with LeaseLoop("test", claim=rows.claim, work=rows.work, poll_seconds=0.01):
        while rows.due:
            await asyncio.sleep(0)
    assert rows.done == [0]


def test_backoff_doubles_with_jitter_up_to_a_minute() -> None:
    for attempts in range(1, 30):
        ceiling = min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2**attempts)
        waits = [backoff_seconds(attempts) for _ in range(50)]
        assert ceiling / 10 <= min(waits) <= max(waits) <= ceiling
