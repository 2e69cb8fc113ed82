"""Data sets by their names: what recipes learn from and are measured on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.datasets import caching, cifake, manifest
from training.datasets.manifest import ART, ManifestError, Sample
from training.datasets.pictures import (
    Pictures,
    folds,
    of_samples,
    require_both_classes,
    squashed,
)
from training.prepare import files

MATCHED = "matched"  # quiz, wild and human together
_POINT = "Point --data at the folder of collections."


def read(
    root: Path, name: str, split: str, side: int, which: str = "whole", cache: Path | None = None
) -> Pictures:
    """Read one split of a data set.

    Args:
        root: the folder of collections.
        name: `cifake` (always 32 pixels), `matched`, `art`, or a folder with a `manifest.csv`.
        split: train or test; `art` has none: all of it is train.
        side: to which pictures are squashed.
        which: `crop` or `whole`, where a collection has both.
        cache: a folder that keeps the decoded pictures.

    Raises:
        ManifestError: nothing to read there, or a file that is no picture; named with what to do.
    """
    if name == cifake.NAME:
        return cifake.read(root, split, cache)
    if name == ART and not (root / ART / "manifest.csv").exists():
        samples = _art(root, split)
    else:
        samples = _listed(root, name, split)
    if cache is None:
        return squashed(samples, side, which)
    kept = cache / f"pictures-{name}-{split}-{side}-{which}-{caching.digest(samples)}.npy"
    if kept.exists():
        return of_samples(np.load(kept), samples)
    shown = squashed(samples, side, which)
    with files.written(kept) as partial, partial.open("wb") as file:
        np.save(file, shown.pixels)
    return shown


def check(root: Path, name: str, split: str = "train") -> None:
    """See that a data set is there and has both classes, without decoding a picture.

    Raises:
        ManifestError: it cannot be learned from.
    """
    if name == cifake.NAME:
        if not (root / "cifake.tar.xz").is_file():
            raise ManifestError(f"{root / 'cifake.tar.xz'} does not exist. {_POINT}")
    elif name == ART and not (root / ART / "manifest.csv").exists():
        _art(root, split)
    else:
        require_both_classes([s.is_ai for s in _listed(root, name, split)], f"{name}, {split}")


def held_out(pictures: Pictures, share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Which pictures of a train split are only watched and calibrate: bool (n,), about `share`.

    Of CIFAKE by content hash, of everything else as one of `pictures.folds`; of few pictures more.

    Raises:
        ManifestError: a class has fewer than two pictures.
    """
    if set(pictures.sources) == {cifake.NAME}:
        return cifake.held_out(pictures, share)
    least = min(int(pictures.labels.sum()), int((~pictures.labels).sum()))
    return folds(pictures, max(2, min(round(1 / share), least)), seed) == 0


def _listed(root: Path, name: str, split: str) -> list[Sample]:
    if name == MATCHED:
        return manifest.read_all(root, split)
    samples = manifest.unshown(s for s in manifest.read(root, name) if s.split == split)
    if not samples:
        raise ManifestError(f"{root / name / 'manifest.csv'} lists no picture of split {split!r}.")
    return samples


def _art(root: Path, split: str) -> list[Sample]:
    if split != "train":
        raise ManifestError(f"{root / ART} has no split: cross-validate on all of it.")
    return manifest.read_art(root)
