"""All figures of runs into one folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from training import crossval, models, scoring, summary
from training.figures import architecture, curves, robustness, verdicts
from training.predictions import Predictions
from training.run import Run, RunError


def draw(runs: Sequence[Run], to: Path, root: Path, changed: str | None = None) -> list[Path]:
    """Draw what is known of runs into `to/<run>`, and what they share into `to`.

    Args:
        root: the folder of collections; only for `changed`.
        changed: a set whose pictures are re-saved and resized to draw robustness curves.

    Returns:
        The SVG files.

    Raises:
        RunError, RecipeError, ManifestError: before anything is drawn.
    """
    by_run = {run: _evaluated(run) for run in runs}
    if changed:
        robustness.pictures(root, changed)
        for run in runs:
            scoring.settings_of(run)
            models.load(run)  # is all of it there?
    paths: list[Path | None] = []
    for run, by_set in by_run.items():
        folder = to / run.name
        paths.append(curves.draw(run, folder))
        for name, said in by_set.items():
            paths += _of_set(run, name, said, folder)
        if run.network.is_file():
            import keras  # seconds

            network = keras.models.load_model(run.network, safe_mode=True)
            paths.append(architecture.draw(network, run.name, folder))
        if changed:
            paths.append(robustness.draw(run, root, changed, folder))
    for name in sorted({name for by_set in by_run.values() for name in by_set}):
        lines = {run.name: said[name] for run, said in by_run.items() if name in said}
        lines = {run: said for run, said in lines.items() if _both(said)}
        if len(lines) > 1:
            paths.append(verdicts.ranking(lines, f"Ranking of {name}", to, f"ranking-{name}"))
    return [path for path in paths if path]


def _evaluated(run: Run) -> dict[str, Predictions]:
    """Refuses runs of which half of the figures could not be drawn."""
    info = run.info()
    by_set = scoring.evaluated(run)
    if not by_set:
        raise RunError(f"{run.name} has judged no test pictures: evaluate {run.name} first.")
    if crossval.FOLDS not in info.pictures:  # its folds are calibrated one by one
        run.calibration()
    return by_set


def _of_set(run: Run, name: str, said: Predictions, folder: Path) -> list[Path]:
    accused = summary.verdicts(said, run.calibration() if run.calibrated else None)
    title = f"{run.name} on {name}"
    paths = [
        verdicts.confusion(said, accused, title, folder, f"confusion-{name}"),
        verdicts.by_source(said, accused, title, folder, f"sources-{name}"),
    ]
    if _both(said):
        paths.append(verdicts.ranking({name: said}, title, folder, f"ranking-{name}"))
    if np.isfinite(said.probabilities).all():
        paths.append(verdicts.reliability(said, title, folder, f"reliability-{name}"))
    return paths


def _both(said: Predictions) -> bool:
    return bool(0 < said.labels.sum() < len(said.labels))
