"""Pictures of one size in memory: what classifiers learn from and are measured on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from backend.images import Pixels
from training.changes import Change
from training.datasets import manifest
from training.datasets.manifest import ART, ManifestError, Sample

CIFAKE = "cifake"
MATCHED = "matched"  # quiz, wild and human together
_POINT = "Point --data at the folder of collections."


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
    return _pictures(squash(seen, side, len(samples)), samples)


def squash(pictures: Iterable[Pixels], side: int, count: int) -> Pixels:
    """Each of `count` pictures as a square of `side` pixels: uint8 (count, side, side, 3)."""
    pixels = np.empty((count, side, side, 3), np.uint8)
    for place, picture in enumerate(pictures):
        image = Image.fromarray(picture)
        pixels[place] = np.asarray(image.resize((side, side), Image.Resampling.BICUBIC))
    return pixels


def _pictures(pixels: Pixels, samples: Sequence[Sample]) -> Pictures:
    return Pictures(
        pixels,
        np.array([sample.is_ai for sample in samples]),
        tuple(sample.name for sample in samples),
        tuple(f"{s.collection}/{s.source}" for s in samples),
    )


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
    if name == CIFAKE:
        # Built on this module.
        from training.datasets import cifake

        return cifake.read(root, split, cache)
    if name == ART and not (root / ART / "manifest.csv").exists():
        samples = _art(root, split)
    else:
        samples = _listed(root, name, split)
    labels = [sample.label for sample in samples]
    key = f"{name} {split} {side} {which} " + " ".join(str(s.crop) for s in samples)
    digest = hashlib.sha256(" ".join([key, *labels]).encode()).hexdigest()[:12]
    cached = cache / f"pictures-{name}-{split}-{side}-{which}-{digest}.npy" if cache else None
    if cached and cached.exists():
        return _pictures(np.load(cached), samples)
    pictures = squashed(samples, side, which)
    if cached:
        cached.parent.mkdir(parents=True, exist_ok=True)
        partial = cached.with_suffix(".part.npy")
        np.save(partial, pictures.pixels)
        partial.replace(cached)
    return pictures


def check(root: Path, name: str, split: str = "train") -> None:
    """See that a data set is there and has both classes, without decoding a picture.

    Raises:
        ManifestError: it cannot be learned from.
    """
    if name == CIFAKE:
        if not (root / "cifake.tar.xz").is_file():
            raise ManifestError(f"{root / 'cifake.tar.xz'} does not exist. {_POINT}")
    elif name == ART and not (root / ART / "manifest.csv").exists():
        _art(root, split)
    else:
        require_both_classes([s.is_ai for s in _listed(root, name, split)], f"{name}, {split}")


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


def held_out(pictures: Pictures, share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Which pictures of a train split are only watched and calibrate: bool (n,), about `share`.

    Of CIFAKE by content hash, of everything else as one of `folds`; of few pictures more.

    Raises:
        ManifestError: a class has fewer than two pictures.
    """
    if set(pictures.sources) == {CIFAKE}:
        from training.datasets import cifake

        return cifake.held_out(pictures, share)
    least = min(int(pictures.labels.sum()), int((~pictures.labels).sum()))
    return folds(pictures, max(2, min(round(1 / share), least)), seed) == 0


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
