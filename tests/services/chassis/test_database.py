"""The transaction guard, idempotency keys and leases on real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import httpx2
import pytest

from chassis import idempotency
from chassis.database import Database, NetworkInsideTransaction, rows_changed
from chassis.http import ServiceClient
from chassis.idempotency import Keyed, KeyInFlight, KeyReused, Recorded
from tests.support.postgres import ServerAddress

TABLES = """
CREATE TABLE idempotency_keys (scope bytea PRIMARY KEY, fingerprint bytea NOT NULL, status smallint, body bytea,
    headers jsonb, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE effects (id int GENERATED ALWAYS AS IDENTITY, note text);
"""
KEY = Keyed(b"scope", b"body one")


@pytest.fixture
async def database(server_address: ServerAddress) -> AsyncIterator[Database]:
    admin = await asyncpg.connect(server_address.dsn("postgres"))
    name = f"chassis_{id(admin)}"
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
    opened = await Database.open(server_address.dsn(name))
    await opened.execute(TABLES)
    yield opened
    await opened.close()
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


def _silent_client() -> ServiceClient:
    return ServiceClient(
        "other", "http://other", transport=httpx2.MockTransport(lambda _: httpx2.Response(204))
    )


async def test_network_call_inside_a_transaction_fails_at_once(database: Database) -> None:
    client = _silent_client()
    with pytest.raises(NetworkInsideTransaction):
        async with database.transaction():
            await client.send("GET", "/")
    with pytest.raises(NetworkInsideTransaction):
        async with database.session():
            await client.send("GET", "/")
    assert (await client.send("GET", "/")).status_code == 204


async def test_transaction_commits_at_the_end_and_rolls_back_on_error(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO effects (note) VALUES ('kept')")
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as connection:
            await connection.execute("INSERT INTO effects (note) VALUES ('lost')")
            raise ZeroDivisionError
    assert await database.fetchval("SELECT string_agg(note, ',') FROM effects") == "kept"
    assert rows_changed(await database.execute("DELETE FROM effects")) == 1


async def _effect_once(database: Database, keyed: Keyed, pause: float = 0.0) -> str:
    async with database.transaction() as connection:
        recorded = await idempotency.claim(connection, keyed)
        if recorded is not None:
            return f"replayed {recorded.body.decode()}"
        await connection.execute("INSERT INTO effects (note) VALUES ('done')")
        await asyncio.sleep(pause)
        await idempotency.record(connection, keyed, status=201, body=b"first", headers={"Location": "/1"})
        return "done"


async def test_same_key_and_body_have_one_effect_and_one_answer(database: Database) -> None:
    assert await _effect_once(database, KEY) == "done"
    assert await _effect_once(database, KEY) == "replayed first"
    assert await database.fetchval("SELECT count(*) FROM effects") == 1
    answer = Recorded(201, b"{}", {"Location": "/1"}).response()
    assert (answer.headers["idempotent-replayed"], answer.headers["location"]) == ("true", "/1")


async def test_same_key_with_another_body_is_refused(database: Database) -> None:
    await _effect_once(database, KEY)
    with pytest.raises(KeyReused):
        await _effect_once(database, Keyed(KEY.scope, b"body two"))
    assert await database.fetchval("SELECT count(*) FROM effects") == 1


async def test_recorded_answer_is_found_before_claiming(database: Database) -> None:
    assert await idempotency.recorded(database, None) is None
    assert await idempotency.recorded(database, KEY) is None
    await _effect_once(database, KEY)
    found = await idempotency.recorded(database, KEY)
    assert found == Recorded(201, b"first", {"Location": "/1"})
    with pytest.raises(KeyReused):
        await idempotency.recorded(database, Keyed(KEY.scope, b"body two"))
    await database.execute("UPDATE idempotency_keys SET created_at = now() - interval '73 hours'")
    assert await idempotency.recorded(database, Keyed(KEY.scope, b"body two")) is None


async def test_fifty_at_once_have_one_effect(database: Database) -> None:
    answers = await asyncio.gather(
        *(_effect_once(database, KEY, 0.01) for _ in range(50)), return_exceptions=True
    )
    assert answers.count("done") == 1
    assert {answer for answer in answers if isinstance(answer, str)} <= {"done", "replayed first"}
    assert all(isinstance(answer, (str, KeyInFlight)) for answer in answers)
    assert await database.fetchval("SELECT count(*) FROM effects") == 1


async def test_first_request_still_under_way_is_told(database: Database) -> None:
    first = asyncio.create_task(_effect_once(database, KEY, 1.0))
    await asyncio.sleep(0.2)
    with pytest.raises(KeyInFlight):
        await _effect_once(database, KEY)
    assert await first == "done"


async def test_failed_request_leaves_its_key_free(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as connection:
            await idempotency.claim(connection, KEY)
            raise ZeroDivisionError
    assert await _effect_once(database, KEY) == "done"


async def test_keys_are_forgotten_after_three_days(database: Database) -> None:
    await _effect_once(database, KEY)
    await database.execute("UPDATE idempotency_keys SET created_at = now() - interval '73 hours'")
    async with database.transaction() as connection:
        assert await idempotency.forget_old(connection) == 1
    assert await _effect_once(database, Keyed(KEY.scope, b"body two")) == "done"
