"""CIFAKE (Bird and Lotfi 2024): 32x32 pictures, 60,000 real (CIFAR-10) and 60,000 by SD 1.4."""

from __future__ import annotations

import csv
import hashlib
import tarfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from backend.images import Limits, Pixels, decode
from training.datasets import caching
from training.datasets.manifest import ManifestError
from training.datasets.pictures import Pictures
from training.prepare import files

NAME = "cifake"
SIDE = 32


def read(root: Path, split: str, cache: Path | None = None) -> Pictures:
    """Read one split out of `root/cifake.tar.xz`; `cache` keeps the decoded arrays.

    Raises:
        ManifestError: the archive is missing.
    """
    archive = root / "cifake.tar.xz"
    if not archive.is_file():
        raise ManifestError(f"{archive} does not exist. Point --data at the folder of collections.")
    cached = cache / f"cifake-{split}-{caching.content(archive)[:16]}.npz" if cache else None
    if cached and cached.exists():
        with np.load(cached) as arrays:
            return _described(arrays["pixels"], arrays["names"].tolist())
    pixels, names = [], []
    with tarfile.open(archive) as members:
        for member in members:
            if not member.isfile() or f"/{split}/" not in member.name:
                continue
            file = members.extractfile(member)
            assert file is not None
            pixels.append(decode(file.read(), Limits()).pixels)
            names.append(member.name)
    order = np.argsort(names)
    pictures = _described(np.stack(pixels)[order], [names[i] for i in order])
    if cached:
        with files.written(cached) as partial, partial.open("wb") as file:
            np.savez(file, pixels=pictures.pixels, names=np.array(pictures.names))
    return pictures


def _described(pixels: Pixels, names: Sequence[str]) -> Pictures:
    labels = np.array(["/FAKE/" in name for name in names])
    return Pictures(pixels, labels, tuple(names), (NAME,) * len(names))


def leaked(root: Path) -> set[str]:
    """Names of the test fakes whose bytes are also a train fake."""
    with (root / "cifake_duplicates.csv").open(newline="", encoding="utf-8") as lines:
        return {
            row["same_bytes_as"].replace("cifake/test/fake", "DATASET/test/FAKE")
            for row in csv.DictReader(lines)
            if "/train/" in row["file"] and "/test/" in row["same_bytes_as"]
        }


def held_out(data: Pictures, share: float = 0.1) -> np.ndarray:
    """Which pictures of the train split calibrate instead of train: bool (n,), by content hash."""
    digests = [hashlib.sha256(picture.tobytes()).digest() for picture in data.pixels]
    return np.array([digest[0] / 256 < share for digest in digests])
