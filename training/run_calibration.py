"""A run's own calibration, fitted on what it never learned from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from training import calibrate, metrics
from training.calibrate import CalibrationError
from training.predictions import Predictions
from training.run import Run, RunCalibration, RunError
from training.scoring import VALIDATION


def calibrate_run(run: Run) -> RunCalibration:
    """Calibrate on `predictions/validation.csv`, and write it into all predictions of the run.

    Raises:
        RunError: not trained to its end, or it held nothing out.
        CalibrationError: of one class, worse than chance, or a picture that tests; nothing changes.
    """
    run.info()
    held_out = run.predictions(VALIDATION)
    if not held_out.is_file():
        raise RunError(f"{held_out} does not exist: {run.name} has nothing to calibrate it on.")
    files = {path: Predictions.read(path) for path in sorted(held_out.parent.glob("*.csv"))}
    _refuse_tests(files, held_out)
    calibration = fit(files[held_out])
    run.write_calibration(calibration)
    for path, said in files.items():
        replace(said, probabilities=calibration.probabilities(said.scores)).write(path)
    return calibration


def fit(validation: Predictions) -> RunCalibration:
    """Platt scaling (1999), both classes weighted alike; threshold of best balanced accuracy.

    Raises:
        CalibrationError: one class only, the same score everywhere, or worse than chance.
    """
    labels, scores = validation.labels, validation.scores
    if not 0 < labels.sum() < len(labels):
        raise CalibrationError(f"All {len(labels)} pictures held out are of one class.")
    if len(np.unique(scores)) == 1:
        raise CalibrationError(f"All {len(labels)} pictures held out have the same score.")
    weights = 0.5 / np.where(labels, labels.mean(), 1 - labels.mean())
    stack = calibrate.fit_stack(("the model",), {"the model": scores}, labels, weights)
    uncut = RunCalibration(weight=stack.weights[0], bias=stack.bias, threshold=0.5)
    threshold = metrics.best_threshold(labels, uncut.probabilities(scores))
    return uncut.model_copy(update={"threshold": threshold})


def _refuse_tests(files: dict[Path, Predictions], held_out: Path) -> None:
    validation = set(files[held_out].names)
    for path, said in files.items():
        shared = validation & set(said.names)
        if path != held_out and shared:
            raise CalibrationError(
                f"{len(shared)} pictures of {held_out} are in {path.name} too, among them "
                f"{min(shared)}: no model is calibrated on the pictures that test it."
            )
