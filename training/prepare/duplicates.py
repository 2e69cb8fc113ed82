"""Pictures that are there more than once: the same bytes, or the same to a perceptual hash.

Of pictures alike in one class the first is kept: of the test split before validation before train,
so that what was measured on stays measured on, then by path. The same bytes in both classes
contradict each other: all are moved aside. Pictures that only look alike and are of different
classes are told and left: an AI copy of a photograph beside the photograph is worth having.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import imagehash
import numpy as np
import numpy.typing as npt
from PIL import Image

from backend.images import ImageError
from training.datasets.manifest import Sample
from training.prepare import cleaning, files, layout, showing
from training.prepare.files import PrepareError

RECORD = "duplicates.csv"
COLUMNS = ("path", "of", "kind", "distance", "classes", "splits", "moved")
BITS = 64
_FIRST = showing.SPLITS[::-1]


@dataclass(frozen=True)
class Hashes:
    """SHA-256 of a file's bytes, and the 64 bits of its perceptual hash as a number."""

    digest: bytes
    perceptual: int


@dataclass(frozen=True)
class Pair:
    """A picture and the one that it repeats; `distance` is in bits, 0 also for equal bytes."""

    picture: Sample
    of: Sample
    exact: bool
    distance: int

    @property
    def across_classes(self) -> bool:
        return self.picture.label != self.of.label

    @property
    def across_splits(self) -> bool:
        return self.picture.split != self.of.split

    @property
    def moved(self) -> bool:
        return self.exact or not self.across_classes

    def row(self, root: Path) -> dict[str, str]:
        """The line of the record."""
        return {
            "path": str(self.picture.crop.relative_to(root)),
            "of": str(self.of.crop.relative_to(root)),
            "kind": "same bytes" if self.exact else "looks alike",
            "distance": str(self.distance),
            "classes": f"{self.picture.label} | {self.of.label}" if self.across_classes else "",
            "splits": f"{self.picture.split} | {self.of.split}" if self.across_splits else "",
            "moved": "yes" if self.moved else "no",
        }


def hashes(path: Path) -> Hashes | str:
    """Hash one picture, or say why it cannot be read."""
    try:
        digest = hashlib.sha256(path.read_bytes()).digest()
        shown = imagehash.phash(Image.fromarray(cleaning.read(path).pixels))
    except (ImageError, OSError) as error:
        return str(error)
    return Hashes(digest, int.from_bytes(np.packbits(shown.hash).tobytes(), "big"))


def pairs(samples: Sequence[Sample], hashed: Sequence[Hashes], distance: int) -> list[Pair]:
    """Every picture that repeats one that is kept, and pictures alike in different classes.

    Args:
        samples: in any order.
        hashed: of each sample.
        distance: bits by which perceptual hashes may differ.
    """
    order = sorted(
        range(len(samples)), key=lambda i: (_FIRST.index(samples[i].split), str(samples[i].crop))
    )
    found, unlike = _same_bytes(samples, hashed, order)
    return found + _alike(samples, hashed, unlike, distance)


def _same_bytes(
    samples: Sequence[Sample], hashed: Sequence[Hashes], order: list[int]
) -> tuple[list[Pair], list[int]]:
    """Pairs of equal bytes, and the places that are left."""
    groups: dict[bytes, list[int]] = {}
    for i in order:
        groups.setdefault(hashed[i].digest, []).append(i)
    found, left = [], []
    for group in groups.values():
        others = {
            label: next((i for i in group if samples[i].label != label), None)
            for label in {samples[i].label for i in group}
        }
        if len(others) == 1:
            left.append(group[0])
            found += [Pair(samples[i], samples[group[0]], True, 0) for i in group[1:]]
        else:
            of = {label: i for label, i in others.items() if i is not None}
            found += [Pair(samples[i], samples[of[samples[i].label]], True, 0) for i in group]
    return found, left


