"""Whatever is done to the stock, in whatever order and at once, the books balance."""

import asyncio
import random
from uuid import UUID

import pytest

from chassis.ids import new_id
from products.inventory.sweeper import sweep
from tests.services.products.invariants import BROKEN, violations
from tests.services.products.shop import ProductsShop, shirt, without_stock

STEPS = 150
HANDS = 4


class _Hand:
    """Does random things with a few orders and variants; what it did is decided by the seed alone."""

    def __init__(self, shop: ProductsShop, dice: random.Random, orders: list[UUID]) -> None:
        self.shop = shop
        self.dice = dice
        self.orders = orders
        self.seen: set[tuple[str, int]] = set()

    async def walk(self, product_id: str, variants: list[str], skus: list[str]) -> None:
        for _ in range(STEPS // HANDS):
            action = self.dice.choice(
                ["reserve"] * 5 + ["commit"] * 3 + ["release"] * 3 + ["adjust"] * 3 + ["sweep", "edit"]
            )
            order = self.dice.choice(self.orders)
            if action == "reserve":
                chosen = self.dice.sample(variants, k=self.dice.randint(1, len(variants)))
                answer = await self.shop.reserve(
                    order, {variant: self.dice.randint(1, 3) for variant in chosen}
                )
            elif action == "commit":
                answer = await self.shop.commit(order)
            elif action == "release":
                answer = await self.shop.release(order)
            elif action == "adjust":
                answer = await self.shop.adjust(self.dice.choice(skus), self.dice.choice([-4, -2, -1, 1, 3]))
            elif action == "edit":
                body = without_stock(shirt())
                body["variants"][0]["backorder"] = self.dice.random() < 0.5
                headers = {**self.shop.staff, "if-match": "*"}
                answer = await self.shop.client.put(f"/products/{product_id}", json=body, headers=headers)
            else:
                await self.shop.overdue(order, seconds=10_000)
                await sweep(self.shop.db, grace_seconds=900)
                continue
            assert answer.status_code in (200, 201, 404, 409, 410, 422), answer.text
            self.seen.add((action, answer.status_code))


@pytest.mark.parametrize("seed", range(6))
async def test_the_books_balance_after_a_random_walk_of_many_hands(shop: ProductsShop, seed: int) -> None:
    dice = random.Random(seed)
    product = await shop.add_body(shirt(stock=6))
    variants = [variant["id"] for variant in product["variants"]]
    skus = [variant["sku"] for variant in product["variants"]]
    orders = [new_id() for _ in range(25)]
    hands = [_Hand(shop, random.Random(dice.random()), orders) for _ in range(HANDS)]
    walks = asyncio.gather(*(hand.walk(product["id"], variants, skus) for hand in hands))
    while not walks.done():
        assert await violations(shop.db) == {}
        await asyncio.sleep(0.05)
    await walks
    assert await violations(shop.db) == {}
    happened = set().union(*(hand.seen for hand in hands))
    assert {("reserve", 200), ("commit", 200), ("release", 200), ("adjust", 201), ("edit", 200)} <= happened


CORRUPTIONS = {
    "A1 counters are the sums of their movements": "UPDATE stock SET on_hand = on_hand + 1",
    "A2 no counter is negative": "UPDATE stock SET held = -1",
    "A3 what is held and allocated is what reservations say": "UPDATE reservations SET state = 'allocated'",
    "A4 nothing is promised twice, but for a shortage": "UPDATE stock SET shortage = 5",
    "A5 the newest movement says what the counters are": "UPDATE stock SET held = held + 1, allocated = 0",
    "lists show the stock there is": "UPDATE listings SET available = available + 1",
}


@pytest.mark.parametrize("invariant", BROKEN)
async def test_each_invariant_can_fail(shop: ProductsShop, invariant: str) -> None:
    variant = (await shop.add(stock=5))["variants"][0]["id"]
    await shop.reserve(new_id(), {variant: 1})
    assert await violations(shop.db) == {}
    await shop.db.execute("ALTER TABLE stock DROP CONSTRAINT ck_stock_held_not_negative")
    await shop.db.execute(CORRUPTIONS[invariant])
    assert invariant in await violations(shop.db)
