"""Files that cannot be learned from, found by decoding each with the decoder that serves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from backend.images import ImageError, Limits, Picture, TooManyBytes, decode
from training.prepare import files, showing
from training.prepare.files import PrepareError

RECORD = "reasons.csv"
COLUMNS = ("path", "reason", "detail")


@dataclass(frozen=True)
class Unfit:
    """Why a file is no picture to learn from."""

    path: Path
    reason: str
    detail: str


def read(path: Path) -> Picture:
    """Decode a file with the limits that serving has.

    Raises:
        ImageError: it is no picture within the limits.
        OSError: it cannot be read.
    """
    limits = Limits()
    size = path.stat().st_size
    if size > limits.max_bytes:  # not even read
        raise TooManyBytes(f"The file has {size:,} bytes; the limit is {limits.max_bytes:,}.")
    return decode(path.read_bytes(), limits)


def checked(path: Path) -> Unfit | None:
    """What is wrong with a file."""
    try:
        read(path)
    except ImageError as error:
        return Unfit(path, type(error).__name__, str(error))
    except OSError as error:
        return Unfit(path, "Unreadable", f"The file cannot be read: {error.strerror}.")
    return None


def clean(folder: Path, aside: Path | None, processes: int, dry_run: bool, force: bool) -> None:
    """Move what cannot be decoded into `aside`, with `reasons.csv`.

    Raises:
        PrepareError: no folder, nothing in it, or nothing may be moved to where it should go.
    """
    aside = aside or folder.absolute().with_name(f"{folder.absolute().name}-unfit")
    files.require_apart(aside, [folder])
    # Lists and records that these commands write lie among the pictures.
    paths = [path for path in files.walk(folder) if path.suffix.lower() != ".csv"]
    if not paths:
        raise PrepareError(f"{folder} is empty; fill it first.")
    record = files.Record(aside / RECORD, COLUMNS)
    record.rows()
    results = showing.parallel(checked, paths, "Decoding", processes)
    unfit = [result for result in results if result]
    targets = [aside / one.path.relative_to(folder) for one in unfit]
    files.require_free(targets, force)
    if unfit:
        rows = [[str(one.path.relative_to(folder)), one.reason, one.detail] for one in unfit]
        showing.table("Unfit files", COLUMNS, rows)
        kinds = Counter(one.reason for one in unfit).most_common()
        showing.say(", ".join(f"{count:,} {reason}" for reason, count in kinds))
    for one, target in zip(unfit, targets, strict=True):
        if dry_run:
            showing.plan("move", one.path, target)
        else:
            record.add(
                {
                    "path": str(one.path.relative_to(folder)),
                    "reason": one.reason,
                    "detail": one.detail,
                }
            )
            files.move(one.path, target)
    good = len(paths) - len(unfit)
    end = "would be moved" if dry_run else "moved"
    showing.say(
        f"{folder}: {good:,} of {len(paths):,} files are good pictures"
        + (f"; {len(unfit):,} {end} to {aside}." if unfit else ".")
    )
    if unfit and not dry_run:
        showing.stale(folder)
