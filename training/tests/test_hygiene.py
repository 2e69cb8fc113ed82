"""Train and test share no picture, and no near-duplicate."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import imagehash
import numpy as np
from PIL import Image

from training.datasets import manifest

NEAR = 4  # of 64 bits


def _hashes(samples: list[manifest.Sample]) -> np.ndarray:
    def bits(sample: manifest.Sample) -> np.ndarray:
        with Image.open(sample.whole) as image:
            return imagehash.phash(image).hash.ravel()

    with ThreadPoolExecutor(2) as pool:
        return np.stack(list(pool.map(bits, samples))).astype(np.float32)


def test_no_test_picture_has_a_near_duplicate_in_train(collections: Path) -> None:
    train, test = (manifest.read_all(collections, split) for split in ("train", "test"))
    train += manifest.unshown(manifest.read_art(collections))
    a, b = _hashes(train) * 2 - 1, _hashes(test) * 2 - 1
    distances = (64 - b @ a.T) / 2
    near = [(str(test[i].whole), str(train[j].whole)) for i, j in np.argwhere(distances <= NEAR)]
    assert near == []
