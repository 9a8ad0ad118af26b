"""The form of a product: texts as typed, to and from what the products service takes."""

from collections.abc import Mapping
from typing import Any, Final

from frontend.amounts import minor_units, written
from frontend.clients.products import Product, Variant
from frontend.forms import Posted, whole_number
from frontend.language import marked as _
from frontend.page_models.backoffice import VariantRow

MOST_ROWS: Final = 100
BLANK_ROWS: Final = 3
MOST_STOCK: Final = 10**9
TEXTS: Final = (
    "name",
    "description",
    "category",
    "brand",
    "options",
    "name_ru",
    "description_ru",
    "status",
    "version",
)
STATUSES: Final = ("active", "draft", "archived")

NEEDS_NAME = _("A product needs a name.")
NEEDS_VARIANT = _("A product needs a variant with an article code and a price.")
BAD_PRICE = _("A price is not readable. Write it like 19.90.")
BAD_STOCK = _("A stock is not a whole number.")
BAD_VALUES = _("A variant must have one value for each option, separated by a slash.")


def values_of(product: Product | None) -> dict[str, str]:
    """The texts of the form for a product, or for a new one."""
    if product is None:
        return {**dict.fromkeys(TEXTS, ""), "status": "active"}
    russian = product.translations.get("ru")
    return {
        "name": product.name,
        "description": product.description,
        "category": product.category or "",
        "brand": product.brand or "",
        "options": ", ".join(product.options),
        "name_ru": russian.name if russian else "",
        "description_ru": russian.description if russian else "",
        "status": product.status,
        "version": str(product.version),
    }


def rows_of(product: Product | None) -> list[VariantRow]:
    """A row per variant and a few blank ones."""
    variants = product.variants if product else []
    axes = product.options if product else []
    rows = [
        VariantRow(
            index=index,
            sku=variant.sku,
            values=" / ".join(variant.options.get(axis, "") for axis in axes),
            price=written(variant.price),
            was=written(variant.compare_at),
            available=variant.available,
        )
        for index, variant in enumerate(variants)
    ]
    return [*rows, *(VariantRow(index) for index in range(len(rows), len(rows) + BLANK_ROWS))]


def posted_rows(form: Posted) -> list[VariantRow]:
    """The rows as they were sent, blank ones too."""
    found = []
    for index in range(MOST_ROWS):
        if f"sku_{index}" not in form.values:
            break
        sku, values, price, was, stock = (
            form.text(f"{name}_{index}") for name in ("sku", "values", "price", "was", "stock")
        )
        found.append(VariantRow(index, sku=sku, values=values, price=price, was=was, stock=stock))
    return found


def body_of(
    form: Posted, rows: list[VariantRow], *, product: Product | None, currency: str
) -> tuple[dict[str, Any], list[str]]:
    """The body for the service, and what is wrong (not yet translated); nothing wrong: the body may be sent."""
    errors: list[str] = []
    if not form.text("name"):
        errors.append(NEEDS_NAME)
    axes = [name.strip() for name in form.text("options").split(",") if name.strip()]
    known = {variant.sku: variant for variant in product.variants} if product else {}
    variants = [
        _variant(row, axes, known.get(row.sku), currency=currency, is_new=product is None, errors=errors)
        for row in rows
        if row.sku
    ]
    if not variants:
        errors.append(NEEDS_VARIANT)
    body: dict[str, Any] = {
        "name": form.text("name"),
        "description": form.text("description"),
        "category": form.text("category") or None,
        "brand": form.text("brand") or None,
        "options": axes,
        "variants": variants,
    }
    if form.text("status") in STATUSES and not (product is None and form.text("status") == "archived"):
        body["status"] = form.text("status")
    if form.text("name_ru"):
        russian = {"name": form.text("name_ru"), "description": form.text("description_ru")}
        body["translations"] = {"ru": russian}
    return body, list(dict.fromkeys(errors))


def _variant(
    row: VariantRow, axes: list[str], known: Variant | None, *, currency: str, is_new: bool, errors: list[str]
) -> Mapping[str, Any]:
    price = minor_units(row.price, currency)
    was = minor_units(row.was, currency) if row.was else None
    if price is None or (row.was and was is None):
        errors.append(BAD_PRICE)
    values = [value.strip() for value in row.values.split("/")] if row.values else []
    if len(values) != len(axes):
        errors.append(BAD_VALUES)
    variant: dict[str, Any] = {
        "sku": row.sku,
        "price": {"amount": price or 0, "currency": currency},
        "options": dict(zip(axes, values, strict=False)),
    }
    if was is not None:
        variant["compare_at"] = {"amount": was, "currency": currency}
    if is_new:
        stock = whole_number(row.stock or "0", least=0, most=MOST_STOCK)
        if stock is None:
            errors.append(BAD_STOCK)
        variant["stock"] = stock or 0
    if known is not None:
        kept = {"barcode": known.barcode, "tax_class": known.tax_class, "weight_grams": known.weight_grams}
        variant |= {name: value for name, value in kept.items() if value is not None}
        variant["backorder"] = known.backorder
    return variant
