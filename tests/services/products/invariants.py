"""What must hold for stock at any instant, as statements that list whatever breaks it."""

from chassis.database import Database

BROKEN = {
    "A1 counters are the sums of their movements": """
        SELECT s.variant_id FROM stock s
          LEFT JOIN (SELECT variant_id, sum(change_on_hand) AS on_hand, sum(change_held) AS held,
                            sum(change_allocated) AS allocated, sum(change_shortage) AS shortage
                       FROM stock_movements GROUP BY variant_id) m ON m.variant_id = s.variant_id
         WHERE (s.on_hand, s.held, s.allocated, s.shortage) IS DISTINCT FROM
               (COALESCE(m.on_hand, 0), COALESCE(m.held, 0), COALESCE(m.allocated, 0), COALESCE(m.shortage, 0))""",
    "A2 no counter is negative": """
        SELECT variant_id FROM stock WHERE LEAST(on_hand, held, allocated, shortage, available) < 0""",
    "A3 what is held and allocated is what reservations say": """
        SELECT s.variant_id FROM stock s
          LEFT JOIN (SELECT l.variant_id, sum(l.quantity) FILTER (WHERE r.state = 'held') AS held,
                            sum(l.quantity - l.fulfilled) FILTER (WHERE r.state = 'allocated') AS allocated
                       FROM reservation_lines l JOIN reservations r USING (order_id) GROUP BY l.variant_id) p
            ON p.variant_id = s.variant_id
         WHERE (s.held, s.allocated) IS DISTINCT FROM (COALESCE(p.held, 0), COALESCE(p.allocated, 0))""",
    "A4 nothing is promised twice, but for a shortage": """
        SELECT variant_id FROM stock WHERE held + allocated > on_hand + shortage AND NOT backorder
        UNION ALL SELECT variant_id FROM stock WHERE shortage > GREATEST(0, held + allocated - on_hand)""",
    "A5 the newest movement says what the counters are": """
        SELECT s.variant_id FROM stock s
          JOIN LATERAL (SELECT * FROM stock_movements m WHERE m.variant_id = s.variant_id ORDER BY id DESC LIMIT 1) m ON true
         WHERE (s.on_hand, s.held, s.allocated, s.shortage)
            <> (m.on_hand_after, m.held_after, m.allocated_after, m.shortage_after)""",
    "lists show the stock there is": """
        SELECT l.product_id FROM listings l
          JOIN (SELECT s.product_id, COALESCE(sum(s.available) FILTER (WHERE v.status = 'active'), 0) AS available
                  FROM stock s JOIN variants v ON v.id = s.variant_id GROUP BY s.product_id) s USING (product_id)
         WHERE l.available <> s.available""",
}


async def violations(db: Database) -> dict[str, list[str]]:
    """Invariant → what breaks it; empty when all hold."""
    found = {name: [str(row[0]) for row in await db.fetch(query)] for name, query in BROKEN.items()}
    return {name: rows for name, rows in found.items() if rows}
