"""Appearance features of every sample, through the very graph that serves; cached on disk."""

from __future__ import annotations

import hashlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.progress import track

from backend.detector import tower, views
from backend.detector.card import sha256
from backend.detector.engines import CPU, OnnxNetwork
from backend.images import Pixels
from training import augment, changes
from training.changes import AS_IS, Change
from training.datasets import caching
from training.datasets.manifest import Sample
from training.prepare import files
from training.run import RunError

VIEWS = ("whole", "crop")

_network: OnnxNetwork


def require_tower() -> None:
    """See that the appearance tower is there.

    Raises:
        RunError: it is not built.
    """
    if not tower.TOWER_PATH.is_file():
        raise RunError(f"{tower.TOWER_PATH} does not exist. Build it with: make tower")


def extract(
    samples: list[Sample], cache: Path, change: Change = AS_IS, workers: int = 2
) -> npt.NDArray[np.float16]:
    """Tower features of both views of each sample.

    Args:
        cache: a folder; the features of one list of samples and one change are a file there.
        change: made to the pixels before the views are cut.

    Returns:
        float16 (n, 2, 16128): the whole view, then the native-resolution crop.

    Raises:
        RunError: the tower is not built.
        ManifestError: a picture that cannot be read, by name.
    """
    require_tower()
    code = (views.__file__, changes.__file__, augment.__file__)
    made_by = [sha256(tower.TOWER_PATH), *(sha256(Path(file)) for file in code)]
    key = "\n".join([*made_by, repr(change), caching.digest(samples)])
    path = cache / f"features-{hashlib.sha256(key.encode()).hexdigest()[:16]}.npy"
    if path.exists():
        return np.load(path, mmap_mode="r")
    features = np.empty((len(samples), len(VIEWS), tower.FEATURES), np.float16)
    jobs = [(sample, change) for sample in samples]
    with ProcessPoolExecutor(workers, initializer=_start) as pool:
        results = pool.map(_features, jobs, chunksize=16)
        for index, row in enumerate(track(results, "tower features", total=len(jobs))):
            features[index] = row
    with files.written(path) as partial, partial.open("wb") as file:
        np.save(file, features)
    return features


def of_pictures(pixels: Pixels, workers: int = 2) -> npt.NDArray[np.float16]:
    """Tower features of both views of pictures that are one file each.

    Args:
        pixels: uint8 (n, side, side, 3).

    Returns:
        float16 (n, 2, 16128).

    Raises:
        RunError: the tower is not built.
    """
    require_tower()
    with ProcessPoolExecutor(workers, initializer=_start) as pool:
        rows = pool.map(_of_picture, pixels, chunksize=16)
        return np.stack(list(track(rows, "tower features", total=len(pixels))))


def _start() -> None:
    global _network
    _network = OnnxNetwork(tower.TOWER_PATH, threads=1, providers=CPU)


def _features(job: tuple[Sample, Change]) -> npt.NDArray[np.float16]:
    sample, change = job
    return _of_views(change.pixels(sample, "whole"), change.pixels(sample, "crop"))


def _of_picture(pixels: Pixels) -> npt.NDArray[np.float16]:
    return _of_views(pixels, pixels)


def _of_views(whole: Pixels, crop: Pixels) -> npt.NDArray[np.float16]:
    squares = (views.whole_view(whole), views.centre_square(crop, views.TOWER_SIDE))
    rows = [_network.run(square[None])[0] for square in squares]
    return np.stack(rows).astype(np.float16)
