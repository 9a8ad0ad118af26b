"""Every sent event reaches the webhook at least once, or is given up three days after it happened.

What is due stands in the store, so a restart goes on where the last process stopped. Deliveries run side by
side: their order is not kept. That an event was taken is noted without waiting for the disk; losing the note
means sending again, which receivers must bear anyway.
"""

import asyncio
import contextlib
from dataclasses import dataclass

import orjson
import structlog

from sandbox.clock import Clock
from sandbox.events.models import EVENTS
from sandbox.events.schemas import event_json
from sandbox.events.webhook import Outcome, Webhook
from sandbox.store import Store

BACK_OFF_SECONDS = (2, 10, 60, 300, 1800, 7200, 18000, 36000)
LONGEST_BACK_OFF_SECONDS = 43200
SIDE_BY_SIDE = 32
NOTED_WITHIN_SECONDS = 0.02
LONGEST_SLEEP_SECONDS = 30.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the sending of one event stands."""

    event: str
    state: str
    attempts: int
    next_at: float
    give_up_at: float
    last_status: int | None
    last_error: str | None
    delivered_at: int | None


COLUMNS = "event, state, attempts, next_at, give_up_at, last_status, last_error, delivered_at"


def deliveries(store: Store, *, state: str | None = None, limit: int = 100) -> list[Delivery]:
    """The newest deliveries, newest first."""
    rows = store.forgetful.execute(
        f"SELECT {COLUMNS} FROM delivery WHERE state = coalesce(?, state) ORDER BY rowid DESC LIMIT ?",  # noqa: S608  # constant columns
        (state, limit),
    )
    return [Delivery(*row) for row in rows.fetchall()]


def redeliver(store: Store, event: str, *, now: float) -> Delivery | None:
    """The event is due now, once more or for the first time. None for an event that does not exist."""
    with store.forgetful as db:
        rows = db.execute(
            f"INSERT INTO delivery (event, state, attempts, next_at, give_up_at)"  # noqa: S608  # constant columns
            f" SELECT id, 'pending', 0, ?, ? FROM event WHERE id = ?"
            f" ON CONFLICT (event) DO UPDATE SET state = 'pending', next_at = excluded.next_at,"
            f" give_up_at = max(give_up_at, excluded.give_up_at) RETURNING {COLUMNS}",
            (now, now + LONGEST_BACK_OFF_SECONDS, event),
        ).fetchall()
    return Delivery(*rows[0]) if rows else None


def back_off(attempts: int) -> float:
    """Seconds from the `attempts`-th failure to the next try."""
    if attempts <= len(BACK_OFF_SECONDS):
        return BACK_OFF_SECONDS[attempts - 1]
    return LONGEST_BACK_OFF_SECONDS


class Deliverer:
    """Sends what is due, until it is stopped."""

    def __init__(self, store: Store, clock: Clock, webhook: Webhook) -> None:
        self._store = store
        self._clock = clock
        self._webhook = webhook
        self._woken = asyncio.Event()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        """Events that are being sent, or were and are not noted yet."""
        self._notes: list[tuple[str, int, float, int | None, str | None, int | None, str]] = []

    def wake(self) -> None:
        """Something may have become due: a new event, a moved clock."""
        self._woken.set()

    async def run(self) -> None:
        """Never returns. Canceled, it abandons the attempts under way; the next start makes them again."""
        try:
            while True:
                self._woken.clear()
                pause = self._start_due()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._woken.wait()
        finally:
            for task in self._under_way.values():
                task.cancel()
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)
            self._write_notes()
            self._under_way.clear()
            await self._webhook.close()

    def _start_due(self) -> float:
        """Seconds until something more is due; whatever is due now is under way, as far as there is room."""
        now = self._clock.precise()
        earliest = self._store.forgetful.execute(
            "SELECT event, attempts, next_at, give_up_at FROM delivery WHERE state = 'pending'"
            " ORDER BY next_at LIMIT ?",
            (2 * SIDE_BY_SIDE,),
        ).fetchall()
        for event, attempts, next_at, give_up_at in earliest:
            if event in self._under_way:
                continue
            if next_at > now:
                return min(float(next_at) - now, LONGEST_SLEEP_SECONDS)
            if len(self._under_way) >= SIDE_BY_SIDE:
                break
            self._under_way[event] = asyncio.create_task(self._deliver(event, attempts + 1, give_up_at))
        return LONGEST_SLEEP_SECONDS

    async def _deliver(self, event_id: str, attempts: int, give_up_at: float) -> None:
        event = EVENTS.get(self._store.forgetful, event_id)
        if event is not None:
            outcome = await self._webhook.send(orjson.dumps(event_json(event)))
            self._note(event_id, outcome, attempts=attempts, give_up_at=give_up_at)

    def _note(self, event: str, outcome: Outcome, *, attempts: int, give_up_at: float) -> None:
        now = self._clock.precise()
        next_at = now + back_off(attempts)
        if outcome.taken:
            state = "delivered"
        else:
            state = "given_up" if next_at > give_up_at else "pending"
            log.info(
                "webhook.not_taken",
                event_id=event,
                attempts=attempts,
                status=outcome.status,
                error=outcome.error,
            )
        delivered_at = int(now) if outcome.taken else None
        self._notes.append((state, attempts, next_at, outcome.status, outcome.error, delivered_at, event))
        if len(self._notes) == 1:
            asyncio.get_running_loop().call_later(NOTED_WITHIN_SECONDS, self._write_notes)

    def _write_notes(self) -> None:
        """What came of the latest attempts stands in the store, in one go; there is room for as many more."""
        notes, self._notes = self._notes, []
        if not notes:
            return
        with self._store.forgetful as db:
            db.executemany(
                "UPDATE delivery SET state = ?, attempts = ?, next_at = ?, last_status = ?, last_error = ?,"
                " delivered_at = ? WHERE event = ?",
                notes,
            )
        for *_, event in notes:
            self._under_way.pop(event, None)
        self.wake()
