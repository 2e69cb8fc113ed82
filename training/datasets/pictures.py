"""Pictures of one size in memory: what classifiers learn from and are measured on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from backend.images import Pixels
from training.changes import Change
from training.datasets.manifest import ManifestError, Sample


@dataclass(frozen=True)
class Pictures:
    """Pictures in a fixed order.

    Attributes:
        pixels: uint8 RGB (n, side, side, 3).
        labels: bool (n,), True = AI.
        names: of each picture, unique and the same in every run.
        sources: of each picture; a source is never split between training and validation.
    """

    pixels: Pixels
    labels: npt.NDArray[np.bool_]
    names: tuple[str, ...]
    sources: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def where(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Pictures:
        """The pictures for which bool (n,) is true, or at these places."""
        places = np.arange(len(self))[chosen]
        return Pictures(
            self.pixels[places],
            self.labels[places],
            tuple(self.names[i] for i in places),
            tuple(self.sources[i] for i in places),
        )

    def digest(self) -> str:
        """What the pictures show, in few characters."""
        return hashlib.sha256(self.pixels.reshape(-1).data).hexdigest()[:16]

    def at(self, side: int) -> Pictures:
        """The same pictures squashed to another size."""
        return replace(self, pixels=squash(self.pixels, side, len(self)))


def squashed(
    samples: Sequence[Sample], side: int, which: str = "whole", change: Change | None = None
) -> Pictures:
    """`crop` or `whole` of each sample, changed or not, squashed to a square of `side` pixels.

    Raises:
        ManifestError: a picture that cannot be read, by name.
    """
    seen = (change.pixels(s, which) if change else s.pixels(which) for s in samples)
    return of_samples(squash(seen, side, len(samples)), samples)


def squash(pictures: Iterable[Pixels], side: int, count: int) -> Pixels:
    """Each of `count` pictures as a square of `side` pixels: uint8 (count, side, side, 3)."""
    pixels = np.empty((count, side, side, 3), np.uint8)
    for place, picture in enumerate(pictures):
        image = Image.fromarray(picture)
        pixels[place] = np.asarray(image.resize((side, side), Image.Resampling.BICUBIC))
    return pixels


def of_samples(pixels: Pixels, samples: Sequence[Sample]) -> Pictures:
    """What was read of samples, (n, side, side, 3), with what is known of them."""
    return Pictures(
        pixels,
        np.array([sample.is_ai for sample in samples]),
        tuple(sample.name for sample in samples),
        tuple(f"{s.collection}/{s.source}" for s in samples),
    )


def require_both_classes(labels: Sequence[bool] | npt.NDArray[np.bool_], what: str) -> None:
    """Refuse to learn from one class.

    Raises:
        ManifestError: there is only one.
    """
    count_ai = int(np.sum(labels))
    if not 0 < count_ai < len(labels):
        only = "AI" if count_ai else "real"
        raise ManifestError(
            f"{what}: all {len(labels)} pictures are {only}. Two classes are needed to learn from."
        )


def folds(pictures: Pictures, count: int, seed: int) -> npt.NDArray[np.int64]:
    """The fold of each picture, int64 (n,): classes balanced, whole sources on one side.

    Where a class has fewer than `count` sources they cannot be kept whole, only classes balanced.

    Raises:
        ManifestError: a class has fewer than `count` pictures.
    """
    labels, sources = pictures.labels, np.array(pictures.sources)
    least = min(int(labels.sum()), int((~labels).sum()))
    if least < count:
        raise ManifestError(f"{count} folds need {count} pictures of each class, not {least}.")
    grouped = all(len(np.unique(sources[labels == label])) >= count for label in (True, False))
    kind = StratifiedGroupKFold if grouped else StratifiedKFold
    splitter = kind(count, shuffle=True, random_state=seed)
    numbers = np.empty(len(pictures), np.int64)
    splits = splitter.split(sources, labels, sources if grouped else None)
    for number, (_, members) in enumerate(splits):
        numbers[members] = number
    return numbers


def some(pictures: Pictures, count: int, seed: int) -> Pictures:
    """At most `count` pictures, drawn so that classes keep their shares, in their old order."""
    if count >= len(pictures):
        return pictures
    rng = np.random.default_rng(seed)
    of_ai = round(count * float(pictures.labels.mean()))
    chosen = [
        rng.permutation(np.flatnonzero(pictures.labels == label))[:number]
        for label, number in ((True, of_ai), (False, count - of_ai))
    ]
    return pictures.where(np.sort(np.concatenate(chosen)))
