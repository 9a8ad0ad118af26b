"""Which variant of a product is chosen, and where each other choice leads. Works by links, without scripts."""

from urllib.parse import quote

from frontend.clients.products import Product, Variant
from frontend.page_models.catalog import OptionAxis, OptionValueChoice, VariantChoice
from frontend.pages.cards import few_left, saving


def chosen_variant(product: Product, sku: str) -> Variant | None:
    """The variant `sku`, else the first one that can be had, else the first; None without variants."""
    asked = [variant for variant in product.variants if variant.sku == sku]
    in_stock = [variant for variant in product.variants if variant.available != 0]
    return next(iter([*asked, *in_stock, *product.variants]), None)


def _href(product: Product, variant: Variant) -> str:
    return f"/products/{product.slug}?sku={quote(variant.sku)}"


def variant_choice(product: Product, variant: Variant, *, is_chosen: bool) -> VariantChoice:
    """The variant as the page shows it."""
    return VariantChoice(
        sku=variant.sku,
        label=", ".join(variant.options.values()),
        price=variant.price,
        compare_at=variant.compare_at,
        saving=saving(variant.price, variant.compare_at),
        is_sold_out=variant.available == 0,
        few_left=few_left(variant.available),
        is_chosen=is_chosen,
        href=_href(product, variant),
    )


def variant_choices(product: Product, chosen: Variant | None) -> list[VariantChoice]:
    """All variants in the product's order."""
    return [variant_choice(product, variant, is_chosen=variant is chosen) for variant in product.variants]


def axes_of(product: Product, chosen: Variant | None) -> list[OptionAxis]:
    """Each axis with its values. A value leads to the variant nearest to the chosen one that has it."""
    if chosen is None:
        return []
    return [OptionAxis(axis, _values(product, chosen, axis)) for axis in product.options]


def _values(product: Product, chosen: Variant, axis: str) -> list[OptionValueChoice]:
    values = dict.fromkeys(variant.options.get(axis, "") for variant in product.variants)
    found = []
    for value in values:
        if not value:
            continue
        variant = _nearest(product, chosen, axis, value)
        same_otherwise = all(
            variant.options.get(name) == chosen.options.get(name) for name in product.options if name != axis
        )
        found.append(
            OptionValueChoice(
                label=value,
                href=_href(product, variant),
                is_chosen=chosen.options.get(axis) == value,
                is_available=same_otherwise and variant.available != 0,
            )
        )
    return found


def _nearest(product: Product, chosen: Variant, axis: str, value: str) -> Variant:
    """Of the variants with `value` on `axis`, the one that shares most of the other choices; in stock first."""

    def _distance(variant: Variant) -> tuple[int, bool]:
        others = [name for name in product.options if name != axis]
        differing = sum(variant.options.get(name) != chosen.options.get(name) for name in others)
        return differing, variant.available == 0

    candidates = [variant for variant in product.variants if variant.options.get(axis) == value]
    return min(candidates, key=_distance)
