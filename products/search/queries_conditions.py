"""The pieces that statements about lists are made of. Values are always parameters; only our own words are text."""

from typing import Any

from products.search.filters import Filters

FULL_TEXT_RANK = 1_000_000
FEW_HITS = 5
MOST_SIMILAR = 100


class Parameters:
    """Collects a statement's arguments; each `add` answers its placeholder."""

    def __init__(self) -> None:
        self.values: list[Any] = []

    def add(self, value: Any) -> str:
        self.values.append(value)
        return f"${len(self.values)}"


def found(filters: Filters, parameters: Parameters) -> str:
    """`WITH` part that names the products that match the text, with their `rank`; empty without a text.

    Full text and article codes first; what merely resembles the text only when fewer than five products match.
    """
    if filters.text is None:
        return ""
    typed = parameters.add(filters.text)
    offered = (
        f"l.currency = {parameters.add(filters.currency)} AND l.status = {parameters.add(filters.status)}"
    )
    return f"""
WITH asked AS (SELECT search_query({typed}) AS query, lower({typed}) AS code), matching AS MATERIALIZED (
  SELECT d.product_id,
         {FULL_TEXT_RANK} + (ts_rank_cd('{{0.05, 0.2, 0.5, 1}}', d.document, a.query, 1) * 1000000)::bigint
           + CASE WHEN d.codes @> ARRAY[a.code] THEN 100000000 ELSE 0 END AS rank
    FROM search_documents d CROSS JOIN asked a JOIN listings l ON l.product_id = d.product_id AND {offered}
   WHERE d.document @@ a.query OR d.codes @> ARRAY[a.code]
), found AS MATERIALIZED (
  SELECT product_id, rank FROM matching
  UNION ALL
  SELECT s.product_id, (s.likeness * 1000)::bigint
    FROM similar_products(plain_text({typed}), {MOST_SIMILAR}) s
   WHERE (SELECT count(*) FROM (SELECT FROM matching LIMIT {FEW_HITS}) few) < {FEW_HITS}
     AND s.product_id NOT IN (SELECT product_id FROM matching)
)"""  # noqa: S608  # every value is a parameter


def in_category(filters: Filters, parameters: Parameters) -> str:
    """Whether the listing `l` is in the category or below it."""
    slug = parameters.add(filters.category)
    return f"""l.category_id = ANY (ARRAY(
      WITH RECURSIVE below AS (
        SELECT id FROM categories WHERE slug = {slug}
        UNION ALL SELECT c.id FROM categories c JOIN below b ON c.parent_id = b.id)
      SELECT id FROM below))"""  # noqa: S608  # every value is a parameter


def in_price_range(filters: Filters, parameters: Parameters) -> str:
    """Whether the price that the listing `l` shows is in the range."""
    limits = []
    if filters.price_min is not None:
        limits.append(f"l.price_amount >= {parameters.add(filters.price_min)}")
    if filters.price_max is not None:
        limits.append(f"l.price_amount <= {parameters.add(filters.price_max)}")
    return " AND ".join(limits) or "true"


def has_choice(axis: str, values: tuple[str, ...], parameters: Parameters) -> str:
    """Whether the variant `v` has one of the values on the axis."""
    return (
        "EXISTS (SELECT FROM variant_values x WHERE x.variant_id = v.id"
        f" AND x.option_code = {parameters.add(axis)} AND x.value_code = ANY ({parameters.add(list(values))}::text[]))"
    )


def has_variant(filters: Filters, parameters: Parameters) -> str:
    """Whether one live variant of the listing `l` has all the choices, and is in stock if that is asked for."""
    choices = [has_choice(axis, values, parameters) for axis, values in filters.options]
    stocked = " AND (s.available > 0 OR s.backorder)" if filters.in_stock else ""
    return (
        "EXISTS (SELECT FROM variants v JOIN stock s ON s.variant_id = v.id"
        f" WHERE v.product_id = l.product_id AND v.status = 'active'{stocked} AND {' AND '.join(choices)})"
    )
