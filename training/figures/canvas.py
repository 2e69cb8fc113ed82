"""One look for all figures, and one way to keep them: the same numbers give the same files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Told apart by every common kind of colour vision (Okabe and Ito 2008); line styles help in grey.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
LINES = ("-", "--", "-.", ":")
AI, REAL = COLOURS[1], COLOURS[0]

_LOOK: dict[Any, Any] = {
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "grid.alpha": 0.3,
    "svg.fonttype": "none",
    "svg.hashsalt": "real-or-ai",
}
_INCHES = 4.0  # of a panel
_DPI = 150

Row = Sequence[object]


def panels(
    title: str, columns: int = 1, rows: int = 1, size: tuple[float, float] = (_INCHES, _INCHES)
) -> tuple[Figure, list[Axes]]:
    """An empty figure of panels, each of a size in inches, in reading order."""
    with mpl.rc_context(_LOOK):
        figure = Figure(figsize=(size[0] * columns, size[1] * rows + 0.4))
        axes = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    figure.suptitle(title)
    return figure, axes


def style(place: int) -> dict[str, Any]:
    """How the line at this place of a legend looks."""
    return {"color": COLOURS[place % len(COLOURS)], "linestyle": LINES[place % len(LINES)]}


def keep(
    figure: Figure, folder: Path, name: str, header: Sequence[str], rows: Iterable[Row]
) -> Path:
    """Write `name.svg`, `name.png` and `name.csv`; returns the first."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.svg"
    with mpl.rc_context(_LOOK):
        figure.savefig(path, metadata={"Date": None})
        figure.savefig(path.with_suffix(".png"), dpi=_DPI)
    with path.with_suffix(".csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
