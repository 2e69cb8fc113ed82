"""The runs of a working folder: by name, or all that ended."""

from __future__ import annotations

import difflib
from pathlib import Path

from training.run import Run, RunError


def named(work: Path, name: str) -> Run:
    """A run by its name in `work/runs`, or by the path of its folder.

    Raises:
        RunError: there is none; names the nearest.
    """
    for folder in (work / "runs" / name, Path(name)):
        if folder.is_dir():
            return Run(folder)
    there = [folder.name for folder in _folders(work)]
    if not there:
        raise RunError(f"There is no run {name!r}: {work / 'runs'} holds none. Train one first.")
    nearest = difflib.get_close_matches(name, there, n=1)
    meant = f"Did you mean {nearest[0]}?" if nearest else f"There are: {', '.join(there)}."
    raise RunError(f"There is no run {name!r} in {work / 'runs'}. {meant}")


def ended(work: Path) -> list[Run]:
    """Every run whose training has ended, by name.

    Raises:
        RunError: there is none.
    """
    runs = [Run(folder) for folder in _folders(work) if (folder / "run.json").is_file()]
    if not runs:
        raise RunError(f"{work / 'runs'} holds no run that was trained to its end.")
    return runs


def _folders(work: Path) -> list[Path]:
    return sorted(folder for folder in (work / "runs").glob("*") if folder.is_dir())
