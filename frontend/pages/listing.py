"""The address of a product list: what it asks the service for, and the address of every other choice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from frontend.amounts import minor_units
from frontend.clients.products import Category, Facet
from frontend.language import marked as _
from frontend.page_models.catalog import Choice, FilterGroup

PAGE_SIZE = "24"
LONGEST = 200
FILTER_PREFIXES = ("option.",)
SORTING = (
    ("", _("Popular first")),
    ("newest", _("Newest first")),
    ("price", _("Cheapest first")),
    ("-price", _("Dearest first")),
    ("name", _("By name")),
)
SORTING_OF_SEARCH = (("", _("Best match")), *SORTING[1:])


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list as its address says it. Prices are as people write them (`19.90`); `filters` are (key, value)."""

    currency: str
    search: str = ""
    category: str = ""
    sort: str = ""
    price_from: str = ""
    price_to: str = ""
    in_stock: bool = False
    filters: tuple[tuple[str, str], ...] = ()
    cursor: str = ""

    @classmethod
    def from_request(cls, query: QueryParams, currency: str) -> "ListQuery":
        """What the query says; what we do not know or cannot read is left out."""

        def _text(key: str) -> str:
            return query.get(key, "").replace("\0", "").strip()[:LONGEST]

        sort = _text("sort")
        filters = {
            key[:LONGEST]: value[:LONGEST]
            for key, value in query.items()
            if key.startswith(FILTER_PREFIXES) and value
        }
        return cls(
            currency=currency,
            search=_text("q"),
            category=_text("category"),
            sort=sort if any(sort == code for code, _label in SORTING) else "",
            price_from=_text("price_from") if minor_units(_text("price_from"), currency) is not None else "",
            price_to=_text("price_to") if minor_units(_text("price_to"), currency) is not None else "",
            in_stock=query.get("in_stock") == "true",
            filters=tuple(list(filters.items())[:10]),
            cursor=query.get("cursor", "")[:1024],
        )

    def for_service(self) -> dict[str, str]:
        """The query for the products service: prices in minor units, facets wanted on the first page only."""
        asked = {
            "q": self.search,
            "category": self.category,
            "sort": self.sort,
            "price_min": _written(minor_units(self.price_from, self.currency)),
            "price_max": _written(minor_units(self.price_to, self.currency)),
            "in_stock": "true" if self.in_stock else "",
            "cursor": self.cursor,
            **dict(self.filters),
        }
        return {"limit": PAGE_SIZE, "facets": "true", **{key: value for key, value in asked.items() if value}}

    def pairs(self) -> list[tuple[str, str]]:
        """The query of this list's own address, without the cursor."""
        pairs = [
            ("q", self.search),
            ("category", self.category),
            ("sort", self.sort),
            ("price_from", self.price_from),
            ("price_to", self.price_to),
            ("in_stock", "true" if self.in_stock else ""),
            *self.filters,
        ]
        return [(key, value) for key, value in pairs if value]

    def href(self, *, cursor: str | None) -> str:
        """The address of this list, from `cursor` on."""
        pairs = [*self.pairs(), *([("cursor", cursor)] if cursor else [])]
        return "/products" + (f"?{urlencode(pairs)}" if pairs else "")

    def cleared(self) -> str:
        """The address without any narrowing but the search."""
        return ListQuery(self.currency, search=self.search).href(cursor=None)

    def kept_by_form(self) -> list[tuple[str, str]]:
        """What the price form must send along: everything but its own fields."""
        own = ("price_from", "price_to", "in_stock")
        return [(key, value) for key, value in self.pairs() if key not in own]

    def sorting(self, translate: Callable[[str], str]) -> list[Choice]:
        """The orders one can have, with their addresses."""
        offered = SORTING_OF_SEARCH if self.search else SORTING
        return [
            Choice(
                "sort",
                code,
                translate(label),
                None,
                is_chosen=code == self.sort,
                href=replace(self, sort=code).href(cursor=None),
            )
            for code, label in offered
        ]

    def categories(self, tree: Sequence[Category], title: str) -> list[FilterGroup]:
        """The categories one step on: those below the chosen one, else its siblings, else the top ones."""
        near = _near(tree, self.category)
        choices = [
            Choice(
                "category",
                category.slug,
                category.name,
                None,
                is_chosen=category.slug == self.category,
                href=self._with("category", category.slug).href(cursor=None),
            )
            for category in near
        ]
        return [FilterGroup("category", title, choices)] if choices else []

    def groups(self, facets: Sequence[Facet]) -> list[FilterGroup]:
        """The service's facets of options, with an address on each choice, which sets it or takes it back."""
        return [
            FilterGroup(
                facet.key, facet.label, [self._choice(facet, index) for index in range(len(facet.values))]
            )
            for facet in facets
            if facet.values and facet.key.startswith(FILTER_PREFIXES)
        ]

    def _choice(self, facet: Facet, index: int) -> Choice:
        value = facet.values[index]
        chosen = self._has(facet.key, value.value)
        turned = self._without(facet.key) if chosen else self._with(facet.key, value.value)
        return Choice(
            facet.key, value.value, value.label, value.count, is_chosen=chosen, href=turned.href(cursor=None)
        )

    def chosen(self, groups: Sequence[FilterGroup], categories: dict[str, str]) -> list[Choice]:
        """What narrows the list, each with the address that takes it back."""
        labels = {(choice.key, choice.value): choice.label for group in groups for choice in group.choices}
        narrowing = [*([("category", self.category)] if self.category else []), *self.filters]
        return [
            Choice(
                key,
                value,
                labels.get((key, value)) or (categories.get(value, value) if key == "category" else value),
                None,
                is_chosen=True,
                href=self._without(key).href(cursor=None),
            )
            for key, value in narrowing
        ]

    def _has(self, key: str, value: str) -> bool:
        return self.category == value if key == "category" else (key, value) in self.filters

    def _with(self, key: str, value: str) -> "ListQuery":
        if key == "category":
            return replace(self, category=value)
        others = tuple(pair for pair in self.filters if pair[0] != key)
        return replace(self, filters=(*others, (key, value)))

    def _without(self, key: str) -> "ListQuery":
        if key == "category":
            return replace(self, category="")
        return replace(self, filters=tuple(pair for pair in self.filters if pair[0] != key))


def _near(tree: Sequence[Category], slug: str) -> Sequence[Category]:
    """Of a tree: what is below `slug`, else its siblings; the top when it is unknown."""
    return _below_or_beside(tree, slug) or tree


def _below_or_beside(siblings: Sequence[Category], slug: str) -> Sequence[Category]:
    """Empty when `slug` is nowhere here."""
    for category in siblings:
        if category.slug == slug:
            return category.children or siblings
        if found := _below_or_beside(category.children, slug):
            return found
    return ()


def _written(amount: int | None) -> str:
    return "" if amount is None else str(amount)
