"""Draws every picture of the demo catalogue and of the home page anew from Fluent emoji artwork.

`python -m products.demo.compose_pictures SVG_FOLDER` reads `artwork.json` (which drawing, on which ground, in
which colour) and overwrites `pictures/*.webp` and the images of the gateway. The drawings are the folder
`icons/modern` of the npm package `fluentui-emoji` (see `pictures/LICENSE.md`). Needs the development
requirements (Pillow, Playwright with a Chromium); nothing at run time imports this module.
"""

import argparse
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import NotRequired, TypedDict

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter, ImageOps
from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
GATEWAY_IMAGES = HERE.parents[1] / "frontend" / "static" / "images"
CANVAS = 1000  # pictures are composed at this size and then reduced
RENDITIONS = ((800, 80), (400, 72))  # side in pixels, WebP quality


class Look(TypedDict, total=False):
    """A change of colour: turn of the hue in degrees, factors of saturation and value, and which hues it touches.

    With `spread` (0 to 1) hues first move together around `centre`, so that a drawing shaded from yellow to
    green becomes shaded from coral to red and not from magenta to orange.
    """

    hue: float
    centre: float
    spread: float
    saturation: float
    value: float
    hues: tuple[float, float]


class Picture(TypedDict):
    """One product picture: a drawing standing on a ground; `size` is the longer side relative to the canvas."""

    art: str
    ground: str
    size: NotRequired[float]
    look: NotRequired[Look]


class Thing(TypedDict):
    """A drawing in a scene: `x` the middle, `y` where it stands, all three relative to the scene's height."""

    art: str
    x: float
    y: float
    size: float
    look: NotRequired[Look]


class Scene(TypedDict):
    """A wide picture of several things, stored as JPEG of at most `bytes` and, if told, as WebP too."""

    width: int
    height: int
    ground: str
    bytes: int
    avif_quality: NotRequired[int]
    things: list[Thing]


class Artwork(TypedDict):
    """The whole of `artwork.json`; a ground is a light and a deep colour."""

    grounds: dict[str, tuple[str, str]]
    pictures: dict[str, Picture]
    scenes: dict[str, Scene]


@dataclass(frozen=True)
class Drawings:
    """Drawings by name, cut to their visible box, transparent around."""

    images: dict[str, Image.Image]

    def get(self, name: str, look: Look) -> Image.Image:
        """The drawing in the colours of `look`."""
        return recolour(self.images[name], look) if look else self.images[name]


def rasterise(folder: Path, names: set[str]) -> Drawings:
    """Every named SVG of the folder drawn by Chromium at the size of the canvas."""
    images: dict[str, Image.Image] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium"
        )
        page = browser.new_page(viewport={"width": CANVAS, "height": CANVAS})
        for name in sorted(names):
            svg = (folder / f"{name}.svg").read_text(encoding="utf-8")
            page.set_content(f"<style>body{{margin:0}}svg{{width:100vw;height:100vh}}</style>{svg}")
            drawn = Image.open(io.BytesIO(page.screenshot(omit_background=True))).convert("RGBA")
            images[name] = drawn.crop(drawn.getchannel("A").point([0] * 24 + [255] * 232).getbbox())
        browser.close()
    return Drawings(images)


def recolour(image: Image.Image, look: Look) -> Image.Image:
    """The image with hue turned and saturation and value scaled, inside `look["hues"]` (degrees) only if given."""
    hue, saturation, value = image.convert("RGB").convert("HSV").split()
    turn, spread, centre = look.get("hue", 0), look.get("spread", 1), look.get("centre", 180)
    degrees = [step * 360 / 256 for step in range(256)]
    turned = [centre + ((angle - centre + 180) % 360 - 180) * spread + turn for angle in degrees]
    changed = Image.merge(
        "HSV",
        (
            hue.point([round(angle % 360 * 256 / 360) % 256 for angle in turned]),
            saturation.point([min(255, round(step * look.get("saturation", 1))) for step in range(256)]),
            value.point([min(255, round(step * look.get("value", 1))) for step in range(256)]),
        ),
    ).convert("RGB")
    if "hues" in look:
        low, high = look["hues"]
        inside = [255 * ((angle - low) % 360 <= (high - low) % 360) for angle in degrees]
        touched = ImageChops.multiply(
            hue.point(inside), saturation.point([min(255, step * 4) for step in range(256)])
        )
        changed = Image.composite(
            changed,
            image.convert("RGB"),
            touched.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(1)),
        )
    changed.putalpha(image.getchannel("A"))
    return changed


