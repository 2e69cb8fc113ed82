"""The manifests of the image collections: one `Sample` a picture."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from backend.images import ImageError, Limits, Picture, Pixels, decode

COLLECTIONS = ("quiz", "wild", "human")
ART = "art"  # two folders of squashed pictures, no split
# Some AI pictures of these sources carry a visible mark in the lower right corner.
MARKED_SOURCES = {"aliasim16", "MaisonIA06", "julienlucas"}
MARK_SHARE = 0.12

# Train pictures that a test picture also shows (found by perceptual hash): never trained on.
SHOWN_IN_TEST = {
    "866198d89d5f.crop.jpg",
    *("2562170dedc9.jpg", "7e496e6ee788.jpg", "8371e2938b82.jpg"),  # paintings, in art
    *("a2395bb1bd8e.jpg", "f88edfb55309.jpg"),  # remakes of them
}


class ManifestError(ValueError):
    """A collection that cannot be read; the message names the file and what is missing."""


@dataclass(frozen=True)
class Sample:
    """One picture: `crop` at native resolution and `whole`, the entire picture made small.

    In a collection with one file a picture both are the same file. `original_size` (width, height
    in pixels) and `original_format` (Pillow's name) are those before either file was made. What is
    not known is "", a size (0, 0).
    """

    collection: str
    source: str
    split: str
    label: str
    kind: str
    generator: str
    original_size: tuple[int, int]
    crop: Path
    whole: Path
    original_format: str = ""

    @property
    def is_ai(self) -> bool:
        return self.label == "ai"

    @property
    def native(self) -> bool:
        """Whether `crop` holds the pixels of the original, not some that were resized."""
        return self.collection != ART

    @property
    def name(self) -> str:
        """The path of `crop` from the collection on: unique, and the same on every machine."""
        inside = self.crop.as_posix().rsplit(f"/{self.collection}/", 1)[-1]
        return f"{self.collection}/{inside}"

    @property
    def jpeg_quality(self) -> float | None:
        """Of the original, whose tables its crop has kept; None where that was no JPEG.

        Raises:
            ManifestError: the file is missing or no picture.
        """
        return _decoded(self.crop).jpeg_quality if self.original_format == "JPEG" else None

    def pixels(self, which: str) -> Pixels:
        """Decode `crop` or `whole` with the serving decoder: uint8 (height, width, 3).

        Raises:
            ManifestError: the file is missing or no picture.
        """
        pixels = _decoded(getattr(self, which)).pixels
        if self.source in MARKED_SOURCES:
            height, width = (round(side * (1 - MARK_SHARE)) for side in pixels.shape[:2])
            pixels = np.ascontiguousarray(pixels[:height, :width])
        return pixels


def _decoded(path: Path) -> Picture:
    try:
        return decode(path.read_bytes(), Limits())
    except (OSError, ImageError) as error:
        raise ManifestError(f"{path} cannot be read: {error}") from error


def read(root: Path, collection: str) -> list[Sample]:
    """Read `root/collection/manifest.csv`.

    Raises:
        ManifestError: the file, a column, a label or a split is missing or unknown.
    """
    folder = root / collection
    path = folder / "manifest.csv"
    if not path.is_file():
        raise ManifestError(f"{path} does not exist. Point --data at the folder of collections.")
    samples = []
    with path.open(newline="", encoding="utf-8") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                crop = row.get("crop") or row["path"]
                sample = Sample(
                    collection=collection,
                    source=row["source"],
                    split=row["split"],
                    label=row["label"],
                    kind=row.get("kind", ""),
                    generator=row.get("generator", ""),
                    original_size=(int(row["original_width"]), int(row["original_height"])),
                    crop=folder / crop,
                    whole=folder / (row.get("whole") or crop),
                    original_format=row.get("original_format", ""),
                )
            except KeyError as error:
                raise ManifestError(f"{path} has no column {error}.") from error
            except ValueError as error:
                raise ManifestError(f"{path}, line {number}: size in pixels: {error}.") from error
            if sample.label not in ("ai", "real") or sample.split not in ("train", "test"):
                raise ManifestError(
                    f"{path}, line {number}: label {sample.label!r}, split {sample.split!r}; "
                    "expected ai or real, train or test."
                )
            samples.append(sample)
    if not samples:
        raise ManifestError(f"{path} lists no picture.")
    return samples


def read_all(root: Path, split: str) -> list[Sample]:
    """Every sample of one split of all collections, in manifest order, without duplicates."""
    return unshown(s for name in COLLECTIONS for s in read(root, name) if s.split == split)


def unshown(samples: Iterable[Sample]) -> list[Sample]:
    """Those that no test picture shows."""
    return [sample for sample in samples if sample.crop.name not in SHOWN_IN_TEST]


def read_art(root: Path) -> list[Sample]:
    """Every sample of `root/art`, all of it for training.

    Raises:
        ManifestError: a class has no picture.
    """
    samples = []
    for label in ("ai", "real"):
        folder = root / ART / label
        paths = sorted(folder.glob("*.jpg"))
        if not paths:
            raise ManifestError(
                f"{folder} holds no .jpg. Point --data at the folder of collections."
            )
        samples += [Sample(ART, "web", "train", label, "art", "", (0, 0), p, p) for p in paths]
    return samples


def source_counts(samples: list[Sample]) -> dict[str, dict[str, int]]:
    """Pictures per collection/source and label, for the model card."""
    counts = Counter((f"{s.collection}/{s.source}", s.label) for s in samples)
    names = sorted({name for name, _ in counts})
    return {n: {label: counts[n, label] for label in ("ai", "real")} for n in names}


def group_weights(
    samples: list[Sample], shares: dict[str, float], power: float = 0.5
) -> npt.NDArray[np.float64]:
    """Weights with mean 1: equal classes, each class split over the collections by `shares`.

    Inside a collection and class a picture weighs (pictures of its source and class) ** -power.

    Returns:
        float64 (n,).
    """
    sizes = Counter((s.collection, s.source, s.label) for s in samples)
    weights = np.array([sizes[s.collection, s.source, s.label] ** -power for s in samples])
    keys = np.array([f"{s.label}/{s.collection}" for s in samples])
    for key in np.unique(keys):
        label = key.split("/")[0]
        present = {c for c in shares if f"{label}/{c}" in keys}
        share = shares[key.split("/")[1]] / sum(shares[c] for c in present)
        weights[keys == key] *= share / weights[keys == key].sum()
    return weights * len(samples) / weights.sum()
