"""Each guard against a race, removed: the test that watches it must notice."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from cart import queries
from cart.contents import Cart
from cart.queries.rows import Executor
from cart.shoppers import Shopper
from chassis.database import Connection
from tests.services.cart import test_races as races
from tests.services.cart.conftest import Shop

TRIES = 10


async def _touch_also_when_merged(connection: Connection, cart_id: UUID) -> bool:
    await connection.execute("UPDATE carts SET version = version + 1 WHERE id = $1", cart_id)
    return True


async def _touch_without_lock(connection: Connection, cart_id: UUID) -> bool:
    return bool(await connection.fetchval("SELECT true FROM carts WHERE id = $1", cart_id))


async def _always_ours(connection: Connection, *, order_id: UUID, cart_id: UUID, fingerprint: bytes) -> bool:
    return True


async def _look_without_lock(
    connection: Connection, *, guest_cart: UUID | None, customer_id: UUID
) -> tuple[UUID | None, UUID | None]:
    customers: UUID = await connection.fetchval("SELECT id FROM carts WHERE customer_id = $1", customer_id)
    return guest_cart, customers


async def _read_then_write(
    on: Executor, shopper: Shopper, *, variant_id: UUID, sku: str, quantity: int, expected_version: int | None
) -> bool:
    cart = await queries.find_cart(on, shopper)
    assert isinstance(cart, Cart)
    there = next((line.quantity for line in cart.lines if line.variant_id == variant_id), 0)
    await on.execute(
        """
        INSERT INTO cart_lines (cart_id, variant_id, sku, quantity) VALUES ($1, $2, $3, $4)
        ON CONFLICT (cart_id, variant_id) DO UPDATE SET quantity = excluded.quantity
        """,
        cart.id,
        variant_id,
        sku,
        there + quantity,
    )
    return True


async def _change_any_version(
    on: Executor, shopper: Shopper, line_id: UUID, *, quantity: int, expected_version: int | None
) -> bool:
    cart = await queries.find_cart(on, shopper)
    if cart is None or cart.version != expected_version:
        return False
    await on.execute("UPDATE cart_lines SET quantity = $2 WHERE id = $1", line_id, quantity)
    await on.execute("UPDATE carts SET version = version + 1 WHERE id = $1", cart.id)
    return True


MUTANTS: dict[str, tuple[Callable[..., object], Callable[[Shop], Awaitable[None]]]] = {
    "add_line": (_read_then_write, races.test_parallel_adds_lose_nothing),
    "set_quantity": (_change_any_version, races.test_of_parallel_changes_of_one_version_one_wins),
    "lock_carts": (_look_without_lock, races.test_adding_while_merging_loses_nothing),
    "record_ordered": (
        _always_ours,
        races.test_taking_out_an_order_while_adding_and_merging_subtracts_exactly_once,
    ),
    "touch_open_cart": (_touch_also_when_merged, races.test_an_order_waits_for_the_merge_that_holds_its_cart),
    "touch_open_cart ": (_touch_without_lock, races.test_a_subtraction_sees_the_pieces_added_while_it_waited),
}


@pytest.mark.parametrize("guard", MUTANTS)
async def test_a_removed_guard_is_noticed(shop: Shop, guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant, watching = MUTANTS[guard]
    monkeypatch.setattr(queries, guard.strip(), mutant)
    for _ in range(TRIES):
        await shop.db.execute("DELETE FROM carts")
        try:
            await watching(shop)
        except (AssertionError, TimeoutError):
            return
    pytest.fail(f"nobody noticed that {guard} does not guard any more")
