"""Several collections in one, each a source of it: [split/]class/collection/[source/]name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from training.prepare import copies, files, layout, showing, splitting
from training.prepare.files import PrepareError


def merge(
    folders: Sequence[Path],
    target: Path,
    class_folders: layout.ClassFolders,
    dry_run: bool,
    force: bool,
) -> None:
    """Copy collections into a new folder; names that meet are numbered.

    Raises:
        PrepareError: fewer than two, one that cannot be read, splits in some alone, or `target`
            is taken.
    """
    if len(folders) < 2:
        raise PrepareError(f"{folders[0]} alone cannot be merged; name two collections or more.")
    files.require_apart(target, [files.require_folder(folder) for folder in folders])
    files.require_new(target, force)
    samples, places = [], []
    names: set[str] = set()
    taken: set[Path] = set()
    unsplit: set[Path] = set()
    for folder in folders:
        copies.require_none_made(folder)
        name = _unused(Path(folder.resolve().name), {Path(n) for n in names}).name
        names.add(name)
        found = layout.find(folder, class_folders)
        layout.require_one_file(folder, found)
        for sample in found:
            if not sample.split:
                unsplit.add(folder)
            place = _unused(layout.place(sample, folder, name), taken)
            taken.add(place)
            samples.append(replace(sample, source=f"{name}/{sample.source}"))
            places.append(place)
    if unsplit and any(sample.split for sample in samples):
        raise PrepareError(
            f"{unsplit.pop()} has pictures without a split, other collections have splits; run "
            "`prepare split` on it first."
        )
    layout.require_both(target, samples)
    splitting.carry(samples, places, target, dry_run, force)
    showing.counts(str(target), samples)


def _unused(path: Path, taken: set[Path]) -> Path:
    """The path, with a number if it is taken."""
    candidate, number = path, 1
    while candidate in taken:
        number += 1
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return candidate
