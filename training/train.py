"""Trains a recipe: pictures in, a run's folder out; what serves goes to `backend/models` too."""

from __future__ import annotations

import datetime
import hashlib
import shutil
import time
from functools import partial
from pathlib import Path
from typing import TypeGuard, assert_never

import numpy as np

from backend.detector.detector import MODELS
from training import features, machine, models, recipe, validation
from training.datasets import caching, manifest
from training.datasets.manifest import ManifestError
from training.datasets.pictures import Pictures, require_both_classes, some
from training.datasets.sets import MATCHED, check, held_out, read
from training.run import Run, RunInfo, Trained

SERVING = ("tiny", "traces", "appearance")


def train(
    settings: recipe.Recipe,
    data: Path,
    work: Path,
    served: Path = MODELS,
    *,
    devices: int | None = None,
    force: bool = False,
) -> Run:
    """Train one recipe into `work/runs/<recipe>-<data>`, or go on where it was killed.

    A recipe of the shipped detector, with the settings it is shipped with, also renews its files in
    `served`.

    Args:
        data: the folder of image collections.
        work: caches and runs, kept.
        devices: how many a network is trained on; every GPU if not given, or the CPU.
        force: forget what the run's folder holds.

    Raises:
        RecipeError, ManifestError, RunError, DevicesError: before any long work; nothing was
            changed.
    """
    check(data, settings.data)
    if isinstance(settings, recipe.TracesRecipe | recipe.AppearanceRecipe):
        features.require_tower()
    if devices is not None:
        from training.devices import distribute

        with distribute(devices):
            pass  # are there so many? To be known before pictures are read
    shown = None
    if not (isinstance(settings, recipe.EnsembleRecipe) or _on_matched(settings)):
        cache = work / "cache"
        shown = read(data, settings.data, "train", settings.side, settings.which, cache)
    run = Run(work / "runs" / f"{settings.name}-{settings.data}")
    with run.afresh(force):
        if isinstance(settings, recipe.EnsembleRecipe):
            _gather(settings, run)
        elif _on_matched(settings):
            _train_expert(settings, data, work, run, devices)
        elif shown is not None:
            train_run(settings, shown, run, devices=devices)
    if settings.name in SERVING and not recipe.overridden(settings):
        _serve(settings.name, run, served)
    return run


def _on_matched(
    settings: recipe.Recipe,
) -> TypeGuard[recipe.TracesRecipe | recipe.AppearanceRecipe]:
    """Whether an expert learns from both files of each matched picture."""
    return isinstance(settings, recipe.TracesRecipe) or (
        isinstance(settings, recipe.AppearanceRecipe) and settings.data == MATCHED
    )


def train_run(
    settings: recipe.Recipe,
    pictures: Pictures,
    run: Run,
    watched: Pictures | None = None,
    *,
    devices: int | None = None,
) -> None:
    """Train a recipe on pictures that are in memory.

    Args:
        watched: neither learned from nor counted in; where none are given, the recipe's share of
            the pictures (`sets.held_out`) is taken out for it.

    Raises:
        RecipeError, ManifestError, RunError: before any long work.
    """
    require_both_classes(pictures.labels, settings.data)
    if isinstance(settings, recipe.TracesRecipe):
        raise recipe.RecipeError("traces learns from crops of matched pictures alone.")
    if isinstance(settings, recipe.EnsembleRecipe):
        raise recipe.RecipeError(f"{settings.name} learns nothing itself: its members do.")
    content = pictures.digest() + (watched.digest() if watched else "")
    run.begin(settings, _digest(pictures, watched), content)
    if run.finished:
        return
    match settings:
        case recipe.ClassifierRecipe():
            parts = _parts(settings, pictures, watched)
            trained = _train_classifier(settings, *parts, run, devices)
        case recipe.ClassicalRecipe():
            trained = _train_classical(settings, *_parts(settings, pictures, watched), run)
        case recipe.AppearanceRecipe():
            from training import experts

            trained = experts.train_appearance_on(settings, pictures, run)
        case _:
            assert_never(settings)
    run.write_info(_info(settings, trained))


def _parts(
    settings: recipe.PicturesRecipe, all_: Pictures, watched: Pictures | None
) -> tuple[Pictures, Pictures]:
    """What is learned from, and what is watched meanwhile: of a subset its own share."""
    learned = all_
    if watched is None:
        apart = held_out(all_, settings.validation, settings.seed)
        learned, watched = all_.where(~apart), all_.where(apart)
    if settings.subset:
        share = settings.validation / (1 - settings.validation)
        learned = some(learned, settings.subset, settings.seed)
        watched = some(watched, max(2, round(settings.subset * share)), settings.seed)
    return learned, watched


