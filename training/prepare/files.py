"""Files written whole or not at all, and never over another by accident."""

from __future__ import annotations

import csv
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# What no list shows as it is: control characters, bytes that are not UTF-8, and marks that turn
# the direction of writing, behind which a name can pass for another.
ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
ODDITIES = "control characters, bytes that are not UTF-8 or marks that turn the writing"
_SHOWN = 5
_BUFFER = 1 << 20


class PrepareError(ValueError):
    """Something that cannot be done; the message names the path and what to do."""


def require_folder(path: Path) -> Path:
    """Return `path`.

    Raises:
        PrepareError: it is missing or no folder.
    """
    if path.is_dir():
        return path
    if path.exists():
        raise PrepareError(f"{path} is a file; give the folder of the pictures instead.")
    raise PrepareError(f"{path} does not exist; give the folder of the pictures.")


def require_apart(target: Path, folders: Sequence[Path]) -> None:
    """See that what is written is not read again.

    Raises:
        PrepareError: `target` lies inside one of `folders`, or is one of them.
    """
    for folder in folders:
        if target.resolve().is_relative_to(folder.resolve()):
            raise PrepareError(f"{target} lies inside {folder}; choose a place beside it.")


def some(names: Sequence[str]) -> str:
    """The first of many names, quoted, and how many more there are."""
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(map(repr, names[:_SHOWN])) + more


def walk(root: Path) -> list[Path]:
    """All files below `root`, sorted by path; hidden ones (`.name`) are left out.

    Raises:
        PrepareError: a link or special file, or names with `ODDITIES`.
    """
    found: list[Path] = []
    odd: list[str] = []
    waiting = [require_folder(root)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                path = Path(entry.path)
                if ODD.search(entry.name):
                    odd.append(str(path.relative_to(root)))
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                elif entry.is_file(follow_symlinks=False):
                    found.append(path)
                else:
                    raise PrepareError(
                        f"{path} is a link or a special file; put the file itself there, "
                        "or take it away."
                    )
    if odd:
        raise PrepareError(
            f"{root}: {len(odd):,} names have {ODDITIES} ({some(sorted(odd))}); rename them."
        )
    return sorted(found)


def require_free(targets: Sequence[Path], force: bool) -> None:
    """See that nothing would be overwritten.

    Raises:
        PrepareError: two of the targets are the same, one is a folder, or one exists without
            `force`.
    """
    twice = [path for path, count in Counter(targets).items() if count > 1]
    if twice:
        raise PrepareError(f"Two files would both become {twice[0]}; rename one of them.")
    existing = [path for path in targets if os.path.lexists(path)]
    if existing and not force:
        more = f" (and {len(existing) - 1:,} more)" if len(existing) > 1 else ""
        raise PrepareError(
            f"{existing[0]}{more} exists; choose another place, or overwrite with --force."
        )
    for path in existing:
        if path.is_dir():
            raise PrepareError(f"{path} is a folder where a file is to be; move it away.")


@contextmanager
def written(target: Path) -> Iterator[Path]:
    """A path to write to, which becomes `target` when the block ends well and else vanishes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.parent / f".{os.getpid()}.part"
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def copy(source: Path, target: Path) -> None:
    """Copy one file with its times."""
    with written(target) as partial:
        shutil.copy2(source, partial)


def move(source: Path, target: Path) -> None:
    """Move one file, to another disk too."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError as error:
        if not isinstance(error, FileNotFoundError) and source.stat().st_dev != (
            target.parent.stat().st_dev
        ):
            copy(source, target)
            source.unlink()
        else:
            raise


@contextmanager
def new_folder(target: Path, force: bool) -> Iterator[Path]:
    """A hidden folder to fill, which becomes `target` when the block ends well and else vanishes.

    With `force`, files of the same names in an existing `target` are replaced, others stay.
    """
    require_new(target, force)
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".", suffix=".part", dir=target.parent))
    scratch.chmod(0o755)
    try:
        yield scratch
        if target.is_dir() and any(target.iterdir()):
            made = walk(scratch)
            targets = [target / path.relative_to(scratch) for path in made]
            require_free(targets, force=True)
            for path, place in zip(made, targets, strict=True):
                move(path, place)
        else:
            if target.is_dir():
                target.rmdir()
            scratch.replace(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def require_new(target: Path, force: bool) -> None:
    """See that `target` is a folder to be made, or an empty one.

    Raises:
        PrepareError: it is a file, or has content and there is no `force`.
    """
    if target.exists() and not target.is_dir():
        raise PrepareError(f"{target} is a file; give the name of a folder to make.")
    if not force and target.is_dir() and any(target.iterdir()):
        raise PrepareError(
            f"{target} is not empty; choose a new folder, or let files of the same names be "
            "overwritten with --force."
        )


class Record:
    """A CSV file that grows by whole lines, each on the disk before what it tells is done."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path, self._columns = path, list(columns)

    def rows(self) -> list[dict[str, str]]:
        """What was recorded; nothing if there is no file.

        Raises:
            PrepareError: the file is another's.
        """
        if not self.path.exists():
            return []
        with self.path.open(newline="", encoding="utf-8") as lines:
            reader = csv.DictReader(lines)
            rows = list(reader)
        if reader.fieldnames != self._columns:
            raise PrepareError(
                f"{self.path} is no record of this command (columns {', '.join(self._columns)}); "
                "move it away."
            )
        return rows

    def add(self, row: dict[str, str]) -> None:
        """Append one line."""
        if not self.path.exists():
            self.replace([])
        with self.path.open("a", newline="", encoding="utf-8", buffering=_BUFFER) as lines:
            csv.DictWriter(lines, self._columns).writerow(row)

    def replace(self, rows: Sequence[dict[str, str]]) -> None:
        """Write the file anew."""
        write_csv(self.path, self._columns, rows)


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
    """Write a whole CSV file at once."""
    with (
        written(path) as partial,
        partial.open("w", newline="", encoding="utf-8", buffering=_BUFFER) as lines,
    ):
        writer = csv.DictWriter(lines, columns)
        writer.writeheader()
        writer.writerows(rows)
