"""Bytes to upright RGB pixels, within limits: the one decoder that serving and training share.

Formats are recognised by content, never by name. Every refusal is an `ImageError` whose subclass
names what is wrong; the API maps each to one problem type.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pillow_heif
from PIL import ExifTags, Image, ImageFile, PngImagePlugin, UnidentifiedImageError

pillow_heif.register_heif_opener(thumbnails=False)
# A picture is not damaged because it carries much text.
PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY
# `decode` has its own limit, which may be higher than Pillow's.
Image.MAX_IMAGE_PIXELS = None

Pixels = npt.NDArray[np.uint8]

ISO_FORMATS = ("AVIF", "HEIF")
FORMATS = ("JPEG", "PNG", "WEBP", *ISO_FORMATS, "GIF")
MIN_SIDE = 16


@dataclass(frozen=True)
class Limits:
    """What is decoded at all: encoded size in bytes and decoded size in pixels."""

    max_bytes: int = 20 * 1024 * 1024
    max_pixels: int = 50_000_000


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    Attributes:
        pixels: uint8 RGB of shape (height, width, 3), upright.
        jpeg_quality: 1 to 100 on the scale of the Independent JPEG Group, guessed from the
            luminance table; null for other formats.
    """

    pixels: Pixels
    format: str
    bytes: int
    jpeg_quality: float | None = None

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


class ImageError(ValueError):
    """A picture that cannot be judged; the message is a sentence for the person who sent it."""


class EmptyImage(ImageError):
    """No bytes at all."""


class NotAnImage(ImageError):
    """The bytes are no picture of any kind known here."""


class UnsupportedFormat(ImageError):
    """A picture, but of a format that is not accepted."""


class TruncatedImage(ImageError):
    """The header is that of a picture; the pixel data is cut off or damaged."""


class TooManyBytes(ImageError):
    """The encoded picture is larger than `Limits.max_bytes`."""


class TooManyPixels(ImageError):
    """The decoded picture would be larger than `Limits.max_pixels`."""


class TooSmall(ImageError):
    """A side is shorter than `MIN_SIDE` pixels."""


def decode(data: bytes, limits: Limits | None = None) -> Picture:
    """Decode one picture to upright RGB.

    EXIF orientation is applied, transparency flattened on white, CMYK, palette and 16-bit pictures
    brought to 8-bit RGB; of an animation the first frame is used. Size limits are checked on the
    header, before any pixel is decoded.

    Raises:
        ImageError: the subclass says what is wrong.
    """
    limits = limits or Limits()
    if not data:
        raise EmptyImage("The picture is empty: no bytes arrived.")
    if len(data) > limits.max_bytes:
        raise TooManyBytes(
            f"The picture has {len(data):,} bytes; the limit is {limits.max_bytes:,}. "
            "Send a smaller file."
        )
    image = _open(data)
    width, height = image.size
    if width * height > limits.max_pixels:
        raise TooManyPixels(
            f"The picture is {width} x {height} pixels and exceeds the limit of "
            f"{limits.max_pixels / 1e6:g} megapixels. Send a smaller copy."
        )
    if min(width, height) < MIN_SIDE:
        raise TooSmall(
            f"The picture is {width} x {height} pixels; each side needs at least {MIN_SIDE}."
        )
    try:
        image.load()
        pixels = np.asarray(_to_rgb(_upright(image)))
    except Exception as error:
        # Decoders raise whatever they like on damaged data (OSError, SyntaxError, struct.error, …).
        raise TruncatedImage(
            "The picture is cut off or damaged: its pixels cannot be read to the end. "
            "Save or download it again."
        ) from error
    # Phones add a second picture to a JPEG, which Pillow then calls MPO.
    format = "JPEG" if image.format == "MPO" else image.format or ""
    return Picture(pixels, format, len(data), _jpeg_quality(image))


# Mean of the luminance table of the JPEG standard (ITU-T T.81, table K.1), which is quality 50.
_STANDARD_STEP = 57.625


def _jpeg_quality(image: Image.Image) -> float | None:
    tables = getattr(image, "quantization", None)
    if not tables:
        return None
    scale = np.mean(tables[min(tables)]) / _STANDARD_STEP
    return float(100 - 50 * scale if scale <= 1 else max(1.0, 50 / scale))


def _open(data: bytes) -> ImageFile.ImageFile:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise _unidentified(data) from error
    except Exception as error:
        raise TruncatedImage(
            "The picture is cut off or damaged: its header cannot be read. "
            "Save or download it again."
        ) from error


_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_ISO_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1")
_OTHER_PICTURES = {
    b"BM": "BMP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"8BPS": "Photoshop",
    b"\x00\x00\x01\x00": "ICO",
    b"%PDF": "PDF",
    b"\xff\x0a": "JPEG XL",
    b"\x00\x00\x00\x0cJXL ": "JPEG XL",
    b"\x00\x00\x00\x0cjP  ": "JPEG 2000",
}


def _unidentified(data: bytes) -> ImageError:
    """Tell a damaged picture, a picture of another format and anything else apart, by content."""
    riff_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    iso_picture = data[4:8] == b"ftyp" and data[8:12] in _ISO_BRANDS
    if data.startswith(_SIGNATURES) or riff_webp or iso_picture:
        return TruncatedImage(
            "The picture is cut off or damaged: its header cannot be read. "
            "Save or download it again."
        )
    names = [name for signature, name in _OTHER_PICTURES.items() if data.startswith(signature)]
    if data.lstrip().startswith((b"<svg", b"<?xml", b"<!--")) and b"<svg" in data[:2000]:
        names = ["SVG"]
    if names:
        return UnsupportedFormat(
            f"This is a {names[0]} file. Send JPEG, PNG, WebP, AVIF, HEIC or GIF."
        )
    return NotAnImage("This file is not a picture. Send JPEG, PNG, WebP, AVIF, HEIC or GIF.")


# By value of EXIF's orientation: what turns the picture upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _upright(image: Image.Image) -> Image.Image:
    """Apply EXIF orientation. Pillow's own function also writes EXIF anew and fails on odd tags."""
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # EXIF that cannot be read says nothing, and the pixels are sound
        return image
    return image if turn is None else image.transpose(turn)


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16-bit grey: convert("RGB") would clip instead of scale
        grey = np.asarray(image).clip(0, 65535) // 257
        return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(ground, image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")
