"""The still part of a year's poster, drawn once per height and process: paper, a red sky, ridges, gold lines."""

from functools import cache

from PIL import Image

from app.cards.posters.picture import (
    WIDTH,
    Backdrop,
    canvas,
    lay,
    mountain,
    reduced,
    ridge,
    shaded,
    sunrise,
    with_tones,
)

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


@cache
def _head() -> Image.Image:
    sky = shaded(HEAD, SKY_TOP, SKY_LOW)
    sunrise(sky, SUN, GOLD_PALE)
    for left, right, swing, phase, color, strength, edge in (
        (560, 400, 34, 0.9, GOLD, 0.13, 0.45),
        (566, 468, 30, 3.1, SKY_LOW, 0.62, 0.65),
        (560, 556, 22, 4.6, PAPER, 1.0, 1.0),
    ):
        mountain(sky, ridge(left, right, swing, phase), color, strength, (GOLD, edge))
    return sky


@cache
def _foot() -> Image.Image:
    """Return pale ridges for the lower edge of the paper."""
    foot = Image.new("RGB", (WIDTH, FOOT), PAPER)
    for base, swing, phase, strength in ((64, 30, 1.2, 0.10), (92, 22, 3.4, 0.16), (116, 12, 5.5, 0.24)):
        body, pen = canvas(FOOT)
        pen.polygon([*ridge(base, base, swing, phase), body.size, (0, body.height)], fill=255)
        lay(foot, GOLD, strength, body)
    return foot


@cache
def backdrop(height: int) -> Backdrop:
    """Return the empty poster of this height; copy it before drawing."""
    rgb = Image.new("RGB", (WIDTH, height), PAPER)
    rgb.paste(_head(), (0, 0))
    rgb.paste(_foot(), (0, height - FOOT))
    x, y, radius = SUN
    training = with_tones(rgb, (x - radius, y - radius, x + radius, y + radius), 12, 4, PAPER)
    return reduced(rgb, training, BLENDS)
