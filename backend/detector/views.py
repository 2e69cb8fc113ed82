"""The looks that the experts take at a picture: pure functions from pixels to fixed-size squares.

Training and serving both cut their views here, so they cannot drift apart.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from backend.images import Pixels

TOWER_SIDE = 224
TILE_SIDE = 256
MAX_TILES = 4
# The pictures the head learned from were stored with a short side of 240 pixels; large pictures
# take the same two steps down, so that they meet the tower with the same sharpness.
STORED_SIDE = 240


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


def centre_square(pixels: Pixels, side: int) -> Pixels:
    """The centre `side` x `side` pixels at native resolution; smaller pictures are mirrored out."""
    pixels = _mirror_to(pixels, side)
    top, left = (pixels.shape[0] - side) // 2, (pixels.shape[1] - side) // 2
    return np.ascontiguousarray(pixels[top : top + side, left : left + side])


def tiles(pixels: Pixels, side: int = TILE_SIDE, most: int = MAX_TILES) -> Pixels:
    """Native-resolution tiles spread evenly over the picture, at most `most`, so cost is bounded.

    Args:
        pixels: uint8 (height, width, 3).

    Returns:
        uint8 (n, side, side, 3) with 1 <= n <= most; a picture smaller than a tile is mirrored out.
    """
    pixels = _mirror_to(pixels, side)
    height, width = pixels.shape[:2]
    rows, columns = _grid(max(1, height // side), max(1, width // side), most)
    tops = _starts(height, side, rows)
    lefts = _starts(width, side, columns)
    return np.stack([pixels[t : t + side, x : x + side] for t in tops for x in lefts])


def _grid(rows: int, columns: int, most: int) -> tuple[int, int]:
    while rows * columns > most:
        if rows >= columns:
            rows -= 1
        else:
            columns -= 1
    return rows, columns


def _starts(length: int, side: int, count: int) -> list[int]:
    if count == 1:
        return [(length - side) // 2]
    return [round(i * (length - side) / (count - 1)) for i in range(count)]


def _mirror_to(pixels: Pixels, side: int) -> Pixels:
    missing = [max(0, side - length) for length in pixels.shape[:2]]
    if not any(missing):
        return pixels
    widths = [(m // 2, m - m // 2) for m in missing] + [(0, 0)]
    return np.pad(pixels, widths, mode="symmetric")
