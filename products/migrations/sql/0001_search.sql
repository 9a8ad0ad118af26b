-- Lists and search show these products as they are now. Run it last in every transaction that edits the catalogue.
-- The stock rows stay locked until the end of the transaction: no movement slips between the sum and its listing.
CREATE FUNCTION public.refresh_listings(p_products uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM stock WHERE product_id = ANY (p_products) ORDER BY variant_id FOR NO KEY UPDATE;

  DELETE FROM listings l
   WHERE l.product_id = ANY (p_products)
     AND NOT EXISTS (SELECT FROM variants v JOIN prices c ON c.variant_id = v.id
                      WHERE v.product_id = l.product_id AND c.currency = l.currency);

  INSERT INTO listings (product_id, currency, status, slug, names, sku, price_amount, compare_at_amount,
                        available, backorder, category_id, image, popularity, created_at)
  SELECT DISTINCT ON (p.id, c.currency)
         p.id, c.currency, p.status, p.slug, texts.names, v.sku, c.amount, c.compare_at_amount,
         sums.available, sums.backorder, p.category_id, picture.image, p.popularity, p.created_at
    FROM products p
    JOIN variants v ON v.product_id = p.id
    JOIN prices c ON c.variant_id = v.id
   CROSS JOIN LATERAL (SELECT jsonb_object_agg(t.locale, t.name) AS names
                         FROM product_translations t WHERE t.product_id = p.id) texts
   CROSS JOIN LATERAL (SELECT COALESCE(sum(s.available), 0)::bigint AS available,
                              COALESCE(bool_or(s.backorder), false) AS backorder
                         FROM stock s JOIN variants a ON a.id = s.variant_id AND a.status = 'active'
                        WHERE s.product_id = p.id) sums
    LEFT JOIN LATERAL (SELECT jsonb_build_object('url', i.url, 'alts', i.alts, 'width', i.width, 'height', i.height) AS image
                         FROM pictures i WHERE i.product_id = p.id ORDER BY i.position, i.id LIMIT 1) picture ON true
   WHERE p.id = ANY (p_products)
   ORDER BY p.id, c.currency, (v.status = 'active') DESC, c.amount, v.position, v.id
  ON CONFLICT (product_id, currency) DO UPDATE
     SET status = excluded.status, slug = excluded.slug, names = excluded.names, sku = excluded.sku,
         price_amount = excluded.price_amount, compare_at_amount = excluded.compare_at_amount,
         available = excluded.available, backorder = excluded.backorder, category_id = excluded.category_id,
         image = excluded.image, popularity = excluded.popularity, created_at = excluded.created_at;

  INSERT INTO search_documents (product_id, document, words, codes)
  SELECT p.id,
         setweight(to_tsvector('public.shop', texts.names), 'A')
           || setweight(to_tsvector('public.shop', concat_ws(' ', p.brand, above.names, choices.labels)), 'B')
           || setweight(to_tsvector('public.shop', texts.descriptions), 'D'),
         plain_text(concat_ws(' ', texts.names, p.brand)),
         articles.codes
    FROM products p
   CROSS JOIN LATERAL (SELECT string_agg(t.name, ' · ' ORDER BY t.locale) AS names,
                              string_agg(t.description, ' · ' ORDER BY t.locale) AS descriptions
                         FROM product_translations t WHERE t.product_id = p.id) texts
   CROSS JOIN LATERAL (SELECT COALESCE(array_agg(DISTINCT code), '{}') AS codes
                         FROM variants v, unnest(ARRAY[lower(v.sku), lower(v.barcode)]) AS code
                        WHERE v.product_id = p.id AND v.status = 'active' AND code IS NOT NULL) articles
   CROSS JOIN LATERAL (SELECT string_agg(DISTINCT label.value, ' · ') AS labels
                         FROM variants v
                         JOIN variant_values c ON c.variant_id = v.id
                         JOIN option_values o ON o.option_code = c.option_code AND o.code = c.value_code
                        CROSS JOIN LATERAL jsonb_each_text(o.labels) AS label
                        WHERE v.product_id = p.id AND v.status = 'active') choices
   CROSS JOIN LATERAL (WITH RECURSIVE line AS (
                         SELECT k.parent_id, k.names FROM categories k WHERE k.id = p.category_id
                         UNION ALL SELECT k.parent_id, k.names FROM categories k JOIN line ON k.id = line.parent_id)
                       SELECT string_agg(label.value, ' · ') AS names
                         FROM line CROSS JOIN LATERAL jsonb_each_text(line.names) AS label) above
   WHERE p.id = ANY (p_products)
  ON CONFLICT (product_id) DO UPDATE
     SET document = excluded.document, words = excluded.words, codes = excluded.codes;
END $$;

-- Products whose words resemble what was typed, typos and all ("skarf", "наушнеки", "кожаный батинок"): the mean likeness
-- of the typed words, of which at least one must be alike. What is much less alike than the best is left out.
CREATE FUNCTION public.similar_products(p_typed text, p_most integer) RETURNS TABLE (product_id uuid, likeness real)
LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.3 AS $$
  WITH typed AS (
    SELECT word, count(*) OVER () AS words
      FROM (SELECT DISTINCT word FROM regexp_split_to_table(p_typed, '[^[:alnum:]]+') AS word
             WHERE length(word) > 2 ORDER BY word LIMIT 8) w
  ), alike AS (
    SELECT d.product_id, (sum(word_similarity(t.word, d.words)) / max(t.words))::real AS likeness
      FROM typed t JOIN search_documents d ON t.word <% d.words
     GROUP BY d.product_id
  )
  SELECT a.product_id, a.likeness
    FROM alike a
   WHERE a.likeness >= GREATEST(0.25, 0.7 * (SELECT max(b.likeness) FROM alike b))
   ORDER BY a.likeness DESC, a.product_id
   LIMIT p_most
$$;