def _alike(
    samples: Sequence[Sample], hashed: Sequence[Hashes], order: list[int], distance: int
) -> list[Pair]:
    # 100,000 pictures are 5 billion comparisons of 64 bits: seconds, as numpy does them.
    kept: dict[str, tuple[npt.NDArray[np.uint64], list[int]]] = {
        label: (np.empty(len(order), np.uint64), []) for label in {s.label for s in samples}
    }
    found = []
    for i in showing.tracked(order, "Comparing"):
        bits = np.uint64(hashed[i].perceptual)
        repeats = False
        for label, (bits_kept, places) in kept.items():
            if not places:
                continue
            distances = np.bitwise_count(bits_kept[: len(places)] ^ bits)
            nearest = int(distances.argmin())
            if distances[nearest] <= distance:
                of = samples[places[nearest]]
                found.append(Pair(samples[i], of, False, int(distances[nearest])))
                repeats |= label == samples[i].label
        if not repeats:
            own_bits, own_places = kept[samples[i].label]
            own_bits[len(own_places)] = bits
            own_places.append(i)
    return found


def dedupe(
    folder: Path,
    folders: layout.ClassFolders,
    distance: int,
    aside: Path | None,
    processes: int,
    dry_run: bool,
    force: bool,
) -> None:
    """Move duplicates into `aside`, with `duplicates.csv`; tell the worst ones first.

    Raises:
        PrepareError: no picture, one that cannot be read, or nothing may be moved there.
    """
    aside = aside or folder.absolute().with_name(f"{folder.absolute().name}-duplicates")
    files.require_apart(aside, [folder])
    samples = layout.by_folders(folder, folders, labelled=False)
    record = files.Record(aside / RECORD, COLUMNS)
    record.rows()
    results = showing.parallel(hashes, [s.crop for s in samples], "Hashing", processes)
    hashed = []
    for sample, result in zip(samples, results, strict=True):
        if isinstance(result, str):
            raise PrepareError(f"{sample.crop}: {result} Run `prepare clean {folder}` first.")
        hashed.append(result)
    found = pairs(samples, hashed, distance)
    found.sort(key=lambda p: (not p.across_classes, not p.across_splits, not p.exact))
    moved = [pair for pair in found if pair.moved]
    targets = {p.picture.crop: aside / p.picture.crop.relative_to(folder) for p in moved}
    files.require_free(list(targets.values()), force)
    _tell(found, folder)
    already: set[Path] = set()
    for pair in found:
        path = pair.picture.crop
        if dry_run:
            if pair.moved and path not in already:
                showing.plan("move", path, targets[path])
        else:
            record.add(pair.row(folder))
            if pair.moved and path not in already:
                files.move(path, targets[path])
        already.add(path)
    end = "would be moved" if dry_run else "moved"
    showing.say(
        f"{folder}: {len(targets):,} of {len(samples):,} pictures are duplicates"
        + (f", {end} to {aside}." if targets else ".")
    )
    if targets and not dry_run:
        showing.stale(folder)


def _tell(found: Sequence[Pair], root: Path) -> None:
    if not found:
        return
    rows = [pair.row(root) for pair in found]
    cells = [
        [row["path"], row["of"], row["distance"], row["classes"] or row["splits"], row["moved"]]
        for row in rows
    ]
    showing.table("Duplicates", ("picture", "repeats", "bits", "across", "moved"), cells)
    kinds = Counter((p.across_classes, p.across_splits) for p in found)
    classes = sum(count for (across, _), count in kinds.items() if across)
    splits = sum(count for (_, across), count in kinds.items() if across)
    if classes:
        showing.loud(
            f"{classes:,} pairs ACROSS CLASSES: the same picture is called AI and real. The same "
            "bytes are moved aside, both; what only looks alike is left: look at it."
        )
    if splits:
        showing.loud(
            f"{splits:,} pairs ACROSS SPLITS: what was trained on would be tested on. The test "
            "picture is kept."
        )
