"""The products service."""

from frontend.clients.products.catalog import (
    Category,
    CategoryTree,
    Facet,
    FacetValue,
    Image,
    Product,
    ProductCard,
    ProductList,
    Texts,
    Variant,
)
from frontend.clients.products.client import ProductsClient
from frontend.clients.products.stock import Movement, MovementList, Stock

__all__ = [
    "Category",
    "CategoryTree",
    "Facet",
    "FacetValue",
    "Image",
    "Movement",
    "MovementList",
    "Product",
    "ProductCard",
    "ProductList",
    "ProductsClient",
    "Stock",
    "Texts",
    "Variant",
]
