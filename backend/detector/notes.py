"""What makes a picture unfit for a verdict, seen on its pixels and its encoding.

A picture with one of these notes is still judged, and its probability reported; the label is
"uncertain", because what the detector learned from says little about such pictures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from backend.detector.card import Bands, Label
from backend.images import Pixels

LOW_DETAIL = "low-detail"
HEAVILY_COMPRESSED = "heavily-compressed"
SCREENSHOT_LIKE = "screenshot-like"
ABSTAINS = frozenset({LOW_DETAIL, HEAVILY_COMPRESSED, SCREENSHOT_LIKE})

LEAST_QUALITY = 30  # of a JPEG, on the scale of the Independent JPEG Group
LEAST_SPREAD = 6.0  # standard deviation of brightness, of 255
MOST_FLAT = 0.7  # share of pixels that equal both their right and their lower neighbour
_LOOKED_AT = 1024  # pixels a side, in the middle: large pictures cost no more


def notes(pixels: Pixels, jpeg_quality: float | None) -> tuple[str, ...]:
    """The notes of an upright picture, uint8 (height, width, 3), in a fixed order."""
    found = []
    middle = _middle(pixels)
    if _spread(middle) < LEAST_SPREAD:
        found.append(LOW_DETAIL)
    elif _flat(middle) > MOST_FLAT:
        found.append(SCREENSHOT_LIKE)
    if jpeg_quality is not None and jpeg_quality < LEAST_QUALITY:
        found.append(HEAVILY_COMPRESSED)
    return tuple(found)


def label(probability: float, bands: Bands, noted: Sequence[str]) -> Label:
    """The word for a probability, or "uncertain" where a note makes the picture unfit."""
    return bands.label(probability) if ABSTAINS.isdisjoint(noted) else "uncertain"


def _middle(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    top, left = max(0, height - _LOOKED_AT) // 2, max(0, width - _LOOKED_AT) // 2
    return pixels[top : top + _LOOKED_AT, left : left + _LOOKED_AT]


def _spread(pixels: Pixels) -> float:
    """Standard deviation of the mean of the three channels; a mean along that axis is slow."""
    red, green, blue = np.moveaxis(pixels, 2, 0)
    return float((red.astype(np.uint16) + green + blue).std() / 3)


def _flat(pixels: Pixels) -> float:
    """Share of pixels that equal both neighbours; each is compared as one number."""
    whole = np.asarray(Image.fromarray(pixels).convert("RGBX")).view(np.uint32)[:, :, 0]
    here = whole[:-1, :-1]
    same = (here == whole[:-1, 1:]) & (here == whole[1:, :-1])
    return float(same.mean())
