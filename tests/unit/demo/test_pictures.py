"""Every product has a picture of its own, light enough for a page, and every picture has a product."""

import json
from pathlib import Path

import pytest
from PIL import Image

from products.demo.contents import FOLDER, PICTURE_FOLDER, Product, read_contents

PRODUCTS = read_contents().products
NAMES = sorted(picture["name"] for product in PRODUCTS for picture in product["pictures"])
LARGEST = {800: 40_000, 400: 14_000}
every_product = pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product["slug"])


@every_product
def test_pictures_are_described_in_both_languages(product: Product) -> None:
    assert product["pictures"]
    for picture in product["pictures"]:
        assert picture["alt"]["en"].startswith(product["name"]["en"])
        assert picture["alt"]["ru"].startswith(product["name"]["ru"])


@every_product
def test_every_variant_is_shown_by_exactly_one_picture(product: Product) -> None:
    for variant in product["variants"]:
        shown = [p for p in product["pictures"] if p["options"].items() <= variant["options"].items()]
        assert len(shown) == 1


@pytest.mark.parametrize("side", LARGEST)
def test_files_have_the_promised_size_and_weight(side: int) -> None:
    for name in NAMES:
        file = PICTURE_FOLDER / f"{name}-{side}.webp"
        with Image.open(file) as image:
            assert (image.format, image.size) == ("WEBP", (side, side)), name
        assert file.stat().st_size <= LARGEST[side], name


def test_there_is_no_file_without_a_product_and_no_recipe_without_a_file() -> None:
    recipes = json.loads((FOLDER / "artwork.json").read_text(encoding="utf-8"))
    files = sorted(file.name for file in PICTURE_FOLDER.glob("*.webp"))
    assert files == sorted(f"{name}-{side}.webp" for name in NAMES for side in LARGEST)
    assert sorted(recipes["pictures"]) == NAMES
    assert (PICTURE_FOLDER / "LICENSE.md").read_text(encoding="utf-8").count("MIT") >= 2


def test_no_two_pictures_are_the_same() -> None:
    assert len({(PICTURE_FOLDER / f"{name}-800.webp").read_bytes() for name in NAMES}) == len(NAMES)


def test_the_home_page_picture_is_light(repository: Path) -> None:
    images = repository / "frontend" / "static" / "images"
    assert (images / "background.jpg").stat().st_size <= 45_000
    assert (images / "background.avif").stat().st_size <= 12_000
    for name in ("background.jpg", "background.avif"):
        with Image.open(images / name) as image:
            assert image.size == (1600, 700)
