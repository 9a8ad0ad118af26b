"""Everything that can happen to a cart at the same moment. No piece is lost, none appears twice."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import httpx2

from chassis.ids import new_id
from tests.services.cart.conftest import Shop
from tests.services.cart.products_beside import variant


async def _at_once(*requests: Coroutine[Any, Any, httpx2.Response]) -> list[int]:
    return sorted(answer.status_code for answer in await asyncio.gather(*requests))


def _merge(shop: Shop, secret: str) -> Coroutine[Any, Any, httpx2.Response]:
    return shop.client.put(
        f"/internal/merges/{new_id()}",
        json={"cart_token": secret, "customer_id": str(shop.anna)},
        headers=shop.as_service("frontend"),
    )


async def test_parallel_adds_lose_nothing(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    adds = [shop.add(who, sku, 2) for sku in ("MUG", "CAP", "TEA") for _ in range(12)]
    assert await _at_once(*adds) == [201] * 36
    cart = await shop.cart(who)
    assert {item["sku"]: item["quantity"] for item in cart["items"]} == {"MUG": 25, "CAP": 24, "TEA": 24}
    assert cart["version"] == 37


async def test_a_customers_first_adds_in_parallel_make_one_cart(shop: Shop) -> None:
    adds = [shop.add(shop.customer(), sku) for sku in ("MUG", "CAP", "TEA") for _ in range(8)]
    assert await _at_once(*adds) == [201] * 24
    assert await shop.pieces(shop.customer()) == {"MUG": 8, "CAP": 8, "TEA": 8}
    assert await shop.db.fetchval("SELECT count(*) FROM carts") == 1


async def test_of_parallel_changes_of_one_version_one_wins(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    line = (await shop.cart(who))["items"][0]["id"]
    headers = {**who, "if-match": '"1"'}
    changes = [
        shop.client.put(f"/cart/{line}", json={"quantity": quantity}, headers=headers)
        for quantity in range(2, 12)
    ]
    assert await _at_once(*changes) == [200] + [412] * 9
    assert (await shop.cart(who))["version"] == 2


async def test_of_parallel_removals_one_wins_and_one_version_passes(shop: Shop) -> None:
    who = await shop.guest(MUG=1, CAP=1)
    line = (await shop.cart(who))["items"][0]["id"]
    removals = [shop.client.delete(f"/cart/{line}", headers=who) for _ in range(10)]
    assert await _at_once(*removals) == [200] + [404] * 9
    assert (await shop.cart(who))["version"] == 3


async def test_adding_while_merging_loses_nothing(shop: Shop) -> None:
    for _ in range(10):
        await shop.db.execute("DELETE FROM carts")
        who = await shop.guest(MUG=1)
        await shop.add(shop.customer(), "MUG")
        before_or_after = [shop.add(who, "CAP") for _ in range(4)] + [
            shop.add(shop.customer(), "MUG") for _ in range(4)
        ]
        answers = await asyncio.gather(
            *before_or_after[:4], _merge(shop, who["x-cart-token"]), *before_or_after[4:]
        )
        assert answers[4].status_code == 200
        added = [answer for answer in answers[:4] if answer.status_code == 201]
        assert {answer.status_code for answer in answers[:4]} <= {201, 404}
        pieces = await shop.db.fetch(
            "SELECT sku, sum(quantity)::int AS quantity FROM cart_lines GROUP BY sku"
        )
        assert {row["sku"]: row["quantity"] for row in pieces} == {
            "MUG": 6,
            **({"CAP": len(added)} if added else {}),
        }
        assert await shop.db.fetchval(
            "SELECT count(*) FROM cart_lines JOIN carts ON carts.id = cart_id WHERE merged_into IS NOT NULL"
        ) == 0  # fmt: skip


async def test_two_merges_of_one_guest_cart_move_it_once(shop: Shop) -> None:
    for _ in range(10):
        await shop.db.execute("DELETE FROM carts")
        who = await shop.guest(MUG=3, TEA=2)
        answers = await asyncio.gather(*(_merge(shop, who["x-cart-token"]) for _ in range(6)))
        assert [answer.status_code for answer in answers] == [200] * 6
        assert sorted(len(answer.json()["merged"]) for answer in answers) == [0, 0, 0, 0, 0, 2]
        assert await shop.pieces(shop.customer()) == {"MUG": 3, "TEA": 2}


async def test_two_guests_carts_merge_into_one_customers_without_deadlock(shop: Shop) -> None:
    for _ in range(10):
        await shop.db.execute("DELETE FROM carts")
        guests = [await shop.guest(MUG=1) for _ in range(3)]
        await shop.add(shop.customer(), "MUG")
        guests.append(await shop.guest(MUG=1))
        assert await _at_once(*(_merge(shop, who["x-cart-token"]) for who in guests)) == [200] * 4
        assert await shop.pieces(shop.customer()) == {"MUG": 5}


async def test_taking_out_an_order_while_adding_and_merging_subtracts_exactly_once(shop: Shop) -> None:
    for _ in range(10):
        await shop.db.execute("DELETE FROM carts")
        who = await shop.guest(MUG=3)
        cart_id, order_id = (await shop.cart(who))["id"], new_id()
        body = {"cart_id": cart_id, "lines": [{"variant_id": str(variant("MUG")), "quantity": 2}]}
        ordered = [
            shop.client.put(f"/internal/ordered/{order_id}", json=body, headers=shop.as_service("orders"))
            for _ in range(3)
        ]
        statuses = await _at_once(
            *ordered, _merge(shop, who["x-cart-token"]), shop.add(shop.customer(), "MUG", 5)
        )
        assert statuses == [200, 201, 204, 204, 204]
        assert await shop.pieces(shop.customer()) == {"MUG": 6}


async def test_an_order_waits_for_the_merge_that_holds_its_cart(shop: Shop) -> None:
    """The statement under test looked where the cart is before the merge committed."""
    who = await shop.guest(MUG=3)
    cart_id = (await shop.cart(who))["id"]
    await shop.add(shop.customer(), "TEA")
    customer_cart = (await shop.cart(shop.customer()))["id"]
    async with shop.db.pool.acquire() as merging:
        transaction = merging.transaction()
        await transaction.start()
        await merging.execute("UPDATE cart_lines SET cart_id = $2 WHERE cart_id = $1", cart_id, customer_cart)
        await merging.execute("UPDATE carts SET merged_into = $2 WHERE id = $1", cart_id, customer_cart)
        body = {"cart_id": cart_id, "lines": [{"variant_id": str(variant("MUG")), "quantity": 2}]}
        ordered = asyncio.create_task(
            shop.client.put(f"/internal/ordered/{new_id()}", json=body, headers=shop.as_service("orders"))
        )
        await _until_somebody_waits(shop)
        await transaction.commit()
    assert (await ordered).status_code == 204
    assert await shop.pieces(shop.customer()) == {"TEA": 1, "MUG": 1}


async def test_a_subtraction_sees_the_pieces_added_while_it_waited(shop: Shop) -> None:
    who = await shop.guest(MUG=2)
    cart_id = (await shop.cart(who))["id"]
    async with shop.db.pool.acquire() as adding:
        transaction = adding.transaction()
        await transaction.start()
        await adding.execute("UPDATE carts SET version = version + 1 WHERE id = $1", cart_id)
        await adding.execute("UPDATE cart_lines SET quantity = 5 WHERE cart_id = $1", cart_id)
        body = {"cart_id": cart_id, "lines": [{"variant_id": str(variant("MUG")), "quantity": 2}]}
        ordered = asyncio.create_task(
            shop.client.put(f"/internal/ordered/{new_id()}", json=body, headers=shop.as_service("orders"))
        )
        await _until_somebody_waits(shop)
        await transaction.commit()
    assert (await ordered).status_code == 204
    assert await shop.pieces(who) == {"MUG": 3}


async def _until_somebody_waits(shop: Shop) -> None:
    async with asyncio.timeout(5):
        while not await shop.db.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ):
            await asyncio.sleep(0.01)
