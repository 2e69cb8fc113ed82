"""What a model said of pictures, as a CSV that calibration, figures and comparison read."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

COLUMNS = ("name", "label", "source", "score", "probability")


@dataclass(frozen=True)
class Predictions:
    """One row a picture, in the order of the data set.

    Attributes:
        labels: bool (n,), True = AI.
        scores: raw, rising with AI, float64 (n,).
        probabilities: calibrated P(AI), float64 (n,); NaN before calibration.
    """

    names: tuple[str, ...]
    labels: npt.NDArray[np.bool_]
    sources: tuple[str, ...]
    scores: npt.NDArray[np.float64]
    probabilities: npt.NDArray[np.float64]

    def write(self, path: Path) -> None:
        """Replace `path`, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        rows = zip(
            self.names,
            np.where(self.labels, "ai", "real").tolist(),
            self.sources,
            self.scores.tolist(),
            self.probabilities.tolist(),
            strict=True,
        )
        with partial.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(rows)
        partial.replace(path)

    @classmethod
    def read(cls, path: Path) -> Predictions:
        """Read what `write` wrote."""
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return cls(
            tuple(row["name"] for row in rows),
            np.array([row["label"] == "ai" for row in rows]),
            tuple(row["source"] for row in rows),
            np.array([float(row["score"]) for row in rows]),
            np.array([float(row["probability"]) for row in rows]),
        )
