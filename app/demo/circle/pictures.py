"""The pictures of the demo city's updates: drawn scenes as files."""

import io
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from PIL import Image

from app.demo.circle.scenery import SCENES, paint

SIZES = ((800, 600), (810, 540), (600, 800), (720, 720))
#: How many pictures of each scene.
EACH = 4
_THUMBNAIL = (480, 480)


class Drawn(NamedTuple):
    """A picture of a scene as it is stored, with its thumbnail, both JPEG; sizes in pixels."""

    scene: str
    content: bytes
    thumbnail: bytes
    width: int
    height: int


def drawn(seed: int) -> Iterator[Drawn]:
    """`EACH` pictures of each scene."""
    for scene in SCENES:
        for n in range(EACH):
            rng, size = Random(f"{seed}:{scene}:{n}"), SIZES[n % len(SIZES)]
            picture = paint(scene, rng, *size)
            content = _jpeg(picture)
            picture.thumbnail(_THUMBNAIL, Image.Resampling.BILINEAR)
            yield Drawn(scene, content, _jpeg(picture), *size)


def landscapes(seed: int) -> list[bytes]:
    """A few pictures as JPEG."""
    return [_jpeg(paint("river", Random(f"{seed}:{n}"), *size)) for n, size in enumerate(SIZES)]


def scenes(rule: str, words: frozenset[str]) -> tuple[str, ...]:
    """Scenes that suit an update written by a rule of the corpus where `words` hold."""
    if rule in {"meeting", "study", "newcomer"}:
        return ("hall", "shelf")
    if "晚上" in words and rule in {"work", "thought"}:
        return ("night", "shelf")
    return {"charity": ("village", "street"), "work": ("street", "field")}.get(
        rule, ("river", "street", "village", "field")
    )


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=84)
    return out.getvalue()
