"""The looks that the experts take at a picture: pure functions from pixels to fixed-size squares.

Training and serving both cut their views here, so they cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from backend.images import Pixels

TOWER_SIDE = 224
TILE_SIDE = 256
MAX_TILES = 4
# The pictures the head learned from were stored with a short side of 240 pixels; large pictures
# take the same two steps down, so that they meet the tower with the same sharpness.
STORED_SIDE = 240


@dataclass(frozen=True)
class Box:
    """A rectangle of the upright picture, in pixels.

    The box of a native view reaches beyond the edges of a picture that is smaller than the view;
    out there the view shows the picture's mirror image.
    """

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Place:
    """What a view shows, and where."""

    view: Literal["tile", "whole", "crop"]
    box: Box


def whole_view(pixels: Pixels) -> Pixels:
    """The whole picture for the tower, squeezed into a square.

    Squeezing keeps the margins in sight; on held-out sources it beats the centre square.

    Args:
        pixels: uint8 (height, width, 3).

    Returns:
        uint8 (224, 224, 3).
    """
    image = Image.fromarray(pixels)
    factor = STORED_SIDE / min(image.size)
    if factor < 0.5:
        width, height = (round(side * factor) for side in image.size)
        image = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(image.resize((TOWER_SIDE, TOWER_SIDE), Image.Resampling.BICUBIC))


def centre_box(width: int, height: int, side: int) -> Box:
    """Where `centre_square` cuts a picture of this size."""
    return Box(_middle(width, side), _middle(height, side), side, side)


def centre_square(pixels: Pixels, side: int) -> Pixels:
    """The centre `side` x `side` pixels at native resolution; smaller pictures are mirrored out."""
    height, width = pixels.shape[:2]
    square: Pixels = _cut(pixels, [centre_box(width, height, side)])[0]
    return square


def tile_boxes(width: int, height: int, side: int = TILE_SIDE, most: int = MAX_TILES) -> list[Box]:
    """Where `tiles` cuts a picture of this size, in the same order."""
    rows, columns = _grid(max(1, height // side), max(1, width // side), most)
    lefts = _starts(width, side, columns)
    return [Box(left, top, side, side) for top in _starts(height, side, rows) for left in lefts]


def tiles(pixels: Pixels, side: int = TILE_SIDE, most: int = MAX_TILES) -> Pixels:
    """Native-resolution tiles spread evenly over the picture, at most `most`, so cost is bounded.

    Args:
        pixels: uint8 (height, width, 3).

    Returns:
        uint8 (n, side, side, 3) with 1 <= n <= most; a picture smaller than a tile is mirrored out.
    """
    height, width = pixels.shape[:2]
    return _cut(pixels, tile_boxes(width, height, side, most))


def _grid(rows: int, columns: int, most: int) -> tuple[int, int]:
    while rows * columns > most:
        if rows >= columns:
            rows -= 1
        else:
            columns -= 1
    return rows, columns


def _starts(length: int, side: int, count: int) -> list[int]:
    if count == 1:
        return [_middle(length, side)]
    return [round(i * (length - side) / (count - 1)) for i in range(count)]


def _middle(length: int, side: int) -> int:
    """Start of the middle `side` of a length; negative where `side` is longer."""
    return int((length - side) / 2)


def _cut(pixels: Pixels, boxes: list[Box]) -> Pixels:
    """The squares at boxes of one size, uint8 (n, side, side, 3)."""
    side = boxes[0].width
    missing = [max(0, side - length) for length in pixels.shape[:2]]
    if any(missing):
        widths = [(m // 2, m - m // 2) for m in missing] + [(0, 0)]
        pixels = np.pad(pixels, widths, mode="symmetric")
    corners = [(box.top + missing[0] // 2, box.left + missing[1] // 2) for box in boxes]
    return np.stack([pixels[top : top + side, left : left + side] for top, left in corners])
