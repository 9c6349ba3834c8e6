import os
import time
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from app.core.errors import AppError
from app.files import heic, pictures
from tests.files import contents


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_a_photo_is_stored_upright_bounded_and_without_its_place():
    sent = contents.photo(4000, 3000, exif=contents.exif(6), quality=95)
    assert b"PhoneMaker" in sent

    kept = pictures.prepare(sent)

    assert (kept.width, kept.height) == (1920, 2560)  # held upright: turned by 90 degrees
    picture = opened(kept.content)
    assert picture.size == (kept.width, kept.height)
    assert not picture.getexif()
    assert b"PhoneMaker" not in kept.content
    assert b"Exif" not in kept.content
    assert picture.convert("L").getpixel((10, 10)) in range(20)  # the dark left half is now on top
    assert picture.convert("L").getpixel((1900, 10)) in range(20)


def test_what_hides_behind_or_beside_the_pixels_is_gone():
    payload = b"<?php evil(); ?>"
    for sent in (contents.photo(comment=payload) + payload, contents.drawn("PNG") + payload):
        assert payload not in pictures.prepare(sent).content


@pytest.mark.parametrize(
    ("sent", "media_type"),
    [
        (contents.photo(), "image/jpeg"),
        (contents.drawn("JPEG", "L"), "image/jpeg"),
        (contents.drawn("JPEG", "CMYK"), "image/jpeg"),
        (contents.drawn("PNG"), "image/png"),
        (contents.drawn("PNG", "L"), "image/png"),
        (contents.drawn("WEBP"), "image/jpeg"),
        (contents.drawn("WEBP", "RGBA"), "image/png"),
        (contents.drawn("GIF"), "image/png"),
        (contents.HEIC, "image/jpeg"),
    ],
)
def test_every_picture_becomes_jpeg_or_png(sent, media_type):
    kept = pictures.prepare(sent)
    assert kept.media_type == media_type
    assert Image.MIME[opened(kept.content).format or ""] == media_type
    assert opened(kept.thumbnail).format == "JPEG"


def test_transparency_is_kept_and_white_in_the_thumbnail():
    kept = pictures.prepare(contents.drawn("PNG", "RGBA"))
    assert opened(kept.content).getpixel((5, 5)) == (200, 30, 30, 128)
    assert opened(kept.thumbnail).convert("L").getpixel((5, 5)) in range(155, 170)


def test_colours_of_another_profile_are_converted():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    broken = pictures.prepare(contents.photo(icc_profile=b"no profile at all"))
    other = pictures.prepare(contents.photo(icc_profile=profile))
    for kept in (broken, other):
        assert "icc_profile" not in opened(kept.content).info
        assert opened(kept.content).size == (1200, 800)


def test_a_photo_of_an_iphone_is_shown_as_it_was_held_and_without_its_place():
    assert b"PhoneMaker" in contents.HEIC
    kept = pictures.prepare(contents.HEIC)
    picture = opened(kept.content)
    assert picture.size == (kept.width, kept.height) == (64, 96)
    assert not picture.getexif()
    grey = picture.convert("L")
    assert grey.getpixel((32, 10)) in range(30)  # the dark left half is now on top
    assert grey.getpixel((32, 90)) in range(90, 120)


@pytest.mark.parametrize(
    ("size", "stored", "thumbnail"),
    [
        ((4000, 3000), (2560, 1920), (480, 360)),
        ((1080, 8000), (1080, 8000), (240, 480)),  # a long screenshot keeps its width
        ((1440, 12000), (1080, 9000), (240, 480)),
        ((1080, 30000), (758, 21056), (240, 480)),  # up to so many pixels
        ((30, 12000), (30, 12000), (30, 60)),
        ((9000, 1500), (6480, 1080), (480, 240)),
    ],
)
def test_a_long_picture_stays_readable(size, stored, thumbnail):
    kept = pictures.prepare(contents.photo(*size, quality=60))
    assert (kept.width, kept.height) == opened(kept.content).size == stored
    assert opened(kept.thumbnail).size == thumbnail


def test_the_thumbnail_of_a_long_picture_shows_its_beginning():
    page = Image.new("RGB", (200, 3000), "white")
    page.paste("black", (0, 400, 200, 3000))
    out = BytesIO()
    page.save(out, "PNG")
    thumbnail = opened(pictures.prepare(out.getvalue()).thumbnail).convert("L")
    assert thumbnail.getpixel((100, 380)) in range(240, 256)


def test_a_photo_of_an_iphone_may_not_claim_more_pixels_than_others():
    with pytest.raises(AppError) as refused:
        pictures.prepare(contents.heic_claiming(20_000, 20_000))
    assert refused.value.code == "picture_too_large"


def test_a_photo_that_reserves_more_memory_than_it_may_is_refused(monkeypatch):
    monkeypatch.setattr(heic, "MEMORY", 2**20)
    with pytest.raises(AppError, match="兼容性最佳") as refused:
        pictures.prepare(contents.HEIC)
    assert refused.value.code == "picture_broken"


@pytest.mark.parametrize(
    "bomb", [contents.png_bomb(50_000), contents.png_bomb(10_000), contents.webp_bomb(), contents.jpeg_bomb()]
)
def test_a_decompression_bomb_is_refused_at_once(bomb):
    started = time.perf_counter()
    with pytest.raises(AppError) as refused:
        pictures.prepare(bomb)
    assert time.perf_counter() - started < 1
    assert refused.value.code == "picture_too_large"


@pytest.mark.parametrize(
    "broken",
    [
        contents.photo()[: len(contents.photo()) // 2],
        contents.drawn("PNG")[:60],
        contents.drawn("GIF")[:40],
        contents.drawn("WEBP")[:60],
        b"\xff\xd8\xff" + os.urandom(500),
        b"RIFF\x10\x00\x00\x00WEBP" + os.urandom(50),
        contents.HEIC[:600],
        contents.HEIC[:60] + os.urandom(500),
        contents.heic_claiming(16, 16),
    ],
)
def test_a_broken_picture_is_refused(broken):
    with pytest.raises(AppError) as refused:
        pictures.prepare(broken)
    assert refused.value.code == "picture_broken"


def test_no_damage_ends_in_an_unexpected_error():
    whole = [
        contents.photo(64, 48, exif=contents.exif(6)),
        contents.drawn("PNG"),
        contents.drawn("GIF"),
        contents.drawn("WEBP"),
    ]
    every = [(content, at) for content in whole for at in range(0, len(content), 7)]
    every += [(contents.HEIC, at) for at in range(3, len(contents.HEIC), 97)]  # each costs a process
    for content, at in every:
        damaged = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        try:
            assert pictures.prepare(damaged).width > 0
        except AppError as refused:
            assert refused.code in {"picture_broken", "picture_too_large"}  # noqa: PT017 - either is right
