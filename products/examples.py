"""What answers look like in the API's documentation: the demo catalogue's rosehip teapot, as the service shows it.

A test loads the demo and compares, so these say nothing that is not true.
"""

from typing import Any

Example = dict[str, Any]

_PRODUCT_ID = "01a206c4-d718-73be-b2b2-2ad8532e6302"
_ORDER_ID = "01a206d1-5c40-7e02-9a31-6f0e2c7b9d15"
_PRICE = {"amount": 3490, "currency": "EUR"}
_COLOURS = {
    "Raspberry": ("01a206c4-d718-73be-b2b2-2ad94c1e7ca6", "2001000100019", 24, "rosehip-teapot"),
    "Teal": ("01a206c4-d718-73be-b2b2-2adabc1287b4", "2001000100026", 15, "rosehip-teapot-teal"),
    "Violet": ("01a206c4-d718-73be-b2b2-2adbb1fe6906", "2001000100033", 14, "rosehip-teapot-violet"),
}
"""Id, barcode, pieces on hand and picture of each variant."""


def _sku(colour: str) -> str:
    return f"TEAPOT-ROSEHIP-{colour.upper()}"


def _image(colour: str) -> Example:
    return {
        "url": f"/media/{_COLOURS[colour][3]}-800.webp",
        "alt": f"Rosehip teapot, {colour.lower()}",
        "width": 800,
        "height": 800,
    }


PRODUCT: Example = {
    "id": _PRODUCT_ID,
    "slug": "rosehip-teapot",
    "name": "Rosehip teapot",
    "description": (
        "A round-bellied stoneware teapot for three big cups, glazed by hand in a colour that cheers up a grey "
        "morning. The lid sits deep and does not slip when you pour, and the spout does not drip. Holds 900 ml; "
        "comes with a fine steel strainer."
    ),
    "status": "active",
    "category": "tea",
    "brand": None,
    "options": ["Colour"],
    "images": [{**_image(colour), "sku": _sku(colour), "skus": [_sku(colour)]} for colour in _COLOURS],
    "variants": [
        {
            "id": variant_id,
            "sku": _sku(colour),
            "price": _PRICE,
            "compare_at": None,
            "available": on_hand,
            "backorder": False,
            "barcode": barcode,
            "tax_class": "standard",
            "weight_grams": 780,
            "options": {"Colour": colour},
        }
        for colour, (variant_id, barcode, on_hand, _) in _COLOURS.items()
    ],
    "price": _PRICE,
    "available": 53,
    "translations": {
        "ru": {
            "name": "Чайник «Шиповник»",
            "description": (
                "Круглый чайник из каменной керамики на три большие чашки, глазурованный вручную: такой цвет "
                "бодрит даже хмурым утром. Крышка сидит глубоко и не соскальзывает, носик не капает. "
                "Объём 900 мл, в комплекте мелкое стальное ситечко."
            ),
        }
    },
    "created_at": "2026-10-19T15:51:00.000Z",
    "updated_at": "2026-10-19T15:51:00.000Z",
    "version": 1,
}

LIST: Example = {
    "items": [
        {
            "id": _PRODUCT_ID,
            "slug": "rosehip-teapot",
            "name": "Rosehip teapot",
            "price": _PRICE,
            "compare_at": None,
            "available": 53,
            "in_stock": True,
            "image": _image("Raspberry"),
            "sku": _sku("Raspberry"),
            "status": "active",
        }
    ],
    "next_cursor": None,
    "facets": [
        {
            "key": "category",
            "label": "Category",
            "values": [
                {"value": "coffee-and-tea", "label": "Coffee and tea", "count": 1},
                {"value": "tea", "label": "Tea", "count": 1},
            ],
        },
        {
            "key": "option.colour",
            "label": "Colour",
            "values": [{"value": colour.lower(), "label": colour, "count": 1} for colour in _COLOURS],
        },
        {
            "key": "in_stock",
            "label": "In stock",
            "values": [{"value": "true", "label": "In stock", "count": 1}],
        },
    ],
}

CATEGORIES: Example = {
    "items": [
        {
            "slug": "coffee-and-tea",
            "name": "Coffee and tea",
            "children": [
                {"slug": "coffee", "name": "Coffee", "children": []},
                {"slug": "tea", "name": "Tea", "children": []},
            ],
        }
    ],
    "next_cursor": None,
}

RESERVATION: Example = {
    "order_id": _ORDER_ID,
    "state": "held",
    "lines": [{"variant_id": _COLOURS["Teal"][0], "sku": _sku("Teal"), "quantity": 2}],
}

STOCK: Example = {
    "sku": _sku("Teal"),
    "variant_id": _COLOURS["Teal"][0],
    "product_id": _PRODUCT_ID,
    "on_hand": 15,
    "held": 2,
    "allocated": 0,
    "shortage": 0,
    "available": 13,
    "backorder": False,
    "version": 2,
    "movements": {
        "items": [
            {
                "id": 277,
                "kind": "hold",
                "cause": "order",
                "cause_id": _ORDER_ID,
                "actor": "",
                "reason": "",
                "change_on_hand": 0,
                "change_held": 2,
                "change_allocated": 0,
                "change_shortage": 0,
                "on_hand_after": 15,
                "held_after": 2,
                "allocated_after": 0,
                "shortage_after": 0,
                "at": "2026-11-23T10:15:42.459Z",
            },
            {
                "id": 2,
                "kind": "initial",
                "cause": "import",
                "cause_id": "01a206c4-d793-73a2-8085-fcac1e13c612",
                "actor": "",
                "reason": "demo catalogue",
                "change_on_hand": 15,
                "change_held": 0,
                "change_allocated": 0,
                "change_shortage": 0,
                "on_hand_after": 15,
                "held_after": 0,
                "allocated_after": 0,
                "shortage_after": 0,
                "at": "2026-11-23T04:58:13.125Z",
            },
        ],
        "next_cursor": None,
    },
}
"""After the reservation above."""

OFFERS: Example = {
    "items": [
        {
            "variant_id": _COLOURS["Teal"][0],
            "sku": _sku("Teal"),
            "product_id": _PRODUCT_ID,
            "slug": "rosehip-teapot",
            "name": "Rosehip teapot",
            "options": {"Colour": "Teal"},
            "price": _PRICE,
            "compare_at": None,
            "available": 13,
            "backorder": False,
            "image": _image("Teal"),
            "sellable": True,
            "tax_class": "standard",
            "weight_grams": 780,
            "version": 1,
        }
    ],
    "unknown": ["TEAPOT-OF-YORE"],
}
"""After the reservation above."""
