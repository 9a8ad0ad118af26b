"""Accounts on their real database."""

import asyncio
import json
import statistics
import time
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from frontend.accounts.create_staff import create_staff
from frontend.accounts.errors import TooManyTries, WrongPassword
from frontend.accounts.passwords import Passwords
from frontend.accounts.seed import SeedAccount, seed
from tests.pages.browser import PASSWORD, Browser
from tests.pages.conftest import World

ENTRY = {
    "email": "ivan@example.com",
    "password": "a demo password",
    "roles": ["customer"],
    "name": "Иван",
    "locale": "ru",
}


async def test_seeding_twice_changes_nothing(world: World) -> None:
    entries = TypeAdapter(list[SeedAccount]).validate_json(json.dumps([ENTRY]))
    assert await seed(world.shop.accounts, entries) == 1
    assert await seed(world.shop.accounts, entries) == 0
    person = await world.shop.accounts.sign_in(
        email="IVAN@example.com", password="a demo password", address="x"
    )
    assert (person.name, person.roles, person.locale) == ("Иван", ("customer",), "ru")


@pytest.mark.parametrize("change", [{"email": "x"}, {"password": "short"}, {"roles": []}, {"admin": True}])
def test_bad_seed_files_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(list[SeedAccount]).validate_json(json.dumps([{**ENTRY, **change}]))


async def test_first_staff_gets_a_one_time_password(world: World) -> None:
    password = await create_staff(world.shop.accounts, "boss@example.com")
    assert password is not None
    person = await world.shop.accounts.sign_in(email="boss@example.com", password=password, address="x")
    assert person.is_staff


async def test_a_customer_made_staff_keeps_the_password_and_is_signed_out(
    browser: Browser, world: World
) -> None:
    await browser.sign_up()
    assert await create_staff(world.shop.accounts, "anna@example.com") is None
    await browser.open("/account")
    assert browser.path.startswith("/signin")
    await browser.sign_in()
    await browser.open("/admin")
    assert browser.answer.status_code == 200


async def test_tries_in_parallel_are_all_counted(world: World) -> None:
    await world.shop.accounts.sign_up(email="a@example.com", password=PASSWORD, name="A", locale="en")

    async def guess() -> str:
        try:
            await world.shop.accounts.sign_in(email="a@example.com", password="guess", address="1.2.3.4")
        except (WrongPassword, TooManyTries) as refusal:
            return refusal.code
        return "in"

    answers = await asyncio.gather(*(guess() for _ in range(12)))
    assert sorted(answers) == ["too_many_tries"] * 6 + ["wrong_password"] * 6


async def test_an_unknown_account_costs_a_hash_too() -> None:
    passwords = Passwords()
    stored = await passwords.hash(PASSWORD)
    calls: list[str] = []
    verify = passwords._hasher.verify_and_update

    def _counted(password: str | bytes, hashed: str | bytes) -> tuple[bool, str | None]:
        calls.append(str(hashed)[:40])
        return verify(password, hashed)

    passwords._hasher.verify_and_update = _counted  # type: ignore[method-assign, assignment]  # counts, then does the real work
    assert await passwords.verify("guess", stored) == (False, None)
    assert (await passwords.verify("guess", None))[0] is False
    assert len(calls) == 2
    assert calls[0].split("$")[:4] == calls[1].split("$")[:4], "the same parameters, so the same time"


async def test_hashing_leaves_the_loop_free() -> None:
    passwords = Passwords()
    gaps: list[float] = []

    async def tick() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0)
            gaps.append(time.perf_counter() - before)

    ticking = asyncio.create_task(tick())
    await asyncio.gather(*(passwords.hash(f"password {number}") for number in range(6)))
    ticking.cancel()
    assert len(gaps) > 100, "the loop went on while hashing"
    assert statistics.median(gaps) < 0.02


async def test_sessions_end_by_idleness_age_and_sweep(browser: Browser, world: World) -> None:
    await browser.sign_up()
    db = world.shop.db
    for change in ("seen_at = now() - interval '31 days'", "expires_at = now() - interval '1 second'"):
        await browser.open("/account")
        assert browser.answer.status_code == 200
        await db.execute(f"UPDATE sessions SET {change}")  # noqa: S608  # a constant of this test
        await browser.open("/account")
        assert browser.path.startswith("/signin")
        await browser.sign_in()
    await db.execute("UPDATE sessions SET expires_at = now()")
    await world.shop.sessions.forget_old()
    assert await db.fetchval("SELECT count(*) FROM sessions") == 0


async def test_staff_sessions_are_short(world: World) -> None:
    await world.staff_browser()
    row = await world.shop.db.fetchrow("SELECT idle_limit, expires_at - created_at AS life FROM sessions")
    assert row is not None
    assert row["idle_limit"].total_seconds() == 30 * 60
    assert round(row["life"].total_seconds()) == 8 * 3600


async def test_only_a_hash_of_the_cookie_is_stored(browser: Browser, world: World) -> None:
    await browser.sign_up()
    token = browser.cookie("__Host-session")
    assert len(token) == 43
    rows = await world.shop.db.fetch("SELECT id_hash FROM sessions")
    assert token.encode() not in [bytes(row["id_hash"]) for row in rows]
    assert len(bytes(rows[0]["id_hash"])) == 32


def test_nothing_of_this_package_reads_the_environment_when_imported(repository: Path) -> None:
    for file in (repository / "frontend").rglob("*.py"):
        assert "os.environ" not in file.read_text(), file
