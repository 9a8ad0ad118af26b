"""The pieces that statements about lists are made of. Values are always parameters; only our own words are text."""

from products.search.filters import Shape

FULL_TEXT_RANK = 1_000_000
FEW_HITS = 5
MOST_SIMILAR = 100


class Parameters:
    """The names of a statement's parameters, in order; each `add` answers the placeholder."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def add(self, name: str) -> str:
        """The placeholder of the value called so, the same one each time."""
        if name not in self.names:
            self.names.append(name)
        return f"${self.names.index(name) + 1}"


def found(shape: Shape, parameters: Parameters) -> str:
    """`WITH` part that names the products that match the text, with their `rank`; empty without a text.

    Full text and article codes first; what merely resembles the text only when fewer than five products match.
    """
    if not shape.text:
        return ""
    typed = parameters.add("text")
    offered = f"l.currency = {parameters.add('currency')} AND l.status = {parameters.add('status')}"
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


def in_category(parameters: Parameters) -> str:
    """Whether the listing `l` is in the category or below it."""
    slug = parameters.add("category")
    return f"""l.category_id = ANY (ARRAY(
      WITH RECURSIVE below AS (
        SELECT id FROM categories WHERE slug = {slug}
        UNION ALL SELECT c.id FROM categories c JOIN below b ON c.parent_id = b.id)
      SELECT id FROM below))"""  # noqa: S608  # every value is a parameter


def in_price_range(shape: Shape, parameters: Parameters) -> str:
    """Whether the price that the listing `l` shows is in the range."""
    limits = []
    if shape.price_min:
        limits.append(f"l.price_amount >= {parameters.add('price_min')}")
    if shape.price_max:
        limits.append(f"l.price_amount <= {parameters.add('price_max')}")
    return " AND ".join(limits) or "true"


def has_choice(place: int, parameters: Parameters) -> str:
    """Whether the variant `v` has one of the values of the axis at `place`."""
    return (
        "EXISTS (SELECT FROM variant_values x WHERE x.variant_id = v.id"
        f" AND x.option_code = {parameters.add(f'axis_{place}')}"
        f" AND x.value_code = ANY ({parameters.add(f'choices_{place}')}::text[]))"
    )


def has_variant(shape: Shape, parameters: Parameters) -> str:
    """Whether one live variant of the listing `l` has all the choices, and is in stock if that is asked for."""
    choices = [has_choice(place, parameters) for place in range(shape.axes)]
    stocked = " AND (s.available > 0 OR s.backorder)" if shape.in_stock else ""
    return (
        "EXISTS (SELECT FROM variants v JOIN stock s ON s.variant_id = v.id"
        f" WHERE v.product_id = l.product_id AND v.status = 'active'{stocked} AND {' AND '.join(choices)})"
    )


def chosen(shape: Shape, parameters: Parameters) -> list[str]:
    """All that the listing `l` must fulfil, the cheapest first."""
    wanted = [
        f"l.currency = {parameters.add('currency')}",
        f"l.status = {parameters.add('status')}",
    ]
    if shape.category:
        wanted.append(in_category(parameters))
    if shape.price_min or shape.price_max:
        wanted.append(in_price_range(shape, parameters))
    if shape.axes:
        wanted.append(has_variant(shape, parameters))
    elif shape.in_stock:
        wanted.append("l.in_stock")
    return wanted
