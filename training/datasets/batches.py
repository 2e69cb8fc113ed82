"""Batches whose content depends on nothing but the seed, the epoch and the batch's number."""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt

from backend.images import Pixels
from training.datasets.pictures import Pictures

Targets = dict[str, npt.NDArray[np.float32]]


class SeededBatches(keras.utils.PyDataset):
    """Base of every training set: a resumed run sees the same data in the same order."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._seed = seed
        self._epoch = 0

    def start_epoch(self, epoch: int, logs: object = None) -> None:
        """Keras callback `on_epoch_begin`."""
        self._epoch = epoch

    def rng(self, *keys: int) -> np.random.Generator:
        """The generator of this epoch, or of one batch or picture in it."""
        return np.random.default_rng([self._seed, self._epoch, *keys])


class RestOfEpoch(keras.utils.PyDataset):
    """What is left of every epoch after its first batches."""

    def __init__(self, batches: SeededBatches, done: int) -> None:
        super().__init__(workers=batches.workers, max_queue_size=batches.max_queue_size)
        self._batches, self._done = batches, done

    def __len__(self) -> int:
        return len(self._batches) - self._done

    def __getitem__(self, index: int) -> object:
        return self._batches[self._done + index]


def targets(pictures: Pictures) -> Targets:
    """What a network learns: `logit` float32 (n, 1), 1 = AI."""
    return {"logit": pictures.labels.astype(np.float32)[:, None]}


class PictureBatches(SeededBatches):
    """Shuffled batches.

    Args:
        shifted: mirrors half of the pictures and moves each by up to two pixels.
        class_weights: weighs pictures by the inverse of their class's share, mean 1.
    """

    def __init__(
        self,
        pictures: Pictures,
        batch_size: int,
        seed: int,
        *,
        shifted: bool = False,
        class_weights: bool = False,
    ) -> None:
        super().__init__(seed)
        self._pixels, self._labels = pictures.pixels, targets(pictures)["logit"]
        self._batch_size, self._shifted = batch_size, shifted
        self._weights: npt.NDArray[np.float32] | None = None
        if class_weights:
            share = float(pictures.labels.mean())
            by_class = 0.5 / np.where(pictures.labels, share, 1 - share)
            self._weights = by_class.astype(np.float32)
        self._order = self.rng().permutation(len(pictures))

    def start_epoch(self, epoch: int, logs: object = None) -> None:
        super().start_epoch(epoch)
        self._order = self.rng().permutation(len(self._labels))

    def __len__(self) -> int:
        return len(self._labels) // self._batch_size

    def __getitem__(self, index: int) -> tuple[Pixels, Targets] | tuple[Pixels, Targets, Targets]:
        chosen = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        pixels = self._pixels[chosen]
        if self._shifted:
            pixels = _shift(pixels, self.rng(index))
        batch = (pixels, {"logit": self._labels[chosen]})
        return batch if self._weights is None else (*batch, {"logit": self._weights[chosen]})


def _shift(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    side = pixels.shape[1]
    mirrored = rng.random(len(pixels)) < 0.5
    pixels = np.where(mirrored[:, None, None, None], pixels[:, :, ::-1], pixels)
    padded = np.pad(pixels, [(0, 0), (2, 2), (2, 2), (0, 0)], mode="reflect")
    for place, (top, left) in enumerate(rng.integers(0, 5, (len(pixels), 2))):
        pixels[place] = padded[place, top : top + side, left : left + side]
    return pixels
