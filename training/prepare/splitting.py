"""Train, validation and test, as copies in a new folder: split/class/source/name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.datasets.manifest import Sample
from training.prepare import copies, files, layout, showing
from training.prepare.files import PrepareError

# Orders of sources that are tried; the one that comes closest to the shares is taken.
_TRIALS = 50

Parts = npt.NDArray[np.int64]


def split(
    folder: Path,
    target: Path,
    folders: layout.ClassFolders,
    validation: float,
    test: float,
    by_source: bool,
    seed: int,
    dry_run: bool,
    force: bool,
) -> None:
    """Copy a collection into `target`, split; a test split that is there stays as it is.

    Raises:
        PrepareError: not two classes, too few pictures or sources, or `target` is taken.
    """
    files.require_apart(target, [files.require_folder(folder)])
    files.require_new(target, force)
    samples = layout.find(folder, folders)
    layout.require_both(folder, samples)
    copies.require_none_made(folder)
    layout.require_one_file(folder, samples)
    parts = assigned(folder, samples, validation, test, by_source, seed)
    resplit = [replace(one, split=part) for one, part in zip(samples, parts, strict=True)]
    carry(resplit, [layout.place(one, folder) for one in resplit], target, dry_run, force)
    showing.counts(str(target), resplit)
    if not by_source and len({s.source for s in samples}) > 1:
        showing.say("There are several sources: with --by-source none is on two sides.")


def assigned(
    folder: Path,
    samples: Sequence[Sample],
    validation: float,
    test: float,
    by_source: bool,
    seed: int,
) -> list[str]:
    """The part of each sample: train, validation or test.

    Args:
        folder: named in errors.
        samples: of both classes; if some are test already, validation is taken out of the others.
        validation: share of all pictures that are to be split.
        test: the same, of no use where there is a test split.
        by_source: keep sources whole; shares are met as well as whole sources can.
        seed: the same seed gives the same parts.

    Raises:
        PrepareError: there is a validation split already, or a part would lack a class.
    """
    present = {sample.split for sample in samples}
    if "validation" in present:
        raise PrepareError(f"{folder} has a validation split already; nothing is left to split.")
    tested = "test" in present
    if tested and present - {"train", "test"}:
        raise PrepareError(f"{folder} has pictures outside of train and test; put them into one.")
    shares = {"train": 1 - validation - test * (not tested), "validation": validation}
    if not tested:
        shares["test"] = test
    shares = {name: share for name, share in shares.items() if share > 0}
    if shares.get("train", 0) <= 0 or len(shares) == 1:
        raise PrepareError(
            f"{folder}: --validation {validation:g} and --test {test:g} must leave something to "
            "train on and something to measure on; their sum must lie between 0 and 1."
        )
    free = [i for i, sample in enumerate(samples) if sample.split != "test"]
    labels = np.array([samples[i].label == "ai" for i in free])
    layout.require_both(folder / "train" if tested else folder, [samples[i] for i in free])
    rng = np.random.default_rng(seed)
    wanted = np.array(list(shares.values()))
    if by_source:
        numbers = _whole_sources(labels, [samples[i].source for i in free], wanted, rng)
    else:
        numbers = _stratified(labels, wanted, rng)
    names = list(shares)
    for number, name in enumerate(names):
        for label, word in ((True, "AI"), (False, "real")):
            if not (labels[numbers == number] == label).any():
                what = "sources" if by_source else "pictures"
                raise PrepareError(
                    f"{folder}: {name} would have no {word} picture; there are too few {word} "
                    f"{what}, add some or ask for fewer parts."
                )
    parts = ["test"] * len(samples)
    for i, number in zip(free, numbers, strict=True):
        parts[i] = names[number]
    return parts


def _stratified(
    labels: npt.NDArray[np.bool_], shares: npt.NDArray[np.float64], rng: np.random.Generator
) -> Parts:
    """Parts that have their share of each class, at least one picture each where possible."""
    parts = np.zeros(len(labels), np.int64)
    for label in (True, False):
        members = rng.permutation(np.flatnonzero(labels == label))
        sizes = np.maximum(1, np.round(shares[1:] * len(members))).astype(int)
        for number, end in enumerate(np.cumsum(sizes), start=1):
            parts[members[end - sizes[number - 1] : end]] = number
    return parts


def _whole_sources(
    labels: npt.NDArray[np.bool_],
    sources: Sequence[str],
    shares: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> Parts:
    """Sources in turn go where the greatest part of what is wanted is missing; the best of some."""
    names, places = np.unique(np.array(sources), return_inverse=True)
    sizes = np.stack([np.bincount(places, labels == c, len(names)) for c in (False, True)], axis=1)
    wanted = shares[:, None] * sizes.sum(axis=0)
    best, least = np.zeros(len(names), np.int64), np.inf
    for _ in range(_TRIALS):
        chosen, given = np.empty(len(names), np.int64), np.zeros_like(wanted)
        for source in rng.permutation(len(names)):
            missing = ((wanted - given) / wanted)[:, sizes[source] > 0].mean(axis=1)
            part = int(missing.argmax())
            chosen[source] = part
            given[part] += sizes[source]
        # A part without one of the classes is worse than any shares.
        error = np.abs(given - wanted).sum() + (given == 0).sum() * wanted.sum()
        if error < least:
            best, least = chosen, error
    return best[places]


def carry(
    samples: Sequence[Sample], targets: Sequence[Path], root: Path, dry_run: bool, force: bool
) -> None:
    """Copy each sample to its place below the new folder `root`.

    Raises:
        PrepareError: two would have the same place, or `root` has pictures in other places: of an
            earlier split, in which a picture that is to test now may train.
    """
    places = [root / target for target in targets]
    files.require_free(places, force)
    if root.is_dir():
        there = [path for path in files.walk(root) if path.suffix.lower() in layout.SUFFIXES]
        others = sorted(set(there) - set(places))
        if others:
            raise PrepareError(
                f"{root} holds {len(others):,} pictures which this would leave there, such as "
                f"{others[0]}; choose a new folder, or move {root} away."
            )
    if dry_run:
        for sample, target in zip(samples, targets, strict=True):
            showing.plan("copy", sample.crop, root / target)
        return
    with files.new_folder(root, force) as scratch:
        for sample, target in showing.tracked(list(zip(samples, targets, strict=True)), "Copying"):
            files.copy(sample.crop, scratch / target)
