"""Draws scenes of a small city and its country: hills, water, houses, streets, rooms."""

from collections.abc import Callable
from math import sin
from random import Random

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Shape = list[tuple[float, float]]

_SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((120, 170, 214), (232, 242, 248)),  # noon
    ((158, 188, 206), (246, 240, 226)),  # mist
    ((240, 178, 116), (255, 238, 208)),  # morning
    ((146, 196, 212), (240, 246, 236)),  # after rain
    ((222, 128, 108), (254, 220, 176)),  # dusk
)
_NIGHT: tuple[tuple[Colour, Colour], ...] = (((28, 38, 76), (120, 112, 150)), ((34, 50, 92), (196, 140, 128)))
_HILLS: tuple[Colour, ...] = ((84, 130, 112), (62, 108, 110), (118, 142, 92), (92, 112, 150))
_WALLS: tuple[Colour, ...] = (
    (240, 232, 216),
    (226, 208, 184),
    (214, 222, 226),
    (232, 214, 200),
    (204, 190, 178),
)
_BOOKS: tuple[Colour, ...] = (
    (168, 60, 52),
    (58, 92, 128),
    (206, 160, 80),
    (84, 124, 98),
    (120, 88, 118),
    (60, 66, 84),
)


def paint(scene: str, rng: Random, width: int, height: int) -> Image.Image:
    """A scene, drawn twice as large and made smaller, which smooths its edges."""
    w, h = width * 2, height * 2
    top, low = rng.choice(_NIGHT if scene == "night" else _SKIES)
    sky = Image.new("RGB", (1, 2))
    sky.putpixel((0, 0), top)
    sky.putpixel((0, 1), low)
    picture = sky.resize((1, h), Image.Resampling.BILINEAR).resize((w, h), Image.Resampling.NEAREST)
    SCENES[scene](ImageDraw.Draw(picture), rng, w, h)
    return picture.reduce(2)


def _tint(colour: Colour, share: float) -> Colour:
    """Lighter for a share above 1, darker below."""
    red, green, blue = (min(255, int(c * share)) for c in colour)
    return red, green, blue


def _hills(draw: ImageDraw.ImageDraw, rng: Random, w: int, h: int, layers: int, base: float) -> None:
    colour = rng.choice(_HILLS)
    for layer in range(layers):
        level, a, b = h * (base + 0.07 * layer), rng.uniform(0, 6), rng.uniform(0, 6)
        swell = h * rng.uniform(0.035, 0.06)
        ridge: Shape = [
            (x * w / 60, level + swell * sin(a + x / 8) + swell * 0.5 * sin(b + x / 3.4)) for x in range(61)
        ]
        draw.polygon([(0, h), *ridge, (w, h)], fill=_tint(colour, 1.5 - 0.2 * layer))


def _sun(draw: ImageDraw.ImageDraw, rng: Random, w: int, h: int) -> None:
    x, y, r = rng.uniform(0.15, 0.85) * w, rng.uniform(0.12, 0.28) * h, w * 0.045
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 248, 228))


def _tree(draw: ImageDraw.ImageDraw, rng: Random, x: float, foot: float, size: float) -> None:
    draw.rectangle((x - size * 0.05, foot - size * 0.5, x + size * 0.05, foot), fill=(104, 82, 66))
    green = _tint(
        rng.choice(((96, 140, 84), (122, 156, 82), (72, 122, 92), (150, 172, 96))), rng.uniform(0.9, 1.1)
    )
    for dx, dy, r in ((-0.22, -0.6, 0.26), (0.22, -0.62, 0.26), (0, -0.82, 0.32)):
        cx, cy, r = x + dx * size, foot + dy * size, r * size  # noqa: PLW2901
        draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=green)


def _house(draw: ImageDraw.ImageDraw, rng: Random, x: float, foot: float, size: float) -> None:
    wall, roof = (244, 240, 230), rng.choice(((74, 80, 88), (88, 92, 98), (126, 86, 72)))
    top = foot - size * 0.55
    draw.rectangle((x, top, x + size, foot), fill=wall)
    draw.polygon(
        [
            (x - size * 0.09, top),
            (x + size * 0.2, top - size * 0.26),
            (x + size * 0.8, top - size * 0.26),
            (x + size * 1.09, top),
        ],
        fill=roof,
    )
    draw.rectangle((x + size * 0.42, foot - size * 0.34, x + size * 0.58, foot), fill=(120, 78, 60))
    for dx in (0.12, 0.7):
        draw.rectangle(
            (x + size * dx, top + size * 0.14, x + size * (dx + 0.18), top + size * 0.32),
            fill=(128, 148, 158),
        )


