"""Runs a recipe: data in, a network or head in `backend/models` out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import assert_never

import keras
import numpy as np
import numpy.typing as npt

from backend.detector import tower
from backend.detector.detector import MODELS
from backend.detector.experts import VIEW_WEIGHTS
from backend.detector.views import TILE_SIDE
from training import features, folds, metrics, recipe, teacher
from training.augment import Augmentation
from training.changes import AS_IS, Change, PassedOn
from training.datasets import cifake, crops, manifest
from training.export import export
from training.fit import fit
from training.head import LinearHead, fit_ridge
from training.networks import tiny, traces

HEAD_NAME = "appearance-head.npz"
HELD_OUT_NAME = "held-out.npz"
# How held-out pictures are seen for calibration.
CALIBRATING: dict[str, Change] = {"as_is": AS_IS, "passed_on": PassedOn(Augmentation())}


def train(name: str, data: Path, work: Path, models: Path = MODELS) -> None:
    """Train one recipe.

    Args:
        data: the folder of image collections.
        work: caches, checkpoints and logs, kept between runs; `work/<name>` is this recipe's.
        models: where the result goes.

    Raises:
        RecipeError, ManifestError: before any long work.
    """
    settings = recipe.load(name)
    match settings:
        case recipe.TinyRecipe():
            _train_tiny(settings, data, work, models)
        case recipe.TracesRecipe():
            _train_traces(settings, data, work, models)
        case recipe.AppearanceRecipe():
            _train_appearance(settings, data, work, models)
        case _:
            assert_never(settings)


def _train_tiny(settings: recipe.TinyRecipe, data: Path, work: Path, models: Path) -> None:
    keras.utils.set_random_seed(settings.seed)
    pictures = cifake.read(data, "train", cache=work / "cache")
    calibrating = cifake.held_out(pictures)
    training, watched = pictures.where(~calibrating), pictures.where(calibrating)
    batches = cifake.Batches(training, settings.fit.batch_size, settings.seed)
    network = fit(
        lambda: tiny.build(**settings.build.model_dump()),
        batches,
        (watched.pixels, {"logit": watched.labels}),
        settings.fit,
        work / "tiny",
    )
    export(network, models, side=32)


def _train_traces(settings: recipe.TracesRecipe, data: Path, work: Path, models: Path) -> None:
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
        settings.fit.draws_per_epoch or len(training),
        settings.seed,
    )
    network = fit(
        lambda: traces.build(**settings.build.model_dump()),
        batches,
        (crops.centre_crops(watched), crops.targets(watched, lessons[held_out])),
        settings.fit,
        work / "traces",
        settings.crops.taught,
    )
    export(network, models, side=TILE_SIDE)


def _train_appearance(
    settings: recipe.AppearanceRecipe, data: Path, work: Path, models: Path
) -> None:
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
    (work / "appearance").mkdir(parents=True, exist_ok=True)
    np.savez(work / "appearance" / HELD_OUT_NAME, allow_pickle=False, **held_out)
    for name, scores in held_out.items():
        _print_held_out(name, samples, scores)
    heads = _fit_heads(settings.head, samples, table)
    weights, bias = np.stack([h.weights for h in heads]), np.array([h.bias for h in heads])
    np.savez(models / HEAD_NAME, weights=weights, bias=bias.astype(np.float32))


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
    by_statistic = np.repeat(np.array(settings.importance, np.float32), tower.WIDTH)
    importance = np.tile(by_statistic, len(tower.BLOCKS))
    return [
        fit_ridge(table[:, view], labels, weights, settings.ridge, importance)
        for view in range(table.shape[1])
    ]
