"""One function moves every order: `advance`. Whoever has news calls it, and a loop calls it for what is due.

Between two writes an action is done in the world; each write is one statement that names the lease it holds and the
state it began from. A crash anywhere leaves a row that is due when the lease ends, and every action may be repeated.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

from chassis import queue
from chassis.database import Database
from chassis.http import RemoteProblem, RemoteUnavailable
from chassis.jobs import LeaseLoop, backoff_seconds
from chassis.telemetry import log
from orders.lifecycle.effects import Effects
from orders.lifecycle.facts import Finding, NeedsStaff, NotYet
from orders.lifecycle.progress import Progress
from orders.lifecycle.queries import saga as queries
from orders.lifecycle.queries.recording import Then, Written, record
from orders.lifecycle.queries.saga import Lease, SagaOrder
from orders.lifecycle.rules import Action, Fact, first_action
from orders.lifecycle.states import SETTLED, Phase
from orders.lifecycle.watchers import Watchers
from orders.settings import Settings

STUCK_PAUSE = 60.0
"""Seconds between the tries of a step that staff have been told of."""
ASK_PAUSE = 1.0
"""Seconds between two questions to the provider on behalf of one waiting shopper."""
MAIL_CONFIRMED = "order_confirmed"


class Saga:
    """Moves orders. One per process; `close` it."""

    def __init__(self, db: Database, effects: Effects, settings: Settings) -> None:
        self._db = db
        self._effects = effects
        self._settings = settings
        self._running: set[asyncio.Task[None]] = set()
        self.watchers = Watchers()

    async def close(self) -> None:
        """Work under way is given five seconds, then left to its lease."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=5)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    @staticmethod
    def new_lease(order_id: UUID) -> Lease:
        """A lease to write with, or to try to take."""
        return Lease(order_id, uuid4())

    def loop(self) -> LeaseLoop[Lease]:
        """The loop that takes up what is due: whatever its first worker could not finish, and every deadline."""

        async def _claim(limit: int) -> Sequence[Lease]:
            settings = self._settings
            return await queries.claim(
                self._db, limit, lease_seconds=settings.lease_seconds, deaths=settings.stuck_after
            )

        poll = min(1.0, self._settings.lease_seconds / 4)
        return LeaseLoop("orders", claim=_claim, work=self.advance, poll_seconds=poll)

    def start(
        self, lease: Lease, order: SagaOrder | None = None, *, ask_provider: bool = False
    ) -> asyncio.Task[None]:
        """`advance` goes on by itself; the task ends when the order waits or rests."""
        task = asyncio.create_task(self._guarded(lease, order, ask_provider=ask_provider))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def look(self, order_id: UUID) -> None:
        """A shopper waits for their payment: the provider is asked now, unless somebody is at it already."""
        lease = self.new_lease(order_id)
        taken = await queries.take_to_ask(
            self._db, lease, lease_seconds=self._settings.lease_seconds, pause=ASK_PAUSE
        )
        if taken:
            self.start(lease, ask_provider=True)

    async def _guarded(self, lease: Lease, order: SagaOrder | None, *, ask_provider: bool) -> None:
        try:
            await self.advance(lease, order, ask_provider=ask_provider)
        except Exception:  # noqa: BLE001  # a task of its own: its lease runs out, and the loop tries again
            log.exception("order.interrupted", order_id=lease.order_id)

    async def advance(
        self, lease: Lease, order: SagaOrder | None = None, *, ask_provider: bool = False
    ) -> None:
        """The order is as far as it can come now, and waits, rests, or is due again after a pause.

        `order`: what the caller has just written under this lease, to spare a read. Does nothing with a lost lease.
        """
        order = order or await queries.load(self._db, lease)
        while order is not None and await self._drive(order, lease, ask_provider=ask_provider):
            order = await queries.load(self._db, lease)

    async def _drive(self, order: SagaOrder, lease: Lease, *, ask_provider: bool) -> bool:
        """Takes steps until there is nothing to do now; whether to look at the order afresh."""
        progress = Progress(order)
        action: Action | None = first_action(order.state)
        if order.deadline_passed:
            action = progress.learn(Finding(Fact.DEADLINE_PASSED)) or action
        while action is not None:
            if progress.must_be_written:
                written = await self._write(progress, lease, Then.GO_ON)
                if written is not Written.DONE:
                    return True
            try:
                if ask_provider and action is Action.ASK_PAYMENT:
                    await self._effects.sync(progress.order)
                finding = await self._effects.do(action, progress.order, lease)
            except (RemoteUnavailable, RemoteProblem, NotYet, NeedsStaff) as problem:
                await self._put_off(progress, lease, action, problem)
                return False
            action = progress.learn(finding)
        then = Then.REST if progress.state.phase in SETTLED else Then.WAIT
        return await self._write(progress, lease, then) is not Written.DONE

    async def _put_off(self, progress: Progress, lease: Lease, action: Action, problem: Exception) -> None:
        """What was found out so far is written, and the step is due again after a pause."""
        attempts = progress.attempts
        surprise = isinstance(problem, RemoteProblem | NeedsStaff)
        stuck = attempts >= self._settings.stuck_after or isinstance(problem, NeedsStaff)
        pause = STUCK_PAUSE if stuck else backoff_seconds(attempts)
        if stuck and not progress.order.stuck:
            progress.note("order.stuck")
        tell = log.error if surprise or stuck else log.info
        tell("order.put_off", order_id=lease.order_id, action=action, attempts=attempts, reason=repr(problem))
        await self._write(
            progress, lease, Then.RETRY, pause=pause, stuck=stuck, error=_words(action, problem)
        )

    async def _write(
        self,
        progress: Progress,
        lease: Lease,
        then: Then,
        *,
        pause: float | None = None,
        stuck: bool = False,
        error: str | None = None,
    ) -> Written:
        settings = self._settings
        opened = progress.stored.phase is not Phase.AWAITING_PAYMENT
        entry = progress.entry(
            lease,
            then=then,
            pause=settings.poll_seconds if pause is None else pause,
            lease_seconds=settings.lease_seconds,
            deadline_seconds=settings.deadline_seconds
            if opened and progress.state.phase is Phase.AWAITING_PAYMENT
            else None,
            stuck=stuck,
            error=error,
        )
        if progress.confirms:
            async with self._db.transaction() as connection:
                written = await record(connection, entry)
                if written is not Written.MISSED:
                    key = f"{MAIL_CONFIRMED}:{lease.order_id}"
                    payload = {"order_id": lease.order_id, "kind": MAIL_CONFIRMED}
                    await queue.enqueue(connection, "mail", payload, key=key)
        else:
            written = await record(self._db, entry)
        if written is not Written.MISSED:
            for event in entry.events:
                log.info(event, order_id=lease.order_id, status=entry.after.status, step=entry.after.step)
            progress.written()
            self.watchers.tell(lease.order_id)
        return written


def _words(action: Action, problem: Exception) -> str:
    match problem:
        case RemoteUnavailable():
            return f"{action.value}: {problem.service} is not answering ({problem.reason})"
        case NotYet():
            return f"{action.value}: waiting for {problem}"
        case _:
            return f"{action.value}: {problem}"[:500]
