"""What a report is about: one entry per picture, judged or not."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from backend.api.problems import ApiError
from backend.api.schemas import BatchLine, Classification, Problem
from backend.detector.card import ModelCard
from backend.images import ImageError, Limits, Pixels, decode

# Longest sides in pixels: at half the width of an A4 page these are 300 and 180 dots per inch.
PICTURE_SIDE, HEAT_SIDE = 1000, 600
JPEG_QUALITY = 82


@dataclass(frozen=True)
class Drawing:
    """JPEG copies for a page: the upright picture, and the heat map over it if there is one."""

    picture: bytes
    heat: bytes | None


@dataclass(frozen=True)
class Entry:
    """One picture of a report.

    Attributes:
        number: from 1, in the order in which the pictures came.
        read: gives the bytes of the file as it came.
        size: bytes of the file; None when they could not be read from the request.
        sha256: hexadecimal; None when the size is.
        drawing: only for judged pictures, and only where a document shows them.
    """

    number: int
    filename: str | None
    read: Callable[[], bytes]
    size: int | None
    sha256: str | None
    outcome: Classification | Problem
    drawing: Drawing | None


@dataclass(frozen=True)
class Report:
    """Everything that a document says.

    Attributes:
        created: with time zone.
        missing: experts that should judge too, and why they could not be loaded.
    """

    entries: tuple[Entry, ...]
    card: ModelCard
    missing: dict[str, str]
    created: datetime

    def count(self, label: str) -> int:
        """Pictures with this verdict."""
        return sum(
            isinstance(entry.outcome, Classification) and entry.outcome.label == label
            for entry in self.entries
        )

    @property
    def not_judged(self) -> int:
        """Pictures without a verdict."""
        return sum(isinstance(entry.outcome, Problem) for entry in self.entries)


def entry(line: BatchLine, read: Callable[[], bytes], limits: Limits, drawn: bool) -> Entry:
    """The entry for one line of a batch. Decodes the picture again if it is to be drawn."""
    outcome = line.result or line.problem
    assert outcome is not None
    number = line.index + 1
    try:
        data = read()
    except (ApiError, ImageError):  # said in the outcome already
        return Entry(number, line.filename, read, None, None, outcome, None)
    drawing = None
    if line.result and drawn:
        drawing = _drawing(decode(data, limits).pixels, line.result)
    digest = hashlib.sha256(data).hexdigest()
    return Entry(number, line.filename, read, len(data), digest, outcome, drawing)


def _drawing(pixels: Pixels, result: Classification) -> Drawing:
    image = Image.fromarray(pixels)
    image.thumbnail((PICTURE_SIDE, PICTURE_SIDE), Image.Resampling.LANCZOS)
    heat = None
    if result.explanation:
        ground = image.copy()
        ground.thumbnail((HEAT_SIDE, HEAT_SIDE))
        heat = _jpeg(_with_heat(ground, result.explanation.heatmap_png))
    return Drawing(_jpeg(image), heat)


def _with_heat(image: Image.Image, data_url: str) -> Image.Image:
    """The heat map over a grey copy, so that every colour is the map's."""
    encoded = base64.b64decode(data_url.partition(",")[2])
    with Image.open(io.BytesIO(encoded), formats=["PNG"]) as heat:
        colours = heat.convert("RGBA").resize(image.size, Image.Resampling.BILINEAR)
    grey = image.convert("L").convert("RGBA")
    return Image.alpha_composite(grey, colours).convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return buffer.getvalue()
