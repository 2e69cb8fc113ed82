"""`decode`: every accepted kind becomes upright RGB, everything else a refusal that fits."""

from __future__ import annotations

import contextlib
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend import images
from backend.images import ImageError, Limits, decode
from backend.tests import marks, pictures
from backend.tests.pictures import ACCEPTED, REFUSED, encoded


def slug_of(error: ImageError) -> str:
    from backend.api.problems import kind_of

    return kind_of(error).slug


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_with_the_fitting_error(name: str) -> None:
    slug, data = REFUSED[name]
    with pytest.raises(ImageError) as refusal:
        decode(data)
    assert slug_of(refusal.value) == slug


@pytest.mark.parametrize("name", ACCEPTED)
def test_every_accepted_kind_becomes_rgb(name: str) -> None:
    format, data = ACCEPTED[name]
    picture = decode(data)
    assert picture.format == format
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.shape == (picture.height, picture.width, 3)
    assert picture.bytes == len(data)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    pixels = decode(pictures.oriented(orientation)).pixels
    assert pixels.shape == (32, 48, 3)
    red_at = np.argwhere((pixels[..., 0] > 200) & (pixels[..., 1] < 80))
    assert red_at.max(axis=0).tolist() == pytest.approx([15, 15], abs=2)


def _ifd_entry(tag: int, kind: int, value: int) -> bytes:
    return struct.pack("<HHII", tag, kind, 1, value)


@pytest.mark.parametrize(
    "odd",
    [_ifd_entry(0x010F, 5, 38), _ifd_entry(0x011A, 2, 65)],
    ids=["maker as a fraction", "resolution as text"],
)
def test_odd_tags_beside_the_orientation_cost_nothing(odd: bytes) -> None:
    entries = b"".join(sorted([odd, _ifd_entry(0x0112, 3, 6)]))
    tiff = b"II*\0" + struct.pack("<IH", 8, 2) + entries + bytes(4) + struct.pack("<II", 1, 2)
    assert decode(marks.with_exif(tiff)).pixels.shape == (64, 48, 3)


def test_exif_that_cannot_be_read_turns_nothing() -> None:
    data = marks.with_chunks((b"eXIf", b"no TIFF at all"))
    assert np.array_equal(decode(data).pixels, decode(pictures.png()).pixels)


def test_alpha_is_flattened_on_white() -> None:
    half = Image.new("RGBA", (20, 20), (0, 0, 0, 128))
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert decode(encoded(clear, "PNG")).pixels.min() == 255
    assert decode(encoded(half, "PNG")).pixels.mean() == pytest.approx(127, abs=1)
    assert decode(encoded(clear, "WEBP", lossless=True)).pixels.min() == 255


def test_transparent_palette_colours_become_white() -> None:
    image = Image.new("P", (20, 20), 1)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(0, (0, 0, 10, 20))
    pixels = decode(encoded(image, "PNG", transparency=0)).pixels
    assert pixels[5, 5].tolist() == [255, 255, 255]
    assert pixels[5, 15].tolist() == [0, 0, 255]


@pytest.mark.parametrize("shape", [(20, 20), (20, 20, 3)], ids=["grey", "RGB"])
def test_16_bit_is_scaled_not_clipped(shape: tuple[int, ...]) -> None:
    values = np.full(shape, 32_768, np.uint16)
    assert decode(pictures.png_16_bit(values)).pixels.mean() == pytest.approx(127.5, abs=1)


@pytest.mark.parametrize("format", ["GIF", "WEBP"])
def test_of_an_animation_the_first_frame_is_taken(format: str) -> None:
    pixel = decode(pictures.animated(format)).pixels[16, 16]
    assert pixel[0] > 200
    assert pixel[2] < 60


def test_cmyk_keeps_its_colours() -> None:
    red = Image.new("CMYK", (20, 20), (0, 255, 255, 0))
    assert decode(encoded(red, "JPEG")).pixels[10, 10, 0] > 200


def test_limits_are_checked_before_any_pixel_is_decoded() -> None:
    with pytest.raises(images.TooManyBytes):
        decode(pictures.png(), Limits(max_bytes=100))
    with pytest.raises(images.TooManyPixels, match="64 x 48"):
        decode(pictures.png(64, 48), Limits(max_pixels=64 * 48 - 1))
    assert decode(pictures.png(64, 48), Limits(max_pixels=64 * 48)).width == 64


def test_the_limit_may_be_above_that_of_pillow() -> None:
    beginning = pictures.raw_png(20_000, 10_000, 1, 0, bytes(100))
    with pytest.raises(images.TooManyPixels, match="20000 x 10000 pixels and exceeds"):
        decode(beginning, Limits(max_pixels=199_000_000))
    with pytest.raises(images.TruncatedImage):
        decode(beginning, Limits(max_pixels=200_000_000))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_raise_nothing_but_image_errors(data: bytes) -> None:
    with pytest.raises(ImageError):
        decode(data)


SEEDS = [data for _, data in ACCEPTED.values() if len(data) < 20_000]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutated_pictures_raise_nothing_but_image_errors(data: st.DataObject) -> None:
    mutated = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 8))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    del mutated[data.draw(st.integers(len(mutated) // 2, len(mutated))) :]
    with contextlib.suppress(ImageError):
        decode(bytes(mutated), Limits(max_pixels=1_000_000))
