"""What a run's model says of the pictures it held out: what calibrates it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from training import folds, models
from training.datasets import manifest
from training.datasets.manifest import Sample
from training.datasets.pictures import Pictures
from training.models import Floats, Model
from training.predictions import Predictions
from training.run import Run
from training.scoring import VALIDATION


def keep(run: Run, model: Model, watched: Pictures) -> None:
    """Score pictures that a model never learned from."""
    scores = model.scores(watched.pixels)
    _write(run, watched.names, watched.labels, watched.sources, scores)


def keep_samples(run: Run, samples: list[Sample], scores: Floats) -> None:
    """The same of samples that were scored already, (n,)."""
    labels = np.array([sample.is_ai for sample in samples])
    names = tuple(sample.name for sample in samples)
    sources = tuple(f"{sample.collection}/{sample.source}" for sample in samples)
    _write(run, names, labels, sources, scores)


def keep_traces(run: Run, model: Model, data: Path) -> None:
    """The same of the fold of sources that the trace network never sees."""
    from training.datasets import crops  # imports Keras: seconds

    samples = manifest.read_all(data, "train")
    places = np.flatnonzero(folds.source_folds(samples) == folds.HELD_OUT)
    unseen = [samples[i] for i in places]
    keep_samples(run, unseen, model.scores(crops.centre_crops(unseen)))


def combine(run: Run, members: list[Run], vote: str) -> None:
    """What an ensemble says of the pictures that all of its members held out, if there are any."""
    paths = [member.predictions(VALIDATION) for member in members]
    if not all(path.is_file() for path in paths):
        return
    said = together([Predictions.read(path) for path in paths], vote)
    if said.names:
        said.write(run.predictions(VALIDATION))


def together(said: list[Predictions], vote: str) -> Predictions:
    """What an ensemble says of the pictures that all of its members judged, not calibrated."""
    places = [{name: place for place, name in enumerate(one.names)} for one in said]
    common = tuple(name for name in said[0].names if all(name in known for known in places))
    first = [places[0][name] for name in common]
    scores = [
        one.scores[[known[name] for name in common]]
        for one, known in zip(said, places, strict=True)
    ]
    return Predictions(
        common,
        said[0].labels[first],
        tuple(said[0].sources[place] for place in first),
        models.combine(scores, vote),
        np.full(len(common), np.nan),
    )


def _write(
    run: Run, names: tuple[str, ...], labels: np.ndarray, sources: tuple[str, ...], scores: Floats
) -> None:
    blank = np.full(len(names), np.nan)
    Predictions(names, labels, sources, scores, blank).write(run.predictions(VALIDATION))
