"""A few soft landscapes, drawn: the pictures of the demo city's updates."""

import io
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIZES = ((1080, 810), (1080, 720), (810, 1080), (900, 900))
_SKIES = (
    ((252, 214, 170), (236, 134, 110)),  # dusk
    ((214, 234, 248), (120, 170, 214)),  # noon
    ((235, 240, 243), (170, 188, 196)),  # mist
    ((255, 236, 205), (250, 190, 120)),  # morning
    ((190, 205, 235), (70, 90, 140)),  # blue hour
)
_HILLS = ((84, 120, 110), (60, 92, 96), (110, 130, 90), (76, 88, 120), (120, 104, 96))
HOW_MANY = 8


def landscapes(seed: int) -> list[bytes]:
    """`HOW_MANY` pictures as JPEG."""
    rng = Random(f"{seed}:pictures")
    return [_landscape(rng, *SIZES[n % len(SIZES)]) for n in range(HOW_MANY)]


def _landscape(rng: Random, width: int, height: int) -> bytes:
    top, low = rng.choice(_SKIES)
    sky = Image.new("RGB", (1, 64))
    for row in range(64):
        sky.putpixel((0, row), tuple(int(a + (b - a) * row / 63) for a, b in zip(low, top, strict=True)))
    picture = sky.resize((width, height), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    x, y, r = rng.uniform(0.2, 0.8) * width, rng.uniform(0.18, 0.4) * height, width * 0.05
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 246, 226))
    hill = rng.choice(_HILLS)
    for layer in range(4):
        base = height * (0.5 + 0.12 * layer)
        shade = tuple(int(c * (1.25 - 0.17 * layer)) for c in hill)
        ridge = [(0, height)]
        level: float = base
        for step in range(25):
            level += rng.uniform(-1, 1) * height * 0.03
            ridge.append((int(width * step / 24), int(min(max(level, base - height * 0.12), height))))
        draw.polygon([*ridge, (width, height)], fill=shade)
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.6)).save(out, "JPEG", quality=82)
    return out.getvalue()
