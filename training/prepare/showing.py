"""What the commands print: progress on standard error, tables and plans on standard output."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from training.datasets.manifest import Sample
from training.prepare.files import PrepareError

SHOWN_ROWS = 40
SPLITS = ("", "train", "validation", "test")
# Starting processes takes longer than reading this many pictures.
_WORTH_PROCESSES = 400

out = Console()
progress = Console(stderr=True)
Item = TypeVar("Item")
Result = TypeVar("Result")


def say(sentence: str) -> None:
    """One line that holds names of files."""
    out.print(escape(sentence), soft_wrap=True, highlight=False)


def loud(sentence: str) -> None:
    """A line that must not be missed."""
    out.print(escape(sentence), style="bold red", soft_wrap=True, highlight=False)


def plan(verb: str, source: Path, target: Path | None = None) -> None:
    """One line of a dry run."""
    say(f"would {verb} {source}" + (f" -> {target}" if target else ""))


def tracked(items: Iterable[Item], title: str, count: int | None = None) -> Iterable[Item]:
    """The items, with a bar on a terminal; `count` of them where they have no length."""
    hidden = not progress.is_terminal
    return track(items, title, count, console=progress, transient=True, disable=hidden)


def parallel(
    function: Callable[[Item], Result], items: Sequence[Item], title: str, processes: int
) -> list[Result]:
    """Results in the order of the items, from several processes where that pays.

    Raises:
        PrepareError: the system ended a process.
    """
    if processes == 1 or len(items) < _WORTH_PROCESSES:
        with warnings.catch_warnings():
            _no_warnings()
            return [function(item) for item in tracked(items, title)]
    with ProcessPoolExecutor(processes, get_context("spawn"), _start) as pool:
        try:
            results = pool.map(function, items, chunksize=32)
            return list(tracked(results, title, len(items)))
        except BrokenProcessPool as error:
            raise PrepareError(
                "A process that read pictures was ended by the system; is there enough memory?"
            ) from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _start() -> None:
    signal(SIGINT, SIG_IGN)  # the parent stops its children
    _no_warnings()


def _no_warnings() -> None:
    # Pillow tells of odd EXIF and palettes; what cannot be decoded is an error of its own.
    warnings.filterwarnings("ignore", category=UserWarning, module="PIL")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The first rows of a table; the last line tells how many more there are."""
    shown = Table(title=title, title_justify="left")
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows[:SHOWN_ROWS]:
        shown.add_row(*(escape(cell) for cell in row))
    out.print(shown)
    if len(rows) > SHOWN_ROWS:
        say(f"… and {len(rows) - SHOWN_ROWS:,} more.")


def counts(title: str, samples: Sequence[Sample]) -> None:
    """Pictures by split and class, and the number of sources."""
    pictures = Counter((s.split, s.label) for s in samples)
    rows = []
    for split in sorted({s.split for s in samples}, key=SPLITS.index):
        sources = {s.source for s in samples if s.split == split}
        ai, real = pictures[split, "ai"], pictures[split, "real"]
        rows.append([split or "all", f"{ai:,}", f"{real:,}", f"{len(sources):,}"])
    table(title, ("split", "ai", "real", "sources"), rows)


def stale(folder: Path) -> None:
    """Tell that a list of pictures no longer tells what is there."""
    if (folder / "manifest.csv").exists():
        say(f"{folder / 'manifest.csv'} is out of date: `prepare manifest {folder} --force`.")
