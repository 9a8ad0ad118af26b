"""`Idempotency-Key`: the same key and body add once and get the same answer."""

import asyncio

from chassis.ids import new_id
from tests.services.cart.conftest import Shop
from tests.services.cart.products_beside import Thing

KEY = {"idempotency-key": "a-click"}


async def test_a_repetition_adds_once_and_gets_the_same_answer(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    first = await shop.add(who, "CAP", 2, headers=KEY)
    await shop.add(who, "TEA")
    again = await shop.add(who, "CAP", 2, headers=KEY)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert await shop.pieces(who) == {"MUG": 1, "CAP": 2, "TEA": 1}


async def test_a_repetition_is_answered_when_products_would_refuse_by_now(shop: Shop) -> None:
    first = await shop.add(shop.customer(), "CAP", headers=KEY)
    del shop.products.things["CAP"]
    again = await shop.add(shop.customer(), "CAP", headers=KEY)
    assert (first.status_code, again.content) == (201, first.content)


async def test_the_same_key_with_another_body_is_refused(shop: Shop) -> None:
    await shop.add(shop.customer(), "CAP", headers=KEY)
    before = await shop.rows()
    answer = await shop.add(shop.customer(), "CAP", 2, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert await shop.rows() == before


async def test_keys_of_two_shoppers_do_not_meet(shop: Shop) -> None:
    guest = await shop.guest(MUG=1)
    for who in (shop.customer(), shop.customer(new_id()), guest):
        answer = await shop.add(who, "CAP", headers=KEY)
        assert (answer.status_code, "idempotent-replayed" in answer.headers) == (201, False)
        assert (await shop.pieces(who))["CAP"] == 1


async def test_parallel_repetitions_add_once(shop: Shop) -> None:
    answers = await asyncio.gather(*(shop.add(shop.customer(), "CAP", headers=KEY) for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert await shop.pieces(shop.customer()) == {"CAP": 1}


async def test_a_repetition_while_the_first_is_under_way_is_told_to_wait(shop: Shop) -> None:
    await shop.add(shop.customer(), "MUG")
    async with shop.db.pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute("UPDATE carts SET updated_at = now()")
        first = asyncio.create_task(shop.add(shop.customer(), "CAP", headers=KEY))
        await asyncio.sleep(0.3)
        second = await shop.add(shop.customer(), "CAP", headers=KEY)
        await transaction.rollback()
    assert (second.status_code, second.json()["code"]) == (409, "idempotency_key_in_flight")
    assert second.headers["retry-after"] == "1"
    assert (await first).status_code == 201
    assert (await shop.pieces(shop.customer()))["CAP"] == 1


async def test_a_newcomer_has_no_scope_so_the_key_is_ignored_and_no_secret_is_kept(shop: Shop) -> None:
    first, second = await shop.add({}, "MUG", headers=KEY), await shop.add({}, "MUG", headers=KEY)
    assert first.headers["x-cart-token"] != second.headers["x-cart-token"]
    lapsed = await shop.add({"x-cart-token": "swept"}, "MUG", headers=KEY)
    assert (lapsed.status_code, "x-cart-token" in lapsed.headers) == (201, True)
    assert await shop.db.fetchval("SELECT count(*) FROM idempotency_keys") == 0


async def test_a_refused_addition_leaves_its_key_free(shop: Shop) -> None:
    assert (await shop.add(shop.customer(), "NEW", headers=KEY)).status_code == 422
    shop.products.things["NEW"] = Thing("NEW", 100, "New", "Новое")
    assert (await shop.add(shop.customer(), "NEW", headers=KEY)).status_code == 201