def _river(draw: ImageDraw.ImageDraw, rng: Random, w: int, h: int) -> None:
    _sun(draw, rng, w, h)
    _hills(draw, rng, w, h, 3, 0.38)
    shore = h * rng.uniform(0.62, 0.68)
    water = rng.choice(((150, 190, 204), (170, 198, 206), (140, 180, 188)))
    draw.rectangle((0, shore, w, h), fill=water)
    for _ in range(46):
        y, x, length = rng.uniform(shore + 6, h), rng.uniform(0, w), rng.uniform(0.03, 0.16) * w
        draw.line((x, y, x + length, y), fill=_tint(water, rng.uniform(1.06, 1.2)), width=3)
    if rng.random() < 0.6:  # a bridge of three arches
        left, deck, span = rng.uniform(0.08, 0.3) * w, shore - h * 0.02, w * 0.17
        stone = (206, 198, 186)
        draw.rectangle((left, deck - h * 0.025, left + span * 3.3, deck + h * 0.09), fill=stone)
        for n in range(3):
            x = left + span * (0.2 + n)
            draw.ellipse((x, deck + h * 0.015, x + span * 0.8, deck + h * 0.165), fill=water)
    bank = h * rng.uniform(0.86, 0.92)
    draw.polygon(
        [(0, h), (0, bank), (w * 0.5, bank + h * 0.05), (w, bank - h * 0.01), (w, h)], fill=(116, 146, 96)
    )
    for _ in range(rng.randint(2, 4)):
        _tree(draw, rng, rng.uniform(0.04, 0.96) * w, bank + h * 0.05, h * rng.uniform(0.2, 0.3))


def _village(draw: ImageDraw.ImageDraw, rng: Random, w: int, h: int) -> None:
    _sun(draw, rng, w, h)
    _hills(draw, rng, w, h, 3, 0.34)
    ground = h * 0.66
    draw.rectangle((0, ground, w, h), fill=(158, 176, 116))
    for n, x in enumerate(sorted(rng.uniform(0.02, 0.8) * w for _ in range(5))):
        if n % 2:
            _tree(draw, rng, x, ground + h * 0.06, h * rng.uniform(0.2, 0.28))
        _house(draw, rng, x, ground + h * rng.uniform(0.03, 0.12), w * rng.uniform(0.14, 0.2))
    road = rng.uniform(0.3, 0.7) * w
    draw.polygon(
        [
            (road, ground + h * 0.12),
            (road + w * 0.05, ground + h * 0.12),
            (road + w * 0.3, h),
            (road - w * 0.12, h),
        ],
        fill=(222, 210, 186),
    )


def _field(draw: ImageDraw.ImageDraw, rng: Random, w: int, h: int) -> None:
    _sun(draw, rng, w, h)
    _hills(draw, rng, w, h, 2, 0.36)
    top, green = h * 0.52, rng.choice(((126, 162, 84), (150, 168, 88), (206, 178, 92), (104, 148, 96)))
    draw.rectangle((0, top, w, h), fill=green)
    vanish = rng.uniform(0.3, 0.7) * w
    for n in range(-14, 15):
        x = vanish + n * w * 0.13
        draw.polygon([(vanish + n * w * 0.012, top), (x, h), (x + w * 0.05, h)], fill=_tint(green, 0.86))
    for n in range(6):
        _tree(draw, rng, (n + rng.random()) * w / 6, top + h * 0.01, h * rng.uniform(0.06, 0.11))
    if rng.random() < 0.5:
        _house(draw, rng, rng.uniform(0.1, 0.8) * w, top + h * 0.02, w * 0.09)


def _blocks(draw: ImageDraw.ImageDraw, rng: Random, w: int, h: int, *, lit: bool) -> None:
    foot, x = h * 0.8, -w * 0.03
    while x < w:
        width, top = w * rng.uniform(0.1, 0.19), h * rng.uniform(0.22, 0.52)
        wall = _tint(rng.choice(_WALLS), 0.26 if lit else 1)
        draw.rectangle((x, top, x + width, foot), fill=wall)
        step = w * 0.026
        for row in range(int((foot - top) / step / 1.5) - 1):
            for column in range(int(width / step) - 1):
                left, y = x + step * (column + 0.8), top + step * (row * 1.5 + 0.7)
                bright = lit and rng.random() < 0.45
                glass = (250, 214, 130) if bright else _tint(wall, 0.78)
                draw.rectangle((left, y, left + step * 0.55, y + step * 0.85), fill=glass)
        x += width + w * rng.uniform(0, 0.03)


def _street(draw: ImageDraw.ImageDraw, rng: Random, w: int, h: int) -> None:
    _blocks(draw, rng, w, h, lit=False)
    draw.rectangle((0, h * 0.8, w, h), fill=(196, 194, 190))
    draw.rectangle((0, h * 0.8, w, h * 0.84), fill=(222, 214, 200))
    for n in range(9):
        draw.rectangle((w * n / 8, h * 0.915, w * (n + 0.5) / 8, h * 0.925), fill=(246, 244, 236))
    for n in range(5):
        _tree(draw, rng, (n + rng.uniform(0.3, 0.7)) * w / 5, h * 0.83, h * rng.uniform(0.2, 0.28))


