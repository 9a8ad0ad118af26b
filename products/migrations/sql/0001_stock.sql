-- The one way to change counters. Each variant's row changes, its movement is written, its product's listings follow.
-- Arrays run in parallel, one entry per variant, each variant once. Locks: stock rows in id order, then listings in id order.
-- A pure loss of goods under live promises raises `shortage`; anything else can only lower it, so that a promise
-- which is not covered breaks the check on `stock`.
CREATE FUNCTION public.move_stock(
  p_kind text, p_cause text, p_cause_id uuid, p_actor text, p_reason text,
  p_variants uuid[], p_on_hand bigint[], p_held bigint[], p_allocated bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  change record;
BEGIN
  PERFORM 1 FROM stock WHERE variant_id = ANY (p_variants) ORDER BY variant_id FOR NO KEY UPDATE;
  FOR change IN
    WITH wanted AS (
      SELECT * FROM unnest(p_variants, p_on_hand, p_held, p_allocated) AS w (variant_id, on_hand, held, allocated)
    ), moved AS (
      UPDATE stock s
         SET on_hand = s.on_hand + w.on_hand,
             held = s.held + w.held,
             allocated = s.allocated + w.allocated,
             shortage = CASE
               WHEN s.backorder THEN 0
               WHEN w.on_hand < 0 AND w.held = 0 AND w.allocated = 0
                 THEN GREATEST(0, s.held + s.allocated - s.on_hand - w.on_hand)
               ELSE LEAST(s.shortage, GREATEST(0, s.held + w.held + s.allocated + w.allocated - s.on_hand - w.on_hand))
             END,
             version = s.version + 1
        FROM wanted w
       WHERE s.variant_id = w.variant_id
      RETURNING s.variant_id, s.product_id, new.available - old.available AS available,
                new.on_hand - old.on_hand AS on_hand, new.held - old.held AS held,
                new.allocated - old.allocated AS allocated, new.shortage - old.shortage AS shortage,
                new.on_hand AS on_hand_after, new.held AS held_after,
                new.allocated AS allocated_after, new.shortage AS shortage_after
    ), noted AS (
      INSERT INTO stock_movements (variant_id, kind, cause, cause_id, actor, reason,
                                   change_on_hand, change_held, change_allocated, change_shortage,
                                   on_hand_after, held_after, allocated_after, shortage_after)
      SELECT variant_id, p_kind, p_cause, p_cause_id, p_actor, p_reason, on_hand, held, allocated, shortage,
             on_hand_after, held_after, allocated_after, shortage_after
        FROM moved
    )
    SELECT m.product_id, sum(m.available)::bigint AS available
      FROM moved m JOIN variants v ON v.id = m.variant_id AND v.status = 'active'
     GROUP BY m.product_id HAVING sum(m.available) <> 0
     ORDER BY m.product_id
  LOOP
    UPDATE listings SET available = available + change.available WHERE product_id = change.product_id;
  END LOOP;
END $$;

-- The variants that cannot be promised, as JSON; NULL when all can. Locks their stock rows in id order.
-- With p_on_sale only what is on sale now counts as promisable.
CREATE FUNCTION public.shortages(p_variants uuid[], p_quantities bigint[], p_on_sale boolean) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  found jsonb;
BEGIN
  PERFORM 1 FROM stock WHERE variant_id = ANY (p_variants) ORDER BY variant_id FOR NO KEY UPDATE;
  SELECT jsonb_agg(jsonb_build_object('variant_id', short.variant_id, 'sku', short.sku,
                                      'requested', short.quantity, 'available', short.available)
                   ORDER BY short.variant_id)
    INTO found
    FROM (SELECT w.variant_id, v.sku, w.quantity, s.backorder,
                 CASE WHEN NOT p_on_sale OR (v.status = 'active' AND p.status = 'active')
                      THEN COALESCE(s.available, 0) ELSE 0 END AS available,
                 NOT p_on_sale OR COALESCE(v.status = 'active' AND p.status = 'active', false) AS on_sale
            FROM unnest(p_variants, p_quantities) AS w (variant_id, quantity)
            LEFT JOIN stock s ON s.variant_id = w.variant_id
            LEFT JOIN variants v ON v.id = w.variant_id
            LEFT JOIN products p ON p.id = v.product_id) short
   WHERE short.available < short.quantity AND NOT (short.on_sale AND COALESCE(short.backorder, false));
  RETURN found;
END $$;

-- What an order's reservation is about, as JSON: variant_id, sku, quantity, in id order; empty for a tombstone.
CREATE FUNCTION public.reserved_lines(p_order uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT COALESCE(jsonb_agg(jsonb_build_object('variant_id', l.variant_id, 'sku', v.sku, 'quantity', l.quantity)
                            ORDER BY l.variant_id), '[]')
    FROM reservation_lines l JOIN variants v ON v.id = l.variant_id WHERE l.order_id = p_order
$$;

-- The order holds all its lines, or nothing happened. Repeating answers the reservation as it is now, and whether
-- it was made by the same body. Each variant once. Raises SHOP1 with the shortages in DETAIL.
CREATE FUNCTION public.reserve_stock(
  p_order uuid, p_variants uuid[], p_quantities bigint[], p_seconds bigint, p_body_hash bytea,
  OUT state text, OUT same_body boolean, OUT lines jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  short jsonb;
BEGIN
  INSERT INTO reservations (order_id, state, expires_at, body_hash)
  VALUES (p_order, 'held', now() + make_interval(secs => p_seconds), p_body_hash)
  ON CONFLICT (order_id) DO NOTHING;
  IF NOT FOUND THEN
    SELECT r.state, r.body_hash IS NOT DISTINCT FROM p_body_hash, reserved_lines(p_order)
      INTO STRICT state, same_body, lines
      FROM reservations r WHERE r.order_id = p_order;
    RETURN;
  END IF;
  short := shortages(p_variants, p_quantities, true);
  IF short IS NOT NULL THEN
    RAISE EXCEPTION 'out of stock' USING ERRCODE = 'SHOP1', DETAIL = short::text;
  END IF;
  INSERT INTO reservation_lines (order_id, variant_id, quantity)
  SELECT p_order, w.variant_id, w.quantity FROM unnest(p_variants, p_quantities) AS w (variant_id, quantity);
  PERFORM move_stock('hold', 'order', p_order, '', '', p_variants,
                     array_fill(0::bigint, ARRAY[cardinality(p_variants)]), p_quantities,
                     array_fill(0::bigint, ARRAY[cardinality(p_variants)]));
  state := 'held';
  same_body := true;
  lines := reserved_lines(p_order);
END $$;

-- Moves every line of a reservation by so many times its open quantity. The caller holds the reservation's row.
CREATE FUNCTION public.move_reservation(
  p_order uuid, p_kind text, p_reason text, p_held integer, p_allocated integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  variants uuid[];
  quantities bigint[];
  nothing bigint[];
BEGIN
  SELECT array_agg(l.variant_id ORDER BY l.variant_id), array_agg(l.quantity - l.fulfilled ORDER BY l.variant_id)
    INTO variants, quantities
    FROM reservation_lines l WHERE l.order_id = p_order AND l.quantity > l.fulfilled;
  IF variants IS NULL THEN
    RETURN;
  END IF;
  nothing := array_fill(0::bigint, ARRAY[cardinality(variants)]);
  PERFORM move_stock(p_kind, 'order', p_order, '', p_reason, variants, nothing,
                     (SELECT array_agg(q * p_held ORDER BY at) FROM unnest(quantities) WITH ORDINALITY AS u (q, at)),
                     (SELECT array_agg(q * p_allocated ORDER BY at) FROM unnest(quantities) WITH ORDINALITY AS u (q, at)));
END $$;

-- What was held is allocated, past its expiry too; what had expired is taken anew if stock allows, even of things
-- no longer on sale (they are paid for). The state afterwards; NULL for an unknown order. Raises SHOP1.
CREATE FUNCTION public.commit_reservation(p_order uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  before text;
  short jsonb;
BEGIN
  SELECT state INTO before FROM reservations WHERE order_id = p_order FOR UPDATE;
  IF before = 'held' THEN
    PERFORM move_reservation(p_order, 'allocate', '', -1, 1);
  ELSIF before = 'expired' THEN
    SELECT shortages(array_agg(variant_id), array_agg(quantity), false) INTO short
      FROM reservation_lines WHERE order_id = p_order;
    IF short IS NOT NULL THEN
      RAISE EXCEPTION 'out of stock' USING ERRCODE = 'SHOP1', DETAIL = short::text;
    END IF;
    PERFORM move_reservation(p_order, 'reallocate', '', 0, 1);
  ELSE
    RETURN before;
  END IF;
  UPDATE reservations SET state = 'allocated', updated_at = now() WHERE order_id = p_order;
  RETURN 'allocated';
END $$;

-- The order holds nothing, for ever: an unknown one leaves a tombstone. The state afterwards ('fulfilled' stays).
CREATE FUNCTION public.release_reservation(p_order uuid, p_reason text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  before text;
BEGIN
  INSERT INTO reservations (order_id, state) VALUES (p_order, 'released') ON CONFLICT (order_id) DO NOTHING;
  IF FOUND THEN
    RETURN 'released';
  END IF;
  SELECT state INTO before FROM reservations WHERE order_id = p_order FOR UPDATE;
  IF before IN ('released', 'fulfilled') THEN
    RETURN before;
  ELSIF before = 'held' THEN
    PERFORM move_reservation(p_order, 'release', p_reason, -1, 0);
  ELSIF before = 'allocated' THEN
    PERFORM move_reservation(p_order, 'deallocate', p_reason, 0, -1);
  END IF;
  UPDATE reservations SET state = 'released', updated_at = now() WHERE order_id = p_order;
  RETURN 'released';
END $$;

-- Whether the hold was still there and overdue by more than the grace, and so has expired now.
CREATE FUNCTION public.expire_reservation(p_order uuid, p_grace_seconds bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM reservations
    WHERE order_id = p_order AND state = 'held' AND expires_at < now() - make_interval(secs => p_grace_seconds)
    FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM move_reservation(p_order, 'expire', '', -1, 0);
  UPDATE reservations SET state = 'expired', updated_at = now() WHERE order_id = p_order;
  RETURN true;
END $$;

-- Whether more of a variant may be promised than is there. Turning it off counts what is promised too much as shortage.
CREATE FUNCTION public.set_backorder(p_variant uuid, p_backorder boolean, p_actor text) RETURNS void
LANGUAGE sql AS $$
  WITH changed AS (
    UPDATE stock SET backorder = p_backorder, version = version + 1,
           shortage = CASE WHEN p_backorder THEN 0 ELSE GREATEST(0, held + allocated - on_hand) END
     WHERE variant_id = p_variant AND backorder <> p_backorder
    RETURNING variant_id, new.shortage - old.shortage AS shortage, on_hand, held, allocated, new.shortage AS shortage_after
  )
  INSERT INTO stock_movements (variant_id, kind, cause, cause_id, actor, reason,
                               change_on_hand, change_held, change_allocated, change_shortage,
                               on_hand_after, held_after, allocated_after, shortage_after)
  SELECT variant_id, 'policy', 'staff', uuidv7(), p_actor,
         CASE WHEN p_backorder THEN 'backorders allowed' ELSE 'backorders refused' END,
         0, 0, 0, shortage, on_hand, held, allocated, shortage_after
    FROM changed
$$;
