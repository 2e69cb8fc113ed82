"""A training that hangs inside its second epoch: python -m training.tests.to_kill FOLDER."""

import sys
import time
from pathlib import Path

import keras
import numpy as np
from keras import layers

from training.datasets.batches import PictureBatches, Targets, targets
from training.datasets.pictures import Pictures
from training.fit import fit
from training.recipe import Fit
from training.run import Run

STEPS, EPOCHS = 12, 3
HANGS = 3600  # seconds
SETTINGS = Fit(
    epochs=EPOCHS,
    batch_size=8,
    optimizer="adam",
    learning_rate=1e-2,
    schedule="polynomial",
    end_learning_rate=1e-3,
)


class HangingBatches(PictureBatches):
    """However slow or fast the machine is, the kill finds it in the middle of an epoch."""

    def __getitem__(
        self, index: int
    ) -> tuple[np.ndarray, Targets] | tuple[np.ndarray, Targets, Targets]:
        if self._epoch == 1 and index >= STEPS * 2 // 3:
            time.sleep(HANGS)
        return super().__getitem__(index)


def network() -> keras.Model:
    """With random numbers, moving averages and an optimizer that remembers."""
    image = keras.Input((16, 16, 3), dtype="uint8")
    x = layers.Rescaling(1 / 255)(image)
    x = layers.Conv2D(4, 3, activation="relu")(x)
    x = layers.BatchNormalization()(x)
    x = layers.GaussianNoise(0.1)(x)
    x = layers.Dropout(0.3)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(image, layers.Dense(1, name="logit")(x))


def train(folder: Path, kind: type[PictureBatches] = PictureBatches) -> keras.Model:
    keras.utils.set_random_seed(5)
    rng = np.random.default_rng(5)
    labels = np.arange(STEPS * SETTINGS.batch_size) % 2 == 0
    pixels = rng.integers(0, 200, (len(labels), 16, 16, 3), np.uint8)
    pixels[labels] += 30
    names = tuple(map(str, range(len(labels))))
    pictures = Pictures(pixels, labels, names, ("made",) * len(labels))
    batches = kind(pictures, SETTINGS.batch_size, seed=7, shifted=True)
    watched = (pixels, targets(pictures))
    return fit(network, batches, watched, SETTINGS, Run(folder), save_seconds=0).network


if __name__ == "__main__":
    train(Path(sys.argv[1]), HangingBatches)
