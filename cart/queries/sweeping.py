"""What the clock throws away, a bounded batch at a time."""

from cart.queries.rows import Executor


async def forget_guest_carts(on: Executor, *, days: int, most: int) -> int:
    """At most so many guests' carts that nobody changed for so long are gone, with their lines; how many.

    Carts that somebody is changing right now are left alone.
    """
    rows = await on.fetch(
        """
        DELETE FROM carts WHERE id IN (
            SELECT id FROM carts
             WHERE customer_id IS NULL
               AND created_at < now() - make_interval(days => $1)
               AND updated_at < now() - make_interval(days => $1)
             LIMIT $2
               FOR UPDATE SKIP LOCKED
        ) RETURNING id
        """,
        days,
        most,
    )
    return len(rows)


async def forget_merges(on: Executor, *, days: int, most: int) -> int:
    """At most so many receipts of merges that are so old are gone; how many."""
    rows = await on.fetch(
        """
        DELETE FROM merges WHERE id IN (
            SELECT id FROM merges WHERE created_at < now() - make_interval(days => $1) LIMIT $2
        ) RETURNING id
        """,
        days,
        most,
    )
    return len(rows)
