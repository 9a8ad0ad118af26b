"""Work for later (pgqueuer on the service's own PostgreSQL): jobs are enqueued in the transaction that needs them.

A job runs at least once: its handler must be safe to repeat. One that fails is tried again with growing pauses, and
after `MAX_ATTEMPTS` is kept as failed for a person to look at. The job of a worker that died is taken over within
seconds; such deaths are not counted as attempts, so nothing that can kill its process belongs here.
The tables come with a service's migrations: `install` and `uninstall`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Self

import asyncpg
import orjson
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.models import Job

from chassis.database import Connection
from chassis.telemetry import log

if TYPE_CHECKING:
    import sqlalchemy

Handler = Callable[[dict[str, Any]], Awaitable[None]]

TABLE_PREFIX = "pgqueuer"
"""Every table of the queue begins like this; `alembic check` leaves them alone."""
MAX_ATTEMPTS = 20
DEAD_AFTER = timedelta(seconds=5)
"""Silence of a worker after which its jobs are taken over."""
LOOK_EVERY = timedelta(seconds=2)
"""How often a worker looks without having been notified."""
BATCH = 10
RESTART_SECONDS = 1.0


async def enqueue(
    connection: Connection,
    name: str,
    payload: Mapping[str, Any],
    *,
    key: str | None = None,
    delay: timedelta | None = None,
) -> None:
    """The job is there when the caller's transaction commits, and is not when it rolls back.

    `key`: while a job with the same key waits, a second one is not added. `delay`: not before that time from now.
    """
    body = orjson.dumps(payload, default=str)
    await connection.fetch(_enqueue_statement(), [0], [name], [body], [delay or timedelta()], [key], [None])


@cache
def _enqueue_statement() -> str:
    return QueryQueueBuilder().build_enqueue_query("skip")


class QueueWorker:
    """Runs the jobs that it has handlers for, until its block ends. Outlives outages of the database.

    `handlers`: name of the job → what does it, given the payload.
    """

    def __init__(self, dsn: str, handlers: Mapping[str, Handler]) -> None:
        self._dsn = dsn
        self._handlers = dict(handlers)
        self._manager: QueueManager | None = None
        self._main: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._main = asyncio.create_task(self._run(), name="queue worker")
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Takes no more jobs; those under way get five seconds, then another worker takes them over."""
        if self._main is None:
            return
        if self._manager is not None:
            self._manager.shutdown.set()
            await asyncio.wait({self._main}, timeout=5)
        self._main.cancel()
        await asyncio.gather(self._main, return_exceptions=True)

    async def _run(self) -> None:
        while self._manager is None or not self._manager.shutdown.is_set():
            try:
                await self._work_until_told()
            except Exception as error:  # noqa: BLE001  # the worker outlives whatever its database does
                log.warning("queue.interrupted", reason=repr(error))
                await asyncio.sleep(RESTART_SECONDS)

    async def _work_until_told(self) -> None:
        pool = await asyncpg.create_pool(self._dsn, min_size=0, max_size=3, timeout=5, command_timeout=30)
        try:
            self._manager = QueueManager(Queries(AsyncpgPoolDriver(pool)))
            for name, handler in self._handlers.items():
                self._register(self._manager, name, handler)
            await self._manager.run(
                dequeue_timeout=LOOK_EVERY,
                heartbeat_timeout=DEAD_AFTER,
                batch_size=BATCH,
                max_concurrent_tasks=2 * BATCH,
                shutdown_on_listener_failure=True,
            )
        finally:
            pool.terminate()

    @staticmethod
    def _register(manager: QueueManager, name: str, handler: Handler) -> None:
        async def _handle(job: Job) -> None:
            await handler(orjson.loads(job.payload or b"{}"))

        manager.entrypoint(
            name,
            accepts_context=False,
            on_failure="hold",
            executor_factory=partial(DatabaseRetryEntrypointExecutor, max_attempts=MAX_ATTEMPTS),
        )(_handle)


def install(connection: "sqlalchemy.Connection") -> None:
    """The queue's tables are there. For a migration: in its transaction, with its connection."""
    _script(connection, QueryBuilderEnvironment().build_install_query())


def uninstall(connection: "sqlalchemy.Connection") -> None:
    """The queue's tables are gone, with all jobs."""
    _script(connection, QueryBuilderEnvironment().build_uninstall_query())


def _script(connection: "sqlalchemy.Connection", statements: str) -> None:
    """Runs several statements at once, which prepared statements (SQLAlchemy's way with asyncpg) cannot."""
    from sqlalchemy import text
    from sqlalchemy.util import await_only

    connection.execute(text("SELECT 1"))
    await_only(connection.connection.driver_connection.execute(statements))  # type: ignore[union-attr]  # asyncpg's own
