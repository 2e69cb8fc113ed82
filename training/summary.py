"""A run's figures on a set of pictures, for people at a terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from rich.table import Table

from training import metrics
from training.predictions import Predictions
from training.run import RunCalibration


def verdicts(said: Predictions, calibration: RunCalibration | None) -> metrics.Bools:
    """True where a picture is called AI: above the calibrated threshold, else above score 0."""
    if calibration is None:
        return said.scores > 0
    return said.probabilities > calibration.threshold


def table(
    name: str, by_set: Mapping[str, Predictions], calibration: RunCalibration | None
) -> Table:
    """One column a set."""
    if calibration is None:
        decided = "AI: score above 0; not calibrated"
    else:
        decided = f"AI: calibrated probability above {calibration.threshold:.3f}"
    made = Table("figure", *by_set, title=name, caption=decided)
    columns = [figures(said, calibration) for said in by_set.values()]
    for row in columns[0]:
        made.add_row(row.replace("_", " "), *(_shown(column[row]) for column in columns))
    return made


def figures(said: Predictions, calibration: RunCalibration | None) -> dict[str, float | int | None]:
    """Every figure of one set; none where the set lacks a class or the run a calibration."""
    accused = verdicts(said, calibration)
    found = metrics.classified(said.labels, accused)
    inside = metrics.source_aucs(said.labels, said.scores, said.sources)
    both = 0 < said.labels.sum() < len(said.labels)
    calibrated = calibration is not None
    (spared, wronged), (missed, caught) = found.confusion.tolist()
    return {
        "pictures": found.pictures,
        "accuracy": found.accuracy,
        "balanced_accuracy": found.balanced_accuracy if both else None,
        "precision": found.precision if both else None,
        "recall": found.recall if both else None,
        "f1": found.f1 if both else None,
        "auc": metrics.auc(said.labels, said.scores) if both else None,
        "mean_auc_inside_a_source": float(np.mean(list(inside.values()))) if inside else None,
        "calibration_error": metrics.expected_calibration_error(said.labels, said.probabilities)
        if calibrated
        else None,
        "real_called_real": spared,
        "real_called_ai": wronged,
        "ai_called_real": missed,
        "ai_called_ai": caught,
    }


def _shown(value: float | int | None) -> str:
    if value is None or math.isnan(value):
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"
