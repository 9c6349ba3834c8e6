"""The still part of a poster, drawn once per height and process: paper, the red sky of the head, ridges, gold lines.

Posters are saved with one fixed palette of 256 colours: next to RGB this takes a fifth of the time and half the bytes.
"""

from functools import cache
from math import sin
from typing import NamedTuple

from PIL import Image, ImageChops, ImageColor, ImageDraw

WIDTH = 1080
HEAD = 590  # height of the red sky, ridges included
FOOT = 130
SUN = (866, 332, 122)  # centre and radius

PAPER = "#fbf6ea"
PANEL = "#fffdf8"
INK = "#3b2a20"
SOFT = "#7d6a5b"
LINE = "#e9dcc2"
RED = "#99211f"
SKY_TOP = "#a02723"
SKY_LOW = "#6a1014"
CREAM = "#fdf3dc"
GOLD = "#d0a562"
GOLD_PALE = "#ecd3a0"
BRONZE = "#9a6d2f"

# Every pair that meets at an edge of a letter or a shape: the palette holds the steps between the two.
BLENDS = (
    (PAPER, INK),
    (PAPER, SOFT),
    (PAPER, RED),
    (PAPER, BRONZE),
    (PANEL, RED),
    (PANEL, INK),
    (PANEL, SOFT),
    (SKY_TOP, CREAM),
    (SKY_LOW, CREAM),
    (SKY_TOP, GOLD_PALE),
    (SKY_LOW, GOLD_PALE),
    (PAPER, GOLD),
)
STEPS = 8
SCALE = 2  # shapes are drawn this many times larger and scaled down, for smooth edges


def mix(first: str, second: str, share: float) -> tuple[int, int, int]:
    """Return the colour `share` (0 to 1) of the way from `first` to `second`."""
    a, b = ImageColor.getrgb(first), ImageColor.getrgb(second)
    return tuple(round(x + (y - x) * share) for x, y in zip(a[:3], b[:3], strict=True))  # type: ignore[return-value]


def _ridge(left: float, right: float, swing: float, phase: float) -> list[tuple[float, float]]:
    """Return the outline of a soft ridge from height `left` to height `right`, in `SCALE`d pixels."""
    outline: list[tuple[float, float]] = []
    for x in range(-8, WIDTH + 9, 4):
        wave = 0.55 * sin(x / 171 + phase) + 0.3 * sin(x / 83 + phase * 2.3) + 0.15 * sin(x / 37 + phase)
        outline.append((x * SCALE, (left + (right - left) * x / WIDTH - swing * wave) * SCALE))
    return outline


def _canvas(height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return an empty mask of the poster's width, `SCALE` times larger, and its pen."""
    mask = Image.new("L", (WIDTH * SCALE, height * SCALE))
    return mask, ImageDraw.Draw(mask)


def _lay(picture: Image.Image, color: str, strength: float, mask: Image.Image) -> None:
    """Lay `color` over `picture` where the (scaled) mask is white."""
    small = mask.resize(picture.size, Image.Resampling.BOX).point(lambda level: round(level * strength))
    picture.paste(Image.new("RGB", picture.size, color), (0, 0), small)


def _sunrise(sky: Image.Image) -> None:
    """A pale gold sun that fades downwards, with fine rings around it."""
    x, y, radius = (part * SCALE for part in SUN)
    rings, pen = _canvas(HEAD)
    for ring in range(radius + 26 * SCALE, 620 * SCALE, 34 * SCALE):
        pen.ellipse((x - ring, y - ring, x + ring, y + ring), outline=max(170 - ring // 8, 24), width=SCALE)
    _lay(sky, GOLD_PALE, 0.55, rings)
    disc, pen = _canvas(HEAD)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    fade = (
        Image.linear_gradient("L").transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((disc.width, radius * 2))
    )
    light, _ = _canvas(HEAD)
    light.paste(fade, (0, y - radius))
    _lay(sky, GOLD_PALE, 0.55, ImageChops.multiply(disc, light))


@cache
def _head() -> Image.Image:
    sky = Image.new("RGB", (1, HEAD))
    for y in range(HEAD):
        sky.putpixel((0, y), mix(SKY_TOP, SKY_LOW, (y / HEAD) ** 1.15))
    sky = sky.resize((WIDTH, HEAD))
    _sunrise(sky)
    for left, right, swing, phase, color, strength, edge in (
        (560, 400, 34, 0.9, GOLD, 0.13, 0.45),
        (566, 468, 30, 3.1, SKY_LOW, 0.62, 0.65),
        (560, 556, 22, 4.6, PAPER, 1.0, 1.0),
    ):
        outline = _ridge(left, right, swing, phase)
        body, pen = _canvas(HEAD)
        pen.polygon([*outline, body.size, (0, body.height)], fill=255)
        _lay(sky, color, strength, body)
        contour, pen = _canvas(HEAD)
        pen.line(outline, fill=255, width=round(SCALE * 2.2), joint="curve")
        _lay(sky, GOLD, edge, contour)
    return sky


@cache
def _foot() -> Image.Image:
    """Return pale ridges for the lower edge of the paper."""
    foot = Image.new("RGB", (WIDTH, FOOT), PAPER)
    for base, swing, phase, strength in ((64, 30, 1.2, 0.10), (92, 22, 3.4, 0.16), (116, 12, 5.5, 0.24)):
        body, pen = _canvas(FOOT)
        pen.polygon([*_ridge(base, base, swing, phase), body.size, (0, body.height)], fill=255)
        _lay(foot, GOLD, strength, body)
    return foot


class Backdrop(NamedTuple):
    """The empty poster of one height: as RGB to draw on, and exactly in the palette that the poster is saved with."""

    rgb: Image.Image
    indexed: Image.Image


def _training(rgb: Image.Image) -> Image.Image:
    """Return the picture with the sun repeated below it: so its many tones get colours of their own, and no bands."""
    x, y, radius = SUN
    sun = rgb.crop((x - radius, y - radius, x + radius, y + radius))
    training = Image.new("RGB", (WIDTH, rgb.height + 3 * sun.height), PAPER)
    training.paste(rgb)
    for copy in range(12):
        training.paste(sun, (copy % 4 * sun.width, rgb.height + copy // 4 * sun.height))
    return training


@cache
def backdrop(height: int) -> Backdrop:
    """Return the empty poster of this height; copy it before drawing."""
    rgb = Image.new("RGB", (WIDTH, height), PAPER)
    rgb.paste(_head(), (0, 0))
    rgb.paste(_foot(), (0, height - FOOT))
    steps = sorted(
        {mix(first, second, step / (STEPS - 1)) for first, second in BLENDS for step in range(STEPS)}
    )
    room = 256 - len(steps)
    indexed = _training(rgb).quantize(room, kmeans=2, dither=Image.Dither.NONE).crop((0, 0, *rgb.size))
    scenery = (indexed.getpalette() or [])[: room * 3]
    scenery += [0] * (room * 3 - len(scenery))
    indexed.putpalette([*scenery, *(part for color in steps for part in color)])
    return Backdrop(rgb, indexed)


def finish(poster: Image.Image) -> Image.Image:
    """Return the drawn poster in the palette. Only what differs from the backdrop is matched to a near colour."""
    plain = backdrop(poster.height)
    drawn = ImageChops.difference(poster, plain.rgb).convert("L").point(lambda level: 255 if level else 0)
    indexed = plain.indexed.copy()
    indexed.paste(poster.quantize(palette=plain.indexed, dither=Image.Dither.NONE), (0, 0), drawn)
    return indexed
