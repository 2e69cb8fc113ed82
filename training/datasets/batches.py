"""Batches whose content depends on nothing but the seed, the epoch and the batch's number."""

from __future__ import annotations

import keras
import numpy as np


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
