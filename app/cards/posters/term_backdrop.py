"""The still part of a term's poster, drawn once per height and process: dark umber, gold ridges, a gold frame."""

from functools import cache

from PIL import Image, ImageDraw

from app.cards.posters.picture import WIDTH, Backdrop, mountain, reduced, ridge, shaded, sunrise, with_tones

#: Height of the cover: who, which term, the sun over the ridges.
COVER = 1040
SUN = (540, 886, 118)  # centre and radius

TOP = "#4c3413"
LOW = "#1c1206"
IVORY = "#fdf3dc"
SAND = "#d8c49a"
GOLD = "#d9b165"
GOLD_PALE = "#f3d58d"
RULE = "#6b5028"
INK = "#2a1c0a"

BLENDS = (
    (TOP, IVORY),
    (LOW, IVORY),
    (TOP, GOLD_PALE),
    (LOW, GOLD_PALE),
    (LOW, GOLD),
    (LOW, SAND),
    (LOW, RULE),
    (IVORY, INK),
)


@cache
def _cover() -> Image.Image:
    sky = shaded(COVER, TOP, LOW)
    sunrise(sky, SUN, GOLD_PALE)
    for left, right, swing, phase, color, strength, edge in (
        (858, 812, 40, 0.4, GOLD, 0.12, 0.5),
        (908, 884, 34, 2.6, LOW, 0.7, 0.6),
        (968, 950, 26, 4.9, LOW, 1.0, 0.8),
    ):
        mountain(sky, ridge(left, right, swing, phase), color, strength, (GOLD, edge))
    return sky


def _frame(rgb: Image.Image) -> None:
    """Two gold lines around everything, notched at the corners."""
    pen, notch = ImageDraw.Draw(rgb), 46
    for inset, width in ((34, 3), (46, 1)):
        left, top, right, low = inset, inset, WIDTH - 1 - inset, rgb.height - 1 - inset
        corners = [
            *((left + notch, top), (right - notch, top), (right - notch, top + notch), (right, top + notch)),
            *((right, low - notch), (right - notch, low - notch), (right - notch, low), (left + notch, low)),
            *((left + notch, low - notch), (left, low - notch), (left, top + notch)),
            *((left + notch, top + notch), (left + notch, top)),
        ]
        pen.line(corners, fill=GOLD, width=width)


@cache
def backdrop(height: int) -> Backdrop:
    """Return the empty poster of this height; copy it before drawing."""
    rgb = Image.new("RGB", (WIDTH, height), LOW)
    rgb.paste(_cover(), (0, 0))
    _frame(rgb)
    x, y, radius = SUN
    training = with_tones(rgb, (x - radius, y - radius, x + radius, y + 60), 6, 3, LOW)
    return reduced(rgb, training, BLENDS)
