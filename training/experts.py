"""The two experts on matched pictures: traces on native crops, appearance on tower features."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from backend.detector import tower
from backend.detector.experts import VIEW_WEIGHTS
from backend.detector.head import Head, save_heads
from training import features, folds, metrics, recipe, teacher
from training.augment import Augmentation
from training.changes import AS_IS, Change, PassedOn, Resaved
from training.datasets import manifest
from training.datasets.pictures import Pictures
from training.head import fit_head
from training.run import Run, Trained

HEAD_NAME = "appearance-head.npz"
HELD_OUT_NAME = "held-out.npz"
# What is made of a picture to learn from.
CHANGED: dict[str, Change] = {
    "as_is": AS_IS,
    "passed_on": PassedOn(Augmentation()),
    "webp": Resaved("WebP quality 80", kind="WEBP", quality=80),
}
# How held-out pictures are seen for calibration.
CALIBRATING = {name: CHANGED[name] for name in ("as_is", "passed_on")}


def train_traces(
    settings: recipe.TracesRecipe, data: Path, work: Path, run: Run, devices: int | None
) -> Trained:
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
        devices=devices,
    )
    fitted.network.save(run.network)
    return Trained(0, fitted.network.count_params(), fitted.seconds, len(training), len(watched))


def train_appearance(
    settings: recipe.AppearanceRecipe, data: Path, work: Path, run: Run
) -> Trained:
    """Fit the heads into `run.head`, and leave what they say of held-out sources beside them."""
    begun = time.monotonic()
    matched = manifest.read_all(data, "train")
    art = manifest.unshown(manifest.read_art(data))
    samples = [*matched, *art]
    tables = {
        name: features.extract(matched, work / "cache", change) for name, change in CHANGED.items()
    }
    seen = _Seen(samples, tables, features.extract(art, work / "cache"))
    numbers = folds.source_folds(matched)
    held_out = {name: np.empty(len(matched)) for name in CALIBRATING}
    for fold in range(folds.FOLDS):
        # Art is never held out: it measures nothing and calibrates nothing.
        inside = np.append(numbers != fold, np.ones(len(art), bool))
        heads = _fit_heads(settings.head, seen, inside)
        for name, scores in held_out.items():
            scores[numbers == fold] = _scores(heads, tables[name][numbers == fold])
    run.folder.mkdir(parents=True, exist_ok=True)
    np.savez(run.folder / HELD_OUT_NAME, allow_pickle=False, **held_out)
    for name, scores in held_out.items():
        _print_held_out(name, matched, scores)
    heads = _fit_heads(settings.head, seen, np.ones(len(samples), bool))
    parameters = save_heads(heads, run.head)
    return Trained(0, parameters, time.monotonic() - begun, len(samples), 0)


def train_appearance_on(settings: recipe.AppearanceRecipe, pictures: Pictures, run: Run) -> Trained:
    """Fit the heads to pictures of one size, classes weighted equally."""
    begun = time.monotonic()
    table = features.of_pictures(pictures.pixels)
    labels = np.where(pictures.labels, 1.0, -1.0)
    share = float(pictures.labels.mean())
    weights = 0.5 / np.where(pictures.labels, share, 1 - share)
    heads = [_head(settings.head, table[:, v], labels, weights) for v in range(table.shape[1])]
    parameters = save_heads(heads, run.head)
    return Trained(0, parameters, time.monotonic() - begun, len(pictures), 0)


def _scores(heads: list[Head], table: npt.NDArray[np.float16]) -> npt.NDArray[np.float64]:
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


@dataclass(frozen=True)
class _Seen:
    """What the heads learn from.

    Attributes:
        samples: matched ones, then art.
        tables: features of the matched ones after each change, (n, views, features) each.
        art: of the others as they are, of which only the whole view counts.
    """

    samples: list[manifest.Sample]
    tables: dict[str, npt.NDArray[np.float16]]
    art: npt.NDArray[np.float16]


def _fit_heads(settings: recipe.Head, seen: _Seen, chosen: npt.NDArray[np.bool_]) -> list[Head]:
    """One head for each kind of view, from the chosen samples and their changed copies."""
    samples = [seen.samples[i] for i in np.flatnonzero(chosen)]
    weights = manifest.group_weights(samples, settings.shares)
    labels = np.array([1.0 if sample.is_ai else -1.0 for sample in samples])
    native = np.array([sample.native for sample in samples])
    matched = chosen[: len(next(iter(seen.tables.values())))]
    copies: dict[str, float] = settings.copies.model_dump()
    shares = {"as_is": 1 - sum(copies.values()), **copies}
    heads = []
    for view, name in enumerate(features.VIEWS):
        rows = [seen.tables[change][matched, view] for change in shares]
        row_labels = [labels[native]] * len(shares)
        row_weights = [share * weights[native] for share in shares.values()]
        if name == "whole":
            rows.append(seen.art[:, view])
            row_labels.append(labels[~native])
            row_weights.append(weights[~native])
        heads.append(
            _head(
                settings,
                np.concatenate(rows),
                np.concatenate(row_labels),
                np.concatenate(row_weights),
            )
        )
    return heads


def _head(
    settings: recipe.Head,
    table: npt.NDArray[np.float16],
    labels: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
) -> Head:
    by_statistic = np.repeat(np.array(settings.importance, np.float32), tower.WIDTH)
    importance = np.tile(by_statistic, len(tower.BLOCKS))
    return fit_head(table, labels, weights, settings.ridge, settings.quadratic, importance)
