"""What the designs of posters share: soft shapes, a fixed palette, the QR code, the PNG.

Posters are saved with one palette of 256 colours: next to RGB this takes a fifth of the time and half the bytes.
"""

import io
from collections.abc import Callable, Sequence
from datetime import date
from math import sin
from typing import NamedTuple

import segno
from PIL import Image, ImageChops, ImageColor, ImageDraw

from app.cards.format import PeriodDict, SectionDict, SectionKind
from app.core import clock

WIDTH = 1080
SCALE = 2  # shapes are drawn this many times larger and scaled down, for smooth edges
_STEPS = 8

Sections = dict[SectionKind, SectionDict]


class Block(NamedTuple):
    """A part of a poster: its height in pixels and what paints it with its upper edge at y."""

    height: int
    paint: Callable[[ImageDraw.ImageDraw, int], None]


class Backdrop(NamedTuple):
    """The empty poster of one height: as RGB to draw on, and exactly in the palette that the poster is saved with."""

    rgb: Image.Image
    indexed: Image.Image


def mix(first: str, second: str, share: float) -> tuple[int, int, int]:
    """Return the colour `share` (0 to 1) of the way from `first` to `second`."""
    a, b = ImageColor.getrgb(first), ImageColor.getrgb(second)
    return tuple(round(x + (y - x) * share) for x, y in zip(a[:3], b[:3], strict=True))  # type: ignore[return-value]


def shaded(height: int, top: str, low: str) -> Image.Image:
    """Return a sheet whose colour goes from `top` to `low`."""
    sheet = Image.new("RGB", (1, height))
    for y in range(height):
        sheet.putpixel((0, y), mix(top, low, (y / height) ** 1.15))
    return sheet.resize((WIDTH, height))


def ridge(left: float, right: float, swing: float, phase: float) -> list[tuple[float, float]]:
    """Return the outline of a soft ridge from height `left` to height `right`, in `SCALE`d pixels."""
    outline: list[tuple[float, float]] = []
    for x in range(-8, WIDTH + 9, 4):
        wave = 0.55 * sin(x / 171 + phase) + 0.3 * sin(x / 83 + phase * 2.3) + 0.15 * sin(x / 37 + phase)
        outline.append((x * SCALE, (left + (right - left) * x / WIDTH - swing * wave) * SCALE))
    return outline


