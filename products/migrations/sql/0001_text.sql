-- One configuration for both languages: Latin words are stemmed as English, Cyrillic ones as Russian; ё = е, café = cafe.
CREATE TEXT SEARCH CONFIGURATION public.shop (COPY = pg_catalog.russian);
ALTER TEXT SEARCH CONFIGURATION public.shop ALTER MAPPING FOR asciiword, asciihword, hword_asciipart
  WITH public.unaccent, pg_catalog.english_stem;
ALTER TEXT SEARCH CONFIGURATION public.shop ALTER MAPPING FOR word, hword, hword_part
  WITH public.unaccent, pg_catalog.russian_stem;

-- Lower case without accents. Fully qualified, because indexes are built with a bare search_path.
CREATE FUNCTION public.plain_text(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN pg_catalog.lower(public.unaccent('public.unaccent'::pg_catalog.regdictionary, given));

-- What names are sorted by in a locale; English where there is no translation.
CREATE FUNCTION public.sort_name(names jsonb, locale text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN public.plain_text(COALESCE(names ->> locale, names ->> 'en'));

-- What somebody typed as a query: quotes, "or" and minus as usual, and the last word may be unfinished.
CREATE FUNCTION public.search_query(typed text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT CASE
    WHEN unfinished.word IS NULL THEN whole
    WHEN numnode(beginning) = 0 THEN whole || to_tsquery('pg_catalog.simple', unfinished.word || ':*')
    ELSE whole || (beginning && to_tsquery('pg_catalog.simple', unfinished.word || ':*'))
  END
  FROM (SELECT websearch_to_tsquery('public.shop', typed) AS whole,
               substring(public.plain_text(typed) FROM '([[:alnum:]]{2,})$') AS word) unfinished,
       LATERAL (SELECT websearch_to_tsquery('public.shop', regexp_replace(typed, '[[:alnum:]]+$', '')) AS beginning) b
$$;
