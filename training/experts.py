"""The two experts on matched pictures: traces on native crops, appearance on tower features."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt

from backend.detector import tower
from backend.detector.experts import VIEW_WEIGHTS
from training import features, folds, metrics, recipe, teacher
from training.augment import Augmentation
from training.changes import AS_IS, Change, PassedOn
from training.datasets import manifest
from training.datasets.pictures import Pictures
from training.head import LinearHead, fit_ridge
from training.run import Run, Trained

HEAD_NAME = "appearance-head.npz"
HELD_OUT_NAME = "held-out.npz"
# How held-out pictures are seen for calibration.
CALIBRATING: dict[str, Change] = {"as_is": AS_IS, "passed_on": PassedOn(Augmentation())}


def train_traces(settings: recipe.TracesRecipe, data: Path, work: Path, run: Run) -> Trained:
    """Train the trace network into `run.network`, with the tower as its teacher."""
    # TensorFlow takes seconds to import: after everything that can be wrong was looked at.
    import keras

    from training.datasets import crops
    from training.fit import fit
    from training.networks import traces

    keras.utils.set_random_seed(settings.seed)
    samples = manifest.read_all(data, "train")
    numbers = folds.source_folds(samples)
    taught = np.flatnonzero(numbers != folds.HELD_OUT)
    held_out = np.flatnonzero(numbers == folds.HELD_OUT)
    table = features.extract(samples, work / "cache")
    crop = features.VIEWS.index("crop")
    lessons = teacher.lessons(table[:, crop], taught, settings.crops.taught)
    training, watched = [samples[i] for i in taught], [samples[i] for i in held_out]
    batches = crops.Batches(
        training,
        lessons[taught],
        settings.crops.shares,
        settings.crops.side,
        settings.augmentation,
        settings.fit.batch_size,
        settings.crops.draws_per_epoch,
        settings.seed,
    )
    fitted = fit(
        lambda: traces.build(**settings.build.model_dump()),
        batches,
        (crops.centre_crops(watched), crops.targets(watched, lessons[held_out])),
        settings.fit,
        run,
        taught=settings.crops.taught,
    )
    fitted.network.save(run.network)
    return Trained(0, fitted.network.count_params(), fitted.seconds, len(training), len(watched))


def train_appearance(
    settings: recipe.AppearanceRecipe, data: Path, work: Path, run: Run
) -> Trained:
    """Fit the heads into `run.head`, and leave what they say of held-out sources beside them."""
    begun = time.monotonic()
    samples = manifest.read_all(data, "train")
    tables = {
        name: features.extract(samples, work / "cache", change)
        for name, change in CALIBRATING.items()
    }
    table = tables["as_is"]
    numbers = folds.source_folds(samples)
    held_out = {name: np.empty(len(samples)) for name in tables}
    for fold in range(folds.FOLDS):
        inside, outside = np.flatnonzero(numbers != fold), np.flatnonzero(numbers == fold)
        heads = _fit_heads(settings.head, [samples[i] for i in inside], table[inside])
        for name, seen in tables.items():
            held_out[name][outside] = _scores(heads, seen[outside])
    run.folder.mkdir(parents=True, exist_ok=True)
    np.savez(run.folder / HELD_OUT_NAME, allow_pickle=False, **held_out)
    for name, scores in held_out.items():
        _print_held_out(name, samples, scores)
    heads = _fit_heads(settings.head, samples, table)
    parameters = _save(heads, run)
    return Trained(0, parameters, time.monotonic() - begun, len(samples), 0)


def train_appearance_on(settings: recipe.AppearanceRecipe, pictures: Pictures, run: Run) -> Trained:
    """Fit the heads to pictures of one size, classes weighted equally."""
    begun = time.monotonic()
    table = features.of_pictures(pictures.pixels)
    labels = np.where(pictures.labels, 1.0, -1.0)
    share = float(pictures.labels.mean())
    weights = 0.5 / np.where(pictures.labels, share, 1 - share)
    parameters = _save(_heads(settings.head, table, labels, weights), run)
    return Trained(0, parameters, time.monotonic() - begun, len(pictures), 0)


def _save(heads: list[LinearHead], run: Run) -> int:
    """Write `run.head`; returns how many numbers it holds."""
    weights, bias = np.stack([h.weights for h in heads]), np.array([h.bias for h in heads])
    run.folder.mkdir(parents=True, exist_ok=True)
    np.savez(run.head, weights=weights, bias=bias.astype(np.float32))
    return weights.size + bias.size


def _scores(heads: list[LinearHead], table: npt.NDArray[np.float16]) -> npt.NDArray[np.float64]:
    """Raw scores of `table` (n, views, features), as the expert weighs its views: (n,)."""
    by_view = [head.scores(table[:, view]) for view, head in enumerate(heads)]
    return np.asarray(VIEW_WEIGHTS @ by_view, np.float64)


def _print_held_out(
    name: str, samples: list[manifest.Sample], scores: npt.NDArray[np.float64]
) -> None:
    """The figures by which variants are compared."""
    labels = np.array([sample.is_ai for sample in samples])
    sources = [sample.source for sample in samples]
    sizes = Counter((sample.collection, sample.source) for sample in samples)
    large = np.array([s.collection == "quiz" and sizes["quiz", s.source] >= 20 for s in samples])
    wild = np.array([s.collection == "wild" for s in samples])
    inside = [source for source, chosen in zip(sources, large, strict=True) if chosen]
    quiz_auc = metrics.mean_source_auc(labels[large], scores[large], inside)
    quiz = np.array([s.collection == "quiz" for s in samples])
    print(
        f"{name}, held out: quiz, mean AUC inside a source {quiz_auc:.3f}, "
        f"pooled {metrics.auc(labels[quiz], scores[quiz]):.3f}, "
        f"wild {metrics.auc(labels[wild], scores[wild]):.3f}"
    )


def _fit_heads(
    settings: recipe.Head, samples: list[manifest.Sample], table: npt.NDArray[np.float16]
) -> list[LinearHead]:
    """One head for each kind of view; `table` is (n, views, features)."""
    labels = np.array([1.0 if sample.is_ai else -1.0 for sample in samples])
    weights = manifest.group_weights(samples, settings.shares)
    return _heads(settings, table, labels, weights)


def _heads(
    settings: recipe.Head,
    table: npt.NDArray[np.float16],
    labels: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
) -> list[LinearHead]:
    by_statistic = np.repeat(np.array(settings.importance, np.float32), tower.WIDTH)
    importance = np.tile(by_statistic, len(tower.BLOCKS))
    return [
        fit_ridge(table[:, view], labels, weights, settings.ridge, importance)
        for view in range(table.shape[1])
    ]