def canvas(height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return an empty mask of the poster's width, `SCALE` times larger, and its pen."""
    mask = Image.new("L", (WIDTH * SCALE, height * SCALE))
    return mask, ImageDraw.Draw(mask)


def lay(picture: Image.Image, color: str, strength: float, mask: Image.Image) -> None:
    """Lay `color` over `picture` where the (scaled) mask is white."""
    small = mask.resize(picture.size, Image.Resampling.BOX).point(lambda level: round(level * strength))
    picture.paste(Image.new("RGB", picture.size, color), (0, 0), small)


def sunrise(sky: Image.Image, sun: tuple[int, int, int], color: str) -> None:
    """A pale sun (centre and radius) that fades downwards, with fine rings around it."""
    x, y, radius = (part * SCALE for part in sun)
    rings, pen = canvas(sky.height)
    for ring in range(radius + 26 * SCALE, 620 * SCALE, 34 * SCALE):
        pen.ellipse((x - ring, y - ring, x + ring, y + ring), outline=max(170 - ring // 8, 24), width=SCALE)
    lay(sky, color, 0.55, rings)
    disc, pen = canvas(sky.height)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    fade = (
        Image.linear_gradient("L").transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((disc.width, radius * 2))
    )
    light, _ = canvas(sky.height)
    light.paste(fade, (0, y - radius))
    lay(sky, color, 0.55, ImageChops.multiply(disc, light))


def mountain(
    sky: Image.Image, outline: list[tuple[float, float]], color: str, strength: float, edge: tuple[str, float]
) -> None:
    """Fill what lies below an outline, and draw the outline in the colour and strength of `edge`."""
    body, pen = canvas(sky.height)
    pen.polygon([*outline, body.size, (0, body.height)], fill=255)
    lay(sky, color, strength, body)
    contour, pen = canvas(sky.height)
    pen.line(outline, fill=255, width=round(SCALE * 2.2), joint="curve")
    lay(sky, edge[0], edge[1], contour)


def stacked(blocks: list[Block], heights: Sequence[int], used: int, gap: int) -> tuple[int, int]:
    """Drop the last blocks until the rest fits; the lowest height that holds them, and the air from one to the next.

    `used` is what head and closing take.
    """
    while (needed := used + sum(block.height + gap for block in blocks)) > heights[-1]:
        blocks.pop()
    height = next(height for height in heights if height >= needed)
    return height, gap + (height - needed) // (len(blocks) + 1)


def paint(pen: ImageDraw.ImageDraw, blocks: Sequence[Block], y: int, air: int) -> None:
    """Paint blocks one below the other."""
    for block in blocks:
        block.paint(pen, y)
        y += block.height + air


def with_tones(
    rgb: Image.Image, box: tuple[int, int, int, int], copies: int, across: int, paper: str
) -> Image.Image:
    """The picture with a part of it repeated below: so its many tones get colours of their own, and no bands."""
    part = rgb.crop(box)
    training = Image.new("RGB", (WIDTH, rgb.height + copies // across * part.height), paper)
    training.paste(rgb)
    for copy in range(copies):
        training.paste(part, (copy % across * part.width, rgb.height + copy // across * part.height))
    return training


def reduced(rgb: Image.Image, training: Image.Image, blends: Sequence[tuple[str, str]]) -> Backdrop:
    """The backdrop with its palette: the steps between the colours that meet, and the tones of `training`.

    `training` begins with the backdrop; `blends` are the pairs that meet at the edge of a letter or a shape.
    """
    steps = sorted(
        {mix(first, second, step / (_STEPS - 1)) for first, second in blends for step in range(_STEPS)}
    )
    room = 256 - len(steps)
    indexed = training.quantize(room, kmeans=2, dither=Image.Dither.NONE).crop((0, 0, *rgb.size))
    scenery = (indexed.getpalette() or [])[: room * 3]
    scenery += [0] * (room * 3 - len(scenery))
    indexed.putpalette([*scenery, *(part for color in steps for part in color)])
    return Backdrop(rgb, indexed)


def png(poster: Image.Image, plain: Backdrop) -> bytes:
    """The drawn poster as PNG in the palette. Only what differs from the backdrop is matched to a near colour."""
    drawn = ImageChops.difference(poster, plain.rgb).convert("L").point(lambda level: 255 if level else 0)
    indexed = plain.indexed.copy()
    indexed.paste(poster.quantize(palette=plain.indexed, dither=Image.Dither.NONE), (0, 0), drawn)
    out = io.BytesIO()
    indexed.save(out, "PNG", compress_level=1)
    return out.getvalue()


def qr(pen: ImageDraw.ImageDraw, middle: tuple[float, float], room: int, url: str, ink: str) -> None:
    """Draw the QR code of an address around a point, about `room` pixels wide."""
    code = segno.make(url, error="m", micro=False)
    modules = len(code.matrix)
    dots = Image.frombytes(
        "L", (modules, modules), bytes(255 if dark else 0 for row in code.matrix for dark in row)
    )
    side = modules * max(room // modules, 1)
    corner = round(middle[0] - side / 2), round(middle[1] - side / 2)
    pen.bitmap(corner, dots.resize((side, side), Image.Resampling.NEAREST), fill=ink)


def chinese_day(day: str) -> str:
    """A day of a card as it is read: 2026年11月27日."""
    return clock.in_words(date.fromisoformat(day))


def counted_until(period: PeriodDict) -> str:
    """Until when a card counts, while its period runs."""
    return "" if period["complete"] else f"截至{chinese_day(period['as_of'])}"