def studio(width: int, height: int, light: str, deep: str) -> Image.Image:
    """An empty studio: a wall lit from the upper left that runs into a floor of the deeper colour without an edge."""
    pale, dark = ImageColor.getrgb(light), ImageColor.getrgb(deep)
    fall = [round(255 * min(1, (step / 255) ** 1.6)) for step in range(256)]
    wall = Image.composite(
        Image.new("RGB", (width, height), dark),
        Image.new("RGB", (width, height), pale),
        Image.linear_gradient("L").resize((width, height)).point(fall),
    )
    reach = round(height * 1.5)
    glow = Image.new("L", (width, height), 0)
    glow.paste(
        ImageOps.invert(Image.radial_gradient("L")).resize((reach, reach)),
        (round(-reach * 0.2), round(-reach * 0.38)),
    )
    bright = Image.new("RGB", (width, height), tuple(min(255, round(part * 1.04)) for part in pale[:3]))
    lit = Image.composite(bright, wall, glow.point([round(max(0, step - 76) * 0.95) for step in range(256)]))
    pool = Image.new("L", (width, height), 0)
    ImageDraw.Draw(pool).ellipse((width * 0.08, height * 0.70, width * 0.92, height * 1.02), fill=110)
    pool = pool.filter(ImageFilter.GaussianBlur(height * 0.05))
    return Image.composite(Image.new("RGB", (width, height), pale), lit, pool)


def stand(
    stage: Image.Image, thing: Image.Image, *, middle: float, floor: float, longest: float, deep: str
) -> None:
    """The thing stands on the stage at (middle, floor) in pixels, with a soft shadow falling to the lower right."""
    scale = longest / max(thing.size)
    body = thing.resize((round(thing.width * scale), round(thing.height * scale)), Image.Resampling.LANCZOS)
    left, top = round(middle - body.width / 2), round(floor - body.height)
    tone = tuple(round(part * 0.42) for part in ImageColor.getrgb(deep)[:3])
    depth = max(round(body.height * 0.16), round(longest * 0.07))
    outline = body.getchannel("A").resize((round(body.width * 1.02), depth))
    for blur, strength, right, down in ((0.045, 0.34, 0.05, 0.62), (0.016, 0.40, 0.0, 0.70)):
        cast = Image.new("L", stage.size, 0)
        cast.paste(outline, (round(left + longest * right), round(floor - depth * down)))
        cast = cast.filter(ImageFilter.GaussianBlur(longest * blur))
        stage.paste(tone, (0, 0), cast.point([round(step * strength) for step in range(256)]))
    stage.paste(body, (left, top), body)


def compose(picture: Picture, drawings: Drawings, ground: tuple[str, str]) -> Image.Image:
    """The product picture at canvas size: the drawing in the middle, a little below centre."""
    light, deep = ground
    stage = studio(CANVAS, CANVAS, light, deep)
    drawing = drawings.get(picture["art"], picture.get("look", {}))
    longest = CANVAS * picture.get("size", 0.66)
    height = longest * drawing.height / max(drawing.size)
    stand(stage, drawing, middle=CANVAS / 2, floor=CANVAS * 0.515 + height / 2, longest=longest, deep=deep)
    return stage


def compose_scene(scene: Scene, drawings: Drawings, ground: tuple[str, str]) -> Image.Image:
    """The wide picture at twice its size, things placed in the order given, reduced to its size."""
    light, deep = ground
    width, height = scene["width"] * 2, scene["height"] * 2
    stage = studio(width, height, light, deep)
    for thing in scene["things"]:
        drawing = drawings.get(thing["art"], thing.get("look", {}))
        longest = height * thing["size"]
        stand(
            stage, drawing, middle=height * thing["x"], floor=height * thing["y"], longest=longest, deep=deep
        )
    return stage.resize((scene["width"], scene["height"]), Image.Resampling.LANCZOS)


def save_jpeg(image: Image.Image, target: Path, limit: int) -> None:
    """The image as the best progressive JPEG that weighs at most `limit` bytes."""
    for quality in range(88, 40, -2):
        stored = io.BytesIO()
        image.save(stored, "JPEG", quality=quality, progressive=True, optimize=True)
        if stored.tell() <= limit:
            break
    target.write_bytes(stored.getvalue())


def main() -> None:
    """All pictures and scenes of `artwork.json` are drawn and stored; names given limit the pictures to these."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("svg_folder", type=Path)
    parser.add_argument("names", nargs="*", help="only these pictures or scenes")
    arguments = parser.parse_args()
    artwork: Artwork = json.loads((HERE / "artwork.json").read_text(encoding="utf-8"))
    only = set(arguments.names)
    pictures = {name: picture for name, picture in artwork["pictures"].items() if not only or name in only}
    scenes = {name: scene for name, scene in artwork["scenes"].items() if not only or name in only}
    needed = {picture["art"] for picture in pictures.values()}
    needed |= {thing["art"] for scene in scenes.values() for thing in scene["things"]}
    drawings = rasterise(arguments.svg_folder, needed)
    for name, picture in pictures.items():
        full = compose(picture, drawings, artwork["grounds"][picture["ground"]])
        for side, quality in RENDITIONS:
            reduced = full.resize((side, side), Image.Resampling.LANCZOS)
            reduced.save(HERE / "pictures" / f"{name}-{side}.webp", "WEBP", quality=quality, method=6)
    for name, scene in scenes.items():
        image = compose_scene(scene, drawings, artwork["grounds"][scene["ground"]])
        save_jpeg(image, GATEWAY_IMAGES / f"{name}.jpg", scene["bytes"])
        if "avif_quality" in scene:
            image.save(GATEWAY_IMAGES / f"{name}.avif", "AVIF", quality=scene["avif_quality"], speed=2)


if __name__ == "__main__":
    main()
