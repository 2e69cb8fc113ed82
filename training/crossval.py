"""Cross-validation: every picture is judged by a model that never saw it nor its source."""

from __future__ import annotations

import datetime
import hashlib
from contextlib import suppress
from pathlib import Path

import numpy as np

from training import features, machine, models, recipe, validation
from training.calibrate import CalibrationError
from training.datasets import pictures, sets
from training.datasets.pictures import Pictures
from training.predictions import Predictions
from training.run import Run, RunError, RunInfo
from training.run_calibration import calibrate_run
from training.scoring import VALIDATION
from training.train import ensemble_info, train_run

_UNSEEN = "unseen"
FOLDS = "folds"


def crossval(
    settings: recipe.Recipe, root: Path, count: int, work: Path, *, force: bool = False
) -> Run:
    """Train a recipe once a fold, and judge each fold by the model that was trained without it.

    An ensemble trains nothing: it needs its members' cross-validations, and says of each picture
    what they say together.

    A killed one goes on in the fold where it was. `predictions/<data>.csv` of the run, which is
    `work/runs/<recipe>-<data>-cv`, has every picture of the train split; probabilities come from
    the calibration of each fold's own model, and are NaN where there is none: the recipe holds
    nothing out, or the model is no better than chance on it.

    Args:
        root: the folder of collections.
        count: folds, stratified by class; a source is in one fold only, where each class has enough
            of them.
        force: forget what the run's folder holds.

    Raises:
        RecipeError, ManifestError, RunError: before any long work; nothing was changed.
    """
    if isinstance(settings, recipe.TracesRecipe):
        raise recipe.RecipeError("traces learns from crops of matched pictures alone.")
    run = Run(work / "runs" / f"{settings.name}-{settings.data}-cv")
    if isinstance(settings, recipe.EnsembleRecipe):
        with run.afresh(force):
            _combine(settings, count, run)
        return run
    sets.check(root, settings.data)
    if isinstance(settings, recipe.AppearanceRecipe):
        features.require_tower()
    shown = sets.read(root, settings.data, "train", settings.side, settings.which, work / "cache")
    numbers = pictures.folds(shown, count, settings.seed)
    with run.afresh(force):
        run.begin(settings, f"{count} folds of {_digest(shown)}", shown.digest())
        folds = [Run(run.folder / FOLDS / str(number + 1)) for number in range(count)]
        for number, fold in enumerate(folds):
            if not fold.predictions(_UNSEEN).is_file():
                print(f"{run.name}: fold {number + 1} of {count}")
                _fold(settings, shown, numbers == number, fold)
        _gather(numbers, [Predictions.read(fold.predictions(_UNSEEN)) for fold in folds]).write(
            run.predictions(settings.data)
        )
        run.write_info(_info([fold.info() for fold in folds]))
    return run


def _combine(settings: recipe.EnsembleRecipe, count: int, run: Run) -> None:
    """An ensemble of cross-validations that are there already."""
    members = models.member_runs(run, settings)
    for name, member in zip(settings.members, members, strict=True):
        if not member.finished or member.info().pictures[FOLDS] != count:
            raise RunError(
                f"{settings.name} needs the cross-validation of {name}: run crossval {name} "
                f"--on {settings.data} --folds {count} first."
            )
    said = [Predictions.read(member.predictions(settings.data)) for member in members]
    if len({frozenset(one.names) for one in said}) > 1:
        raise RunError(
            f"The members of {settings.name} were cross-validated on different pictures: run "
            "crossval again for each, with --force."
        )
    run.begin(settings, f"{count} folds of the members")
    validation.together(said, settings.vote).write(run.predictions(settings.data))
    info = ensemble_info(settings, members)
    run.write_info(info.model_copy(update={"pictures": {**info.pictures, FOLDS: count}}))


def _fold(settings: recipe.Recipe, shown: Pictures, outside: np.ndarray, fold: Run) -> None:
    train_run(settings, shown.where(~outside), fold)
    unseen = shown.where(outside)
    scores = models.load(fold).scores(unseen.pixels)
    probabilities = np.full(len(unseen), np.nan)
    if fold.predictions(VALIDATION).is_file():
        # No better than chance on what it held out: still worth counting, but no probability.
        with suppress(CalibrationError):
            probabilities = calibrate_run(fold).probabilities(scores)
    Predictions(unseen.names, unseen.labels, unseen.sources, scores, probabilities).write(
        fold.predictions(_UNSEEN)
    )


def _gather(numbers: np.ndarray, parts: list[Predictions]) -> Predictions:
    """The predictions of all folds, in the order of the pictures."""
    back = np.argsort(np.concatenate([np.flatnonzero(numbers == n) for n in range(len(parts))]))
    names = [name for part in parts for name in part.names]
    sources = [source for part in parts for source in part.sources]
    return Predictions(
        tuple(names[place] for place in back),
        np.concatenate([part.labels for part in parts])[back],
        tuple(sources[place] for place in back),
        np.concatenate([part.scores for part in parts])[back],
        np.concatenate([part.probabilities for part in parts])[back],
    )


def _info(folds: list[RunInfo]) -> RunInfo:
    """One run for all folds: their time together, the pictures of one."""
    return folds[0].model_copy(
        update={
            "seconds": round(sum(info.seconds for info in folds), 1),
            "machine": machine.describe(),
            "versions": machine.versions(),
            "pictures": {**folds[0].pictures, FOLDS: len(folds)},
            "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        }
    )


def _digest(shown: Pictures) -> str:
    return hashlib.sha256(repr((shown.names, shown.labels.tolist())).encode()).hexdigest()[:16]
