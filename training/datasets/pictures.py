"""Pictures of one size in memory: what classifiers learn from and are measured on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from backend.images import Pixels
from training.datasets.manifest import Sample


@dataclass(frozen=True)
class Pictures:
    """Pictures in a fixed order.

    Attributes:
        pixels: uint8 RGB (n, side, side, 3).
        labels: bool (n,), True = AI.
        names: of each picture, unique and the same in every run.
        sources: of each picture; a source is never split between training and validation.
    """

    pixels: Pixels
    labels: npt.NDArray[np.bool_]
    names: tuple[str, ...]
    sources: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def where(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Pictures:
        """The pictures for which bool (n,) is true, or at these places."""
        places = np.arange(len(self))[chosen]
        return Pictures(
            self.pixels[places],
            self.labels[places],
            tuple(self.names[i] for i in places),
            tuple(self.sources[i] for i in places),
        )


def squashed(samples: Sequence[Sample], side: int, which: str = "whole") -> Pictures:
    """`crop` or `whole` of each sample, squashed to a square of `side` pixels."""
    pixels = np.empty((len(samples), side, side, 3), np.uint8)
    for place, sample in enumerate(samples):
        image = Image.fromarray(sample.pixels(which))
        pixels[place] = np.asarray(image.resize((side, side), Image.Resampling.BICUBIC))
    return Pictures(
        pixels,
        np.array([sample.is_ai for sample in samples]),
        tuple(f"{s.collection}/{s.source}/{s.crop.name}" for s in samples),
        tuple(f"{s.collection}/{s.source}" for s in samples),
    )
