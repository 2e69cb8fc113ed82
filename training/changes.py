"""What the web does to pictures: one change at a time to measure it, any of them to calibrate."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from PIL import Image

from backend.detector.detector import SMALL_SIDE
from backend.images import Pixels
from training.augment import Augmentation, augment, resave
from training.datasets.manifest import Sample


class Change(Protocol):
    """A change that is the same for a sample every time; its repr says all about it."""

    @property
    def name(self) -> str:
        """For people."""
        ...

    def pixels(self, sample: Sample, which: str) -> Pixels:
        """`crop` or `whole` of the sample after the change, uint8 (height, width, 3)."""
        ...

    def jpeg_quality(self, sample: Sample) -> float | None:
        """Of the file after the change, see `images.Picture`; None: no JPEG, or drawn anew."""
        ...


@dataclass(frozen=True)
class PassedOn:
    """Any of the changes of an augmentation, drawn by the name of the sample's file."""

    augmentation: Augmentation
    name: str = "passed on"

    def pixels(self, sample: Sample, which: str) -> Pixels:
        seed = zlib.crc32(f"{sample.crop.name}/{which}".encode())
        return augment(sample.pixels(which), self.augmentation, np.random.default_rng(seed))

    def jpeg_quality(self, sample: Sample) -> None:
        return None


@dataclass(frozen=True)
class Resaved:
    """Resizing by `factor`, then saving as `kind` (JPEG or WEBP; "" not at all) at `quality`.

    What the shipped detector learns from and is measured on: no side becomes smaller than it judges
    by its experts for large pictures. The whole picture was stored small: it shrinks only as far as
    the original would have to, where that one's size is known.
    """

    name: str
    factor: float = 1.0
    kind: str = ""
    quality: int = 0

    def pixels(self, sample: Sample, which: str) -> Pixels:
        image = Image.fromarray(sample.pixels(which))
        factor = self.factor
        if which == "whole" and all(sample.original_size):
            factor = min(1.0, factor * min(sample.original_size) / min(image.size))
        if factor != 1:
            # Below that another network would judge.
            width, height = (max(SMALL_SIDE, round(side * factor)) for side in image.size)
            image = image.resize((width, height), Image.Resampling.BICUBIC)
        if self.kind:
            image = resave(image, self.kind, self.quality)
        return np.asarray(image)

    def jpeg_quality(self, sample: Sample) -> float | None:
        if self.kind:
            return self.quality if self.kind == "JPEG" else None
        return sample.jpeg_quality if self.factor == 1 else None


@dataclass(frozen=True)
class Resized:
    """Resizing by `factor`, for any model: of a picture of any size, its proportions kept.

    Where the whole picture is a file of its own, it was stored small: it shrinks only as far as the
    original would have to.
    """

    name: str
    factor: float

    def pixels(self, sample: Sample, which: str) -> Pixels:
        image = Image.fromarray(sample.pixels(which))
        factor = self.factor
        if which == "whole" and sample.whole != sample.crop:
            factor = min(1.0, factor * min(sample.original_size) / min(image.size))
        width, height = (max(1, round(side * factor)) for side in image.size)
        return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))

    def jpeg_quality(self, sample: Sample) -> None:
        return None


AS_IS = Resaved("as is")
CHANGES: tuple[Change, ...] = (
    Resaved("JPEG quality 75", kind="JPEG", quality=75),
    Resaved("JPEG quality 50", kind="JPEG", quality=50),
    Resaved("WebP quality 80", kind="WEBP", quality=80),
    Resaved("half size", factor=0.5),
    Resaved("one and a half times the size", factor=1.5),
    Resaved("half size, then JPEG quality 75", factor=0.5, kind="JPEG", quality=75),
)
