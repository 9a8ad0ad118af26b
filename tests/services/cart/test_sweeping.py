"""What is old is thrown away by the clock, nothing else is."""

import asyncio

from cart.sweeper import sweep
from chassis.ids import new_id
from tests.services.cart.conftest import Shop, StartShop


async def _age(shop: Shop, days: int) -> None:
    for statement in (
        "UPDATE carts SET created_at = created_at - make_interval(days => $1), updated_at = updated_at - make_interval(days => $1)",
        "UPDATE merges SET created_at = created_at - make_interval(days => $1)",
        "UPDATE idempotency_keys SET created_at = created_at - make_interval(days => $1)",
    ):
        await shop.db.execute(statement, days)


async def test_guest_carts_untouched_for_90_days_go_with_their_lines(shop: Shop) -> None:
    untouched = await shop.guest(MUG=1)
    touched = await shop.guest(CAP=1)
    await shop.add(shop.customer(), "TEA")
    await _age(shop, 91)
    young = await shop.guest(MUG=2)
    await shop.add(touched, "CAP")
    await sweep(shop.db, guest_cart_days=90)
    assert (await shop.cart(untouched))["id"] is None
    assert await shop.pieces(touched) == {"CAP": 2}
    assert await shop.pieces(young) == {"MUG": 2}
    assert await shop.pieces(shop.customer()) == {"TEA": 1}
    assert await shop.db.fetchval("SELECT count(*) FROM cart_lines") == 3


async def test_receipts_and_merged_carts_go_after_90_days_and_keys_after_3(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    await shop.add(who, "CAP", headers={"idempotency-key": "a-click"})
    body = {"cart_token": who["x-cart-token"], "customer_id": str(shop.anna)}
    await shop.client.put(f"/internal/merges/{new_id()}", json=body, headers=shop.as_service("frontend"))
    await _age(shop, 4)
    await sweep(shop.db, guest_cart_days=90)
    assert await _counts(shop) == (2, 1, 0)
    await _age(shop, 90)
    await sweep(shop.db, guest_cart_days=90)
    assert await _counts(shop) == (1, 0, 0)
    assert await shop.pieces(shop.customer()) == {"MUG": 1, "CAP": 1}


async def test_a_cart_that_somebody_is_changing_is_left_alone(shop: Shop) -> None:
    await shop.guest(MUG=1)
    await _age(shop, 91)
    async with shop.db.pool.acquire() as changing:
        transaction = changing.transaction()
        await transaction.start()
        await changing.execute("UPDATE carts SET updated_at = now()")
        await asyncio.wait_for(sweep(shop.db, guest_cart_days=90), 2)
        await transaction.commit()
    await sweep(shop.db, guest_cart_days=90)
    assert await shop.db.fetchval("SELECT count(*) FROM carts") == 1


async def test_the_running_service_sweeps_by_itself(start_shop: StartShop) -> None:
    shop = await start_shop(guest_cart_days=1, sweep_seconds=0.05)
    await shop.guest(MUG=1)
    await _age(shop, 2)
    async with asyncio.timeout(5):
        while await shop.db.fetchval("SELECT count(*) FROM carts"):
            await asyncio.sleep(0.02)


async def _counts(shop: Shop) -> tuple[int, int, int]:
    row = await shop.db.fetchrow(
        "SELECT (SELECT count(*) FROM carts), (SELECT count(*) FROM merges), (SELECT count(*) FROM idempotency_keys)"
    )
    assert row is not None
    return row[0], row[1], row[2]