def _train_classifier(
    settings: recipe.ClassifierRecipe,
    learned: Pictures,
    watched: Pictures,
    run: Run,
    devices: int | None,
) -> Trained:
    if len(learned) < settings.fit.batch_size:
        raise ManifestError(
            f"{settings.name} learns in batches of {settings.fit.batch_size}; there are only "
            f"{len(learned)} pictures."
        )
    # TensorFlow takes seconds to import: after everything that can be wrong was looked at.
    import keras

    from training import networks
    from training.datasets.batches import PictureBatches, targets
    from training.fit import fit
    from training.networks import augmentation

    keras.utils.set_random_seed(settings.seed)
    fitted = fit(
        lambda: networks.build(settings.network, settings.weights, **_numbers(settings)),
        PictureBatches(
            learned,
            settings.fit.batch_size,
            settings.seed,
            shifted=settings.shifted,
            class_weights=settings.class_weights,
        ),
        (watched.pixels, targets(watched)),
        settings.fit,
        run,
        augmentation=partial(augmentation.build, settings.augmentation)
        if settings.augmentation
        else None,
        devices=devices,
    )
    fitted.network.save(run.network)
    validation.keep(run, models.NetworkModel(fitted.network), watched)
    return Trained(
        learned.pixels.shape[1],
        fitted.network.count_params(),
        fitted.seconds,
        len(learned),
        len(watched),
    )


def _numbers(settings: recipe.ClassifierRecipe) -> dict[str, object]:
    """The arguments of the network's `build`; ours take pictures as they come."""
    takes_side = settings.network not in ("tiny", "traces")
    return {**settings.build, **({"side": settings.side} if takes_side else {})}


def _train_classical(
    settings: recipe.ClassicalRecipe, learned: Pictures, watched: Pictures, run: Run
) -> Trained:
    import joblib

    from training import classical

    begun = time.monotonic()
    estimator = classical.fit(settings, learned)
    partial = run.classical.with_suffix(".part")
    joblib.dump(estimator, partial)
    partial.replace(run.classical)
    seconds = time.monotonic() - begun
    validation.keep(run, models.ClassicalModel(estimator), watched)
    side = learned.pixels.shape[1]
    return Trained(side, classical.parameters(estimator), seconds, len(learned), len(watched))


def _gather(settings: recipe.EnsembleRecipe, run: Run) -> None:
    """An ensemble of runs that are there already."""
    members = models.member_runs(run, settings)
    info = ensemble_info(settings, members)
    run.begin(settings, "those of the members")
    validation.combine(run, members, settings.vote)
    run.write_info(info)


def ensemble_info(settings: recipe.EnsembleRecipe, members: list[Run]) -> RunInfo:
    """What an ensemble's members came to together.

    Raises:
        RunError: a member is not trained.
    """
    infos = [member.info() for member in members]
    trained = Trained(
        0,
        sum(info.parameters for info in infos),
        sum(info.seconds for info in infos),
        max(info.pictures["trained"] for info in infos),
        max(info.pictures["watched"] for info in infos),
    )
    return _info(settings, trained)


def _train_expert(
    settings: recipe.TracesRecipe | recipe.AppearanceRecipe,
    data: Path,
    work: Path,
    run: Run,
    devices: int | None,
) -> None:
    samples = manifest.read_all(data, "train")
    art = [] if isinstance(settings, recipe.TracesRecipe) else manifest.read_art(data)
    run.begin(settings, "matched", caching.digest([*samples, *art]))
    if run.finished:
        return
    from training import experts

    if isinstance(settings, recipe.TracesRecipe):
        trained = experts.train_traces(settings, data, work, run, devices)
        import keras

        network = keras.models.load_model(run.network, safe_mode=True)
        validation.keep_traces(run, models.NetworkModel(network), data)
    else:
        trained = experts.train_appearance(settings, data, work, run)
        with np.load(run.folder / experts.HELD_OUT_NAME, allow_pickle=False) as scores:
            validation.keep_samples(run, samples, scores["as_is"].astype(np.float64))
    run.write_info(_info(settings, trained))


def _serve(name: str, run: Run, served: Path) -> None:
    """Renew the files of the shipped detector."""
    if name == "appearance":
        shutil.copyfile(run.head, served / run.head.name)
        return
    import keras

    from backend.detector.views import TILE_SIDE
    from training.export import export

    network = keras.models.load_model(run.network, safe_mode=True)
    export(network, served, side=32 if name == "tiny" else TILE_SIDE)


def _digest(learned: Pictures, watched: Pictures | None) -> str:
    parts = [learned.names, learned.labels.tolist(), watched.names if watched else ()]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _info(settings: recipe.Recipe, trained: Trained) -> RunInfo:
    return RunInfo(
        recipe=settings.name,
        data=settings.data,
        settings=settings.model_dump(mode="json"),
        side=trained.side,
        parameters=trained.parameters,
        seconds=round(trained.seconds, 1),
        machine=machine.describe(),
        versions=machine.versions(),
        pictures={"trained": trained.trained, "watched": trained.watched},
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )
