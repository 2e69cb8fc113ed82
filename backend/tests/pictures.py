"""Pictures made by code: ordinary ones, and those that break decoders."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

import backend.images  # noqa: F401  lets Pillow write HEIC

RED, WHITE = (255, 0, 0), (255, 255, 255)


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def noise(width: int = 64, height: int = 48, seed: int = 0) -> Image.Image:
    """Smooth colourful noise, so that lossy formats keep it recognisable."""
    small = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def jpeg(width: int = 64, height: int = 48, seed: int = 0, **options: Any) -> bytes:
    return encoded(noise(width, height, seed), "JPEG", quality=90, **options)


def png(width: int = 64, height: int = 48, seed: int = 0) -> bytes:
    return encoded(noise(width, height, seed), "PNG")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def raw_png(width: int, height: int, depth: int, colour: int, rows: bytes) -> bytes:
    """A PNG from its parts, for kinds that Pillow cannot write. `rows` have filter bytes."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def bomb_png(width: int = 10_000, height: int = 6_000) -> bytes:
    """60 megapixels of nothing in a few kilobytes."""
    return raw_png(width, height, 1, 0, (b"\x00" * (1 + width // 8)) * height)


def png_16_bit(values: npt.NDArray[np.uint16]) -> bytes:
    """A 16-bit PNG: grey from (height, width), RGB from (height, width, 3)."""
    rows = b"".join(b"\x00" + row.astype(">u2").tobytes() for row in values)
    colour = 0 if values.ndim == 2 else 2
    return raw_png(values.shape[1], values.shape[0], 16, colour, rows)


def animated(format: str) -> bytes:
    """Two frames, red then blue."""
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=100)


def oriented(orientation: int) -> bytes:
    """A JPEG that, once EXIF orientation is applied, has its red corner at the top left.

    The upright picture is 48 x 32, white, with a red 16 x 16 corner.
    """
    upright = Image.new("RGB", (48, 32), WHITE)
    upright.paste(RED, (0, 0, 16, 16))
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = upright if undo is None else upright.transpose(undo)
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(stored, "JPEG", quality=95, subsampling=0, exif=exif)


GIF_FRAME = b"," + struct.pack("<HHHHB", 0, 0, 65_535, 65_535, 0) + b"\x02\x02\x4c\x01\x00;"

# What is no accepted picture, by the slug of the problem it must get.
REFUSED: dict[str, tuple[str, bytes]] = {
    "empty": ("empty-image", b""),
    "text": ("not-an-image", b"Hello, I am not a picture at all. " * 40),
    "zip": ("not-an-image", b"PK\x03\x04" + b"\x00" * 200),
    "html": ("not-an-image", b"<!doctype html><html><body>404</body></html>"),
    "zeros": ("not-an-image", bytes(1000)),
    "truncated JPEG": ("truncated-image", jpeg(320, 240)[:2000]),
    "truncated PNG": ("truncated-image", png(320, 240)[:2000]),
    "truncated WebP": ("truncated-image", encoded(noise(320, 240), "WEBP")[:900]),
    "JPEG magic alone": ("truncated-image", b"\xff\xd8\xff"),
    "PNG signature alone": ("truncated-image", b"\x89PNG\r\n\x1a\n"),
    "HEIC sequence's first box alone": (
        "truncated-image",
        b"\x00\x00\x00\x18ftyphevc\x00\x00\x00\x00hevcmsf1",
    ),
    "GIF header alone": ("truncated-image", b"GIF89a"),
    "bomb of 60 megapixels": ("too-many-pixels", bomb_png()),
    "bomb that lies about 4 gigapixels": (
        "too-many-pixels",
        raw_png(65_535, 65_535, 8, 2, b"\x00" * 100),
    ),
    "GIF bomb": (
        "too-many-pixels",
        b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + GIF_FRAME,
    ),
    "1 x 1": ("too-small", png(1, 1)),
    "20,000 x 1": ("too-small", png(20_000, 1)),
    "TIFF": ("unsupported-format", encoded(noise(), "TIFF")),
    "BMP": ("unsupported-format", encoded(noise(), "BMP")),
    "ICO": ("unsupported-format", encoded(noise(), "ICO")),
    "SVG": ("unsupported-format", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "SVG with declaration": ("unsupported-format", b'<?xml version="1.0"?>\n<svg width="1"/>'),
    "PDF": ("unsupported-format", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"),
    "JPEG 2000": ("unsupported-format", b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(50)),
}

# What is an accepted picture although it looks odd.
ACCEPTED: dict[str, tuple[str, bytes]] = {
    "JPEG": ("JPEG", jpeg()),
    "progressive JPEG": ("JPEG", jpeg(progressive=True)),
    "grey JPEG": ("JPEG", encoded(noise().convert("L"), "JPEG")),
    "CMYK JPEG": ("JPEG", encoded(noise().convert("CMYK"), "JPEG")),
    "JPEG of a phone with a second picture": (
        "JPEG",
        encoded(noise(), "MPO", save_all=True, append_images=[noise(seed=1)]),
    ),
    "PNG": ("PNG", png()),
    "1-bit PNG": ("PNG", encoded(noise().convert("1"), "PNG")),
    "palette PNG": ("PNG", encoded(noise().convert("P"), "PNG")),
    "16-bit grey PNG": ("PNG", png_16_bit(np.full((32, 32), 30_000, np.uint16))),
    "16-bit RGB PNG": ("PNG", png_16_bit(np.full((32, 32, 3), 30_000, np.uint16))),
    "WebP": ("WEBP", encoded(noise(), "WEBP")),
    "lossless WebP": ("WEBP", encoded(noise(), "WEBP", lossless=True)),
    "animated WebP": ("WEBP", animated("WEBP")),
    "GIF": ("GIF", encoded(noise(), "GIF")),
    "animated GIF": ("GIF", animated("GIF")),
    "AVIF": ("AVIF", encoded(noise(), "AVIF")),
    "HEIC": ("HEIF", encoded(noise(), "HEIF")),
    "polyglot with a ZIP behind": ("JPEG", jpeg() + b"PK\x03\x04" + b"<script>alert(1)</script>"),
    "20,000 x 16": ("PNG", png(20_000, 16)),
}
