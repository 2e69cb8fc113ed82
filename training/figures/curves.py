"""How a training went, epoch by epoch."""

from __future__ import annotations

import csv
from pathlib import Path

from matplotlib.ticker import MaxNLocator

from training.figures import canvas
from training.run import Run

_FIGURES = {
    "loss": "loss",
    "accuracy": "accuracy",
    "auc": "AUC",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
}
_PARTS = {"": "learned from", "val_": "only watched"}


def draw(run: Run, folder: Path) -> Path | None:
    """`curves`: loss, accuracy, AUC, precision, recall and F1; none if no epoch was logged."""
    rows = _logged(run)
    if not rows:
        return None
    figure, axes = canvas.panels(f"Training of {run.name}", columns=3, rows=2, size=(3.6, 2.8))
    epochs = [int(row["epoch"]) + 1 for row in rows]
    header = ["epoch"]
    columns: list[list[float]] = []
    for axis, (key, title) in zip(axes, _FIGURES.items(), strict=True):
        for place, (prefix, part) in enumerate(_PARTS.items()):
            column = _column(rows, prefix, key)
            if column:
                values = [float(row[column]) for row in rows]
                axis.plot(epochs, values, label=part, marker=".", **canvas.style(place))
                header.append(prefix + key)
                columns.append(values)
        axis.set(title=title, xlabel="epoch")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[0].legend()
    return canvas.keep(figure, folder, "curves", header, zip(epochs, *columns, strict=True))


def _logged(run: Run) -> list[dict[str, str]]:
    if not run.log.is_file():
        return []
    with run.log.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _column(rows: list[dict[str, str]], prefix: str, key: str) -> str | None:
    """Keras names a figure by its output where there are several."""
    names = (f"{prefix}{key}", f"{prefix}logit_{key}")
    return next((name for name in names if name in rows[0]), None)
