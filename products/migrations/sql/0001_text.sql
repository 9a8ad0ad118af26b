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
