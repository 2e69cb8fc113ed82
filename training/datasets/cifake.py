"""CIFAKE (Bird and Lotfi 2024): 32x32 pictures, 60,000 real (CIFAR-10) and 60,000 by SD 1.4."""

from __future__ import annotations

import csv
import hashlib
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backend.images import Limits, Pixels, decode
from training.datasets.batches import SeededBatches
from training.datasets.manifest import ManifestError

SIDE = 32


@dataclass(frozen=True)
class Cifake:
    """One official split: uint8 (n, 32, 32, 3), float32 labels (n, 1) with 1 = AI, file names."""

    pixels: Pixels
    labels: np.ndarray
    names: tuple[str, ...]

    def where(self, chosen: np.ndarray) -> Cifake:
        """The pictures for which bool (n,) is true."""
        names = tuple(self.names[i] for i in np.flatnonzero(chosen))
        return Cifake(self.pixels[chosen], self.labels[chosen], names)


def read(root: Path, split: str, cache: Path | None = None) -> Cifake:
    """Read one split out of `root/cifake.tar.xz`; `cache` keeps the decoded arrays.

    Raises:
        ManifestError: the archive is missing.
    """
    archive = root / "cifake.tar.xz"
    if not archive.is_file():
        raise ManifestError(f"{archive} does not exist. Point --data at the folder of collections.")
    cached = cache / f"cifake-{split}.npz" if cache else None
    if cached and cached.exists():
        with np.load(cached) as arrays:
            return Cifake(arrays["pixels"], arrays["labels"], tuple(arrays["names"].tolist()))
    pictures, labels, names = [], [], []
    with tarfile.open(archive) as members:
        for member in members:
            if not member.isfile() or f"/{split}/" not in member.name:
                continue
            file = members.extractfile(member)
            assert file is not None
            pictures.append(decode(file.read(), Limits()).pixels)
            labels.append(float("/FAKE/" in member.name))
            names.append(member.name)
    order = np.argsort(names)
    data = Cifake(
        np.stack(pictures)[order],
        np.array(labels, np.float32)[order, None],
        tuple(names[i] for i in order),
    )
    if cached:
        cached.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cached, pixels=data.pixels, labels=data.labels, names=np.array(data.names))
    return data


def leaked(root: Path) -> set[str]:
    """Names of the test fakes whose bytes are also a train fake."""
    with (root / "cifake_duplicates.csv").open(newline="", encoding="utf-8") as lines:
        return {
            row["same_bytes_as"].replace("cifake/test/fake", "DATASET/test/FAKE")
            for row in csv.DictReader(lines)
            if "/train/" in row["file"] and "/test/" in row["same_bytes_as"]
        }


def held_out(data: Cifake, share: float = 0.1) -> np.ndarray:
    """Which pictures of the train split calibrate instead of train: bool (n,), by content hash."""
    digests = [hashlib.sha256(picture.tobytes()).digest() for picture in data.pixels]
    return np.array([digest[0] / 256 < share for digest in digests])


class Batches(SeededBatches):
    """Shuffled batches with mirrored and shifted copies."""

    def __init__(self, data: Cifake, batch_size: int, seed: int) -> None:
        super().__init__(seed)
        self._data, self._batch_size = data, batch_size

    def __len__(self) -> int:
        return len(self._data.labels) // self._batch_size

    def __getitem__(self, index: int) -> tuple[Pixels, dict[str, np.ndarray]]:
        order = self.rng().permutation(len(self._data.labels))
        chosen = order[index * self._batch_size : (index + 1) * self._batch_size]
        rng = self.rng(index)
        pictures = self._data.pixels[chosen]
        mirrored = rng.random(len(chosen)) < 0.5
        pictures = np.where(mirrored[:, None, None, None], pictures[:, :, ::-1], pictures)
        padded = np.pad(pictures, [(0, 0), (2, 2), (2, 2), (0, 0)], mode="reflect")
        for place, (top, left) in enumerate(rng.integers(0, 5, (len(chosen), 2))):
            pictures[place] = padded[place, top : top + 32, left : left + 32]
        return pictures, {"logit": self._data.labels[chosen]}
