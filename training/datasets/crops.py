"""Augmented native-resolution crops, drawn so that classes, collections and sources balance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backend.detector import views
from backend.images import Pixels
from training.augment import Augmentation, augment
from training.datasets.batches import SeededBatches
from training.datasets.manifest import Sample, group_weights

Floats = npt.NDArray[np.float32]
Targets = dict[str, Floats]


class Batches(SeededBatches):
    """Random crops of `side` pixels, uint8 (batch, side, side, 3), and their targets.

    Args:
        taught: what a teacher says of each sample, (n, k).
    """

    def __init__(
        self,
        samples: Sequence[Sample],
        taught: Floats,
        shares: dict[str, float],
        side: int,
        augmentation: Augmentation,
        batch_size: int,
        draws_per_epoch: int,
        seed: int,
    ) -> None:
        super().__init__(seed)
        self._pixels = [sample.pixels("crop") for sample in samples]
        self._targets = targets(samples, taught)
        weights = group_weights(list(samples), shares)
        self._probabilities = weights / weights.sum()
        self._side, self._augmentation, self._batch_size = side, augmentation, batch_size
        self._length = draws_per_epoch // batch_size

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> tuple[Pixels, Targets]:
        rng = self.rng(index)
        chosen = rng.choice(len(self._pixels), self._batch_size, p=self._probabilities)
        crops = [self._crop(self._pixels[i], rng) for i in chosen]
        return np.stack(crops), {name: rows[chosen] for name, rows in self._targets.items()}

    def _crop(self, pixels: Pixels, rng: np.random.Generator) -> Pixels:
        pixels = augment(pixels, self._augmentation, rng)
        height, width = pixels.shape[:2]
        side = self._side
        top = rng.integers(0, max(0, height - side) + 1)
        left = rng.integers(0, max(0, width - side) + 1)
        crop = views.centre_square(pixels[top : top + side, left : left + side], side)
        return np.rot90(crop[:, ::-1] if rng.random() < 0.5 else crop, int(rng.integers(4)))


def centre_crops(samples: Sequence[Sample], side: int = views.TILE_SIDE) -> Pixels:
    """The centre of each crop: uint8 (n, side, side, 3)."""
    return np.stack([views.centre_square(sample.pixels("crop"), side) for sample in samples])


def targets(samples: Sequence[Sample], taught: Floats) -> Targets:
    """`logit` float32 (n, 1), 1 = AI, and `taught` (n, k)."""
    return {
        "logit": np.array([[sample.is_ai] for sample in samples], np.float32),
        "taught": taught,
    }
