"""What a run's model says of test pictures, kept in the run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rich.progress import track

from training import models, recipe
from training.changes import AS_IS, Change
from training.datasets import cifake, manifest, pictures, sets
from training.datasets.manifest import ManifestError, Sample
from training.models import ExpertModel, Model
from training.predictions import Predictions
from training.run import Run, RunError

VALIDATION = "validation"  # what a run held out, to calibrate on
SHIPPED = "shipped"  # kind of the runs that are no recipe's
_BATCH = 64


def sets_of(data: str) -> tuple[str, ...]:
    """The sets whose test split belongs to what was learned from."""
    return manifest.COLLECTIONS if data == sets.MATCHED else (data,)


def check(root: Path, name: str) -> None:
    """See that a set has test pictures, before any long work.

    Raises:
        ManifestError: there is no such set, or it has no test split.
    """
    if (root / name / "manifest.csv").is_file():
        samples(root, name)
    else:
        sets.check(root, name, "test")


def samples(root: Path, name: str) -> list[Sample]:
    """The test pictures of a collection with a manifest.

    Raises:
        ManifestError: there are none.
    """
    if name == cifake.NAME:
        raise ManifestError(f"{name} has no manifest.csv.")
    found = [sample for sample in manifest.read(root, name) if sample.split == "test"]
    if not found:
        raise ManifestError(f"{root / name / 'manifest.csv'} lists no picture of split 'test'.")
    return found


def evaluate(run: Run, root: Path, names: tuple[str, ...], work: Path) -> dict[str, Predictions]:
    """Score the test splits of several sets and write `predictions/<set>.csv` of each.

    Args:
        root: the folder of collections.
        names: of the sets; those of what the run learned from if there are none.
        work: where decoded pictures are kept.

    Raises:
        RunError, RecipeError, ManifestError: before any long work; or a picture that cannot be
            read, by name, and then nothing of its set is written.
    """
    settings_of(run)
    names = expanded(names or (run.info().data,))
    for name in names:
        check(root, name)
    model = models.load(run)
    found = {}
    for name in names:
        found[name] = _judge(run, model, root, name, work)
        found[name].write(run.predictions(name))
    return found


def expanded(names: tuple[str, ...]) -> tuple[str, ...]:
    """The same with the parts of `matched`, each once."""
    return tuple(dict.fromkeys(part for name in names for part in sets_of(name)))


def _judge(run: Run, model: Model, root: Path, name: str, work: Path) -> Predictions:
    if isinstance(model, ExpertModel) and name != cifake.NAME:
        chosen = samples(root, name)
        return predictions(
            run,
            [s.is_ai for s in chosen],
            [s.name for s in chosen],
            [f"{s.collection}/{s.source}" for s in chosen],
            score_samples(run, model, chosen),
        )
    side, which = _seen(run)
    shown = sets.read(root, name, "test", side, which, work / "cache")
    starts = track(range(0, len(shown), _BATCH), f"{run.name} on {name}", transient=True)
    scores = np.concatenate([model.scores(shown.pixels[i : i + _BATCH]) for i in starts])
    return predictions(run, shown.labels.tolist(), shown.names, shown.sources, scores)


def score_samples(
    run: Run, model: Model, chosen: list[Sample], change: Change = AS_IS
) -> models.Floats:
    """Raw scores (n,) of samples, each changed first."""
    side, which = _seen(run)
    parts = []
    for start in track(range(0, len(chosen), _BATCH), f"{run.name}, {change.name}", transient=True):
        batch = chosen[start : start + _BATCH]
        if isinstance(model, ExpertModel):
            seen = [[change.pixels(s, which) for which in ("crop", "whole")] for s in batch]
            cuts = [model.expert.cut(crop, whole) for crop, whole in seen]
            parts.append(np.array([o.score for o in model.expert.judge(cuts)], np.float64))
        else:
            squares = pictures.squashed(batch, side, which, change)
            parts.append(model.scores(squares.pixels))
    return np.concatenate(parts)


def evaluated(run: Run) -> dict[str, Predictions]:
    """What a run said of each set that it was tested on, by name."""
    paths = sorted(run.predictions("").parent.glob("*.csv"))
    return {path.stem: Predictions.read(path) for path in paths if path.stem != VALIDATION}


def predictions(
    run: Run,
    labels: list[bool],
    names: tuple[str, ...] | list[str],
    sources: tuple[str, ...] | list[str],
    scores: models.Floats,
) -> Predictions:
    """Rows of a run: calibrated if the run is, else with NaN as probability."""
    probabilities = np.full(len(scores), np.nan)
    if run.calibrated:
        probabilities = run.calibration().probabilities(scores)
    return Predictions(tuple(names), np.array(labels), tuple(sources), scores, probabilities)


def _seen(run: Run) -> tuple[int, str]:
    """The side of the pictures that a run's model looks at, and which of a sample's files."""
    settings = settings_of(run)
    return run.info().side or settings.side, settings.which


def settings_of(run: Run) -> recipe.Recipe:
    """The recipe as the run trained it.

    Raises:
        RunError, RecipeError: not trained to its end, or by another version of this package.
    """
    settings = run.info().settings
    if settings.get("kind") == SHIPPED:
        raise RunError(
            f"{run.name} is the shipped detector, not a recipe's: evaluate shipped measures it."
        )
    return recipe.parse(settings, str(run.folder / "run.json"))


def read(run: Run, name: str) -> Predictions:
    """What a run said of a set.

    Raises:
        RunError: it was not evaluated on it; names the command.
    """
    path = run.predictions(name)
    if not path.is_file():
        raise RunError(
            f"{path} does not exist: python -m training evaluate {run.name} --on {name} writes it."
        )
    return Predictions.read(path)