def _night(draw: ImageDraw.ImageDraw, rng: Random, w: int, h: int) -> None:
    _sun(draw, rng, w, h)
    _blocks(draw, rng, w, h, lit=True)
    draw.rectangle((0, h * 0.8, w, h), fill=(34, 44, 70))
    for _ in range(70):
        x, y = rng.uniform(0, w), rng.uniform(0.82, 1) * h
        draw.line(
            (x, y, x + w * 0.05, y),
            fill=rng.choice(((226, 178, 104), (96, 110, 150), (180, 150, 128))),
            width=3,
        )


def _hall(draw: ImageDraw.ImageDraw, rng: Random, w: int, h: int) -> None:
    wall = rng.choice(((238, 230, 216), (228, 232, 232), (240, 226, 208)))
    draw.rectangle((0, 0, w, h), fill=wall)
    for n in range(4):
        left = w * (0.06 + 0.235 * n)
        draw.rectangle((left, h * 0.1, left + w * 0.17, h * 0.46), fill=(176, 208, 220))
        draw.rectangle((left, h * 0.33, left + w * 0.17, h * 0.46), fill=_tint(rng.choice(_HILLS), 1.3))
        draw.line((left + w * 0.085, h * 0.1, left + w * 0.085, h * 0.46), fill=(250, 248, 242), width=8)
    draw.rectangle((0, h * 0.6, w, h), fill=(170, 128, 96))
    wood = rng.choice(((134, 84, 58), (150, 100, 68), (116, 74, 56)))
    draw.polygon(
        [(w * 0.2, h * 0.6), (w * 0.8, h * 0.6), (w * 1.02, h * 0.92), (-w * 0.02, h * 0.92)], fill=wood
    )
    draw.polygon(
        [(w * 0.3, h * 0.63), (w * 0.7, h * 0.63), (w * 0.82, h * 0.84), (w * 0.18, h * 0.84)],
        fill=_tint(wood, 1.22),
    )
    for n in range(6):
        x = w * (0.2 + 0.11 * n)
        draw.rectangle((x, h * 0.66, x + w * 0.06, h * 0.69), fill=(252, 252, 248))
        draw.rectangle((x + w * 0.066, h * 0.635, x + w * 0.084, h * 0.685), fill=(226, 236, 238))
    draw.ellipse(
        (w * 0.44, h * 0.7, w * 0.56, h * 0.78),
        fill=rng.choice(((122, 158, 96), (196, 96, 84), (222, 170, 96))),
    )


def _shelf(draw: ImageDraw.ImageDraw, rng: Random, w: int, h: int) -> None:
    wood = rng.choice(((176, 134, 96), (150, 108, 78), (198, 164, 124)))
    draw.rectangle((0, 0, w, h), fill=_tint(wood, 1.25))
    for row in range(3):
        board, x = h * (0.27 + 0.25 * row), w * 0.03
        while x < w * 0.95:
            width, height = w * rng.uniform(0.018, 0.036), h * rng.uniform(0.13, 0.2)
            if rng.random() < 0.9:
                book = _tint(rng.choice(_BOOKS), rng.uniform(0.85, 1.3))
                draw.rectangle((x, board - height, x + width, board), fill=book)
                draw.rectangle(
                    (x, board - height * 0.8, x + width, board - height * 0.74), fill=_tint(book, 1.4)
                )
            x += width + w * 0.004
        draw.rectangle((0, board, w, board + h * 0.022), fill=_tint(wood, 0.8))
    draw.rectangle((0, h * 0.86, w, h), fill=_tint(wood, 0.68))
    left = rng.uniform(0.2, 0.5) * w
    page = (252, 248, 238)
    draw.polygon(
        [(left, h * 0.9), (left + w * 0.14, h * 0.87), (left + w * 0.14, h * 0.95), (left, h * 0.98)],
        fill=page,
    )
    draw.polygon(
        [
            (left + w * 0.14, h * 0.87),
            (left + w * 0.28, h * 0.9),
            (left + w * 0.28, h * 0.98),
            (left + w * 0.14, h * 0.95),
        ],
        fill=_tint(page, 0.95),
    )
    draw.ellipse((left + w * 0.33, h * 0.88, left + w * 0.41, h * 0.96), fill=(236, 240, 240))
    draw.ellipse((left + w * 0.345, h * 0.89, left + w * 0.395, h * 0.93), fill=(150, 122, 70))


SCENES: dict[str, Callable[[ImageDraw.ImageDraw, Random, int, int], None]] = {
    "river": _river,
    "village": _village,
    "field": _field,
    "street": _street,
    "night": _night,
    "hall": _hall,
    "shelf": _shelf,
}
