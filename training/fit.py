"""Fitting a network: one loop for every recipe, resumable, on any Keras backend."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
from keras import callbacks, layers, ops

from backend.images import Pixels
from training.datasets.batches import RestOfEpoch, SeededBatches, Targets
from training.devices import DevicesError, distribute, gpus, jit_compile
from training.recipe import Fit
from training.run import Run, RunError
from training.state import Checkpoint, restore

SAVE_SECONDS = 120.0


class WarmupCosine(keras.optimizers.schedules.LearningRateSchedule):
    """Linear warm-up to `peak`, then half a cosine down to zero at `steps`."""

    def __init__(self, peak: float, warmup: int, steps: int) -> None:
        self.peak, self.warmup, self.steps = peak, warmup, steps

    def __call__(self, step: keras.KerasTensor) -> keras.KerasTensor:
        step = ops.cast(step, "float32")
        rising = step / max(1, self.warmup)
        progress = (step - self.warmup) / max(1, self.steps - self.warmup)
        falling = 0.5 * (1 + ops.cos(math.pi * ops.clip(progress, 0.0, 1.0)))
        return self.peak * ops.minimum(rising, falling)

    def get_config(self) -> dict[str, float]:
        return {"peak": self.peak, "warmup": self.warmup, "steps": self.steps}


class LogitF1(keras.metrics.F1Score):
    """F1 of the class AI, from logits."""

    def __init__(self) -> None:
        super().__init__(average="micro", threshold=0.5, name="f1")

    def update_state(self, y_true: object, y_pred: object, sample_weight: object = None) -> object:
        return super().update_state(y_true, ops.sigmoid(y_pred), sample_weight)


@dataclass(frozen=True)
class Fitted:
    """A trained network in float32, whatever precision it was trained in, and the seconds spent."""

    network: keras.Model
    seconds: float


def fit(
    build: Callable[[], keras.Model],
    train: SeededBatches,
    validation: tuple[Pixels, Targets],
    settings: Fit,
    run: Run,
    *,
    augmentation: Callable[[], keras.Model] | None = None,
    taught: int = 0,
    devices: int | None = None,
    save_seconds: float = SAVE_SECONDS,
) -> Fitted:
    """Train a network.

    A killed run goes on at the batch after its last checkpoint, in the same order of data, and ends
    where it would have ended: `run.state` holds everything that changes, `run.log` the curves.

    Args:
        build: makes the network: uint8 (n, height, width, 3) to a logit (n, 1), or to a map
            (n, h, w, 1) of logits, whose mean is the logit and which is a 1 x 1 convolution of the
            layer before.
        validation: uint8 pictures and targets as those of `train`: `logit` float32 (n, 1), 1 = AI,
            and `taught` float32 (n, `taught`) where there is a teacher. Only stopping rules and the
            choice of an epoch look at them.
        augmentation: makes what changes pictures before the network sees them, in training only.
        taught: numbers that a teacher says of each picture; the network learns them beside the
            labels, from the same features, by an output that is thrown away afterwards
            (distillation: Hinton et al., 2015).
        devices: how many share each batch (`devices.distribute`).
        save_seconds: between two checkpoints inside an epoch.

    Raises:
        DevicesError: there are not so many, or a batch cannot be shared out equally.
        RunError: the run's folder holds the state of another network, or the loss is no number.
    """
    with distribute(devices) as count:
        if settings.batch_size % count:
            raise DevicesError(
                f"A batch of {settings.batch_size} cannot be shared out over {count} devices."
            )
        pixels, targets = validation
        kept = len(pixels) - len(pixels) % count
        watched = pixels[:kept], {name: rows[:kept] for name, rows in targets.items()}
        change = augmentation() if augmentation else None
        weights, seconds = _fit(
            build, train, watched, settings, run, change, taught, count, save_seconds
        )
    trained = build()
    trained.set_weights(weights)
    return Fitted(trained, seconds)


def _fit(
    build: Callable[[], keras.Model],
    train: SeededBatches,
    validation: tuple[Pixels, Targets],
    settings: Fit,
    run: Run,
    augmentation: keras.Model | None,
    taught: int,
    devices: int,
    save_seconds: float,
) -> tuple[list[npt.NDArray[np.float32]], float]:
    """The weights at the end, or of the best epoch, and the seconds spent."""
    automatic = "mixed_float16" if gpus() else "float32"
    precision = automatic if settings.precision == "auto" else settings.precision
    keras.config.set_dtype_policy(precision)
    network = build()
    model = compiled(network, settings, len(train) * settings.epochs, augmentation, taught)
    # Metrics have variables, which the state holds, only after they have seen something.
    pixels, targets = validation
    model.test_on_batch(pixels[:devices], {name: rows[:devices] for name, rows in targets.items()})
    model.reset_metrics()
    progress = restore(model, run.state / "latest.npz")
    history = _history(run.log, progress.epoch)
    best = run.state / "best.weights.h5"
    checkpoint = Checkpoint(run.state / "latest.npz", save_seconds, progress)
    always = [
        callbacks.LambdaCallback(on_epoch_begin=train.start_epoch),
        callbacks.TerminateOnNaN(),
        callbacks.TensorBoard(str(run.folder / "tensorboard"), write_graph=False),
        callbacks.ModelCheckpoint(
            str(best),
            save_best_only=True,
            save_weights_only=True,
            initial_value_threshold=min((row.validation for row in history), default=None),
        ),
        callbacks.CSVLogger(str(run.log), append=True),
        _Stopping(settings, history),
        checkpoint,
    ]
    parts: list[tuple[keras.utils.PyDataset, int, int]] = []
    if progress.batch:
        parts.append((RestOfEpoch(train, progress.batch), progress.epoch, progress.epoch + 1))
    parts.append((train, progress.epoch + len(parts), settings.epochs))
    for batches, first, end in parts:
        if first < end and not stopped(settings, history):
            model.fit(
                batches,
                validation_data=validation,
                validation_batch_size=settings.batch_size,
                initial_epoch=first,
                epochs=end,
                callbacks=always,
                shuffle=False,  # Keras would draw another order of batches after a kill
                verbose=2,
            )
    if not all(math.isfinite(losses.training) for losses in history):
        raise RunError(f"{run.name}: the loss became infinite or no number; learn more slowly.")
    if settings.best_weights:
        model.load_weights(best)
    keras.config.set_dtype_policy("float32")
    return network.get_weights(), checkpoint.seconds


def compiled(
    network: keras.Model,
    settings: Fit,
    steps: int,
    augmentation: keras.Model | None = None,
    taught: int = 0,
) -> keras.Model:
    """A network of `fit`'s kind with what training needs around it, ready for `steps` steps."""
    model = _trained_as(network, augmentation, taught)
    loss: dict[str, keras.losses.Loss] = {
        "logit": keras.losses.BinaryCrossentropy(from_logits=True)
    }
    if taught:
        loss["taught"] = keras.losses.MeanSquaredError()
    model.compile(
        _optimizer(settings, steps),
        loss,
        metrics={
            "logit": [
                keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy"),
                keras.metrics.Precision(thresholds=0.0, name="precision"),
                keras.metrics.Recall(thresholds=0.0, name="recall"),
                keras.metrics.AUC(from_logits=True, name="auc"),
                LogitF1(),
            ]
        },
        jit_compile=jit_compile(),
    )
    return model


def _trained_as(network: keras.Model, augmentation: keras.Model | None, taught: int) -> keras.Model:
    """The network with what only training needs around it."""
    image, output = network.input, network.output
    if len(output.shape) == 4:
        pooled = layers.GlobalAveragePooling2D()
        logit = layers.Flatten(name="logit")(pooled(output))
        if taught:
            features = pooled(network.layers[-1].input)
            lesson = layers.Dense(taught, dtype="float32", name="taught")(features)
            return keras.Model(image, {"logit": logit, "taught": lesson})
        output = logit
    model = keras.Model(image, {"logit": output})
    if augmentation is None:
        return model
    image = keras.Input(image.shape[1:], dtype="uint8")
    return keras.Model(image, model(augmentation(image)))


def _optimizer(settings: Fit, steps: int) -> keras.optimizers.Optimizer:
    rate: float | keras.optimizers.schedules.LearningRateSchedule = settings.learning_rate
    if settings.schedule == "warmup_cosine":
        warmup = round(steps * settings.warmup_share)
        rate = WarmupCosine(settings.learning_rate, warmup, steps)
    elif settings.schedule == "polynomial":
        rate = keras.optimizers.schedules.PolynomialDecay(
            settings.learning_rate, steps, settings.end_learning_rate, settings.power
        )
    common = {"global_clipnorm": settings.clipnorm, "weight_decay": settings.weight_decay or None}
    if settings.optimizer == "sgd":
        optimizer = keras.optimizers.SGD(rate, settings.momentum, **common)
    else:
        kinds = {"adam": keras.optimizers.Adam, "adamw": keras.optimizers.AdamW}
        optimizer = kinds[settings.optimizer](rate, **common)
    if settings.weight_decay:
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


@dataclass(frozen=True)
class Losses:
    """Of one epoch."""

    training: float
    validation: float


def stopped(settings: Fit, history: Sequence[Losses]) -> bool:
    """Whether a stopping rule has come true at the last epoch."""
    if not history:
        return False
    if settings.stop_when_overfitting and history[-1].validation > history[-1].training:
        return True
    best, since = math.inf, 0
    for losses in history:
        if losses.validation < best - settings.min_delta:
            best, since = losses.validation, 0
        else:
            since += 1
    return settings.patience is not None and since >= settings.patience


class _Stopping(callbacks.Callback):
    """Stops by `stopped`; unlike Keras's rules it remembers the epochs before a kill."""

    def __init__(self, settings: Fit, history: list[Losses]) -> None:
        super().__init__()
        self._settings, self._history = settings, history

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        self._history.append(Losses(logs["loss"], logs["val_loss"]))
        if stopped(self._settings, self._history):
            self.model.stop_training = True


def _history(log: Path, epochs: int) -> list[Losses]:
    """The losses of the first epochs; what the log has of later ones is removed from it."""
    if not log.is_file():
        return []
    with log.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    kept = [row for row in rows if int(row[0]) < epochs]
    partial = log.with_suffix(".part")
    with partial.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *kept] if kept else [])
    partial.replace(log)
    places = header.index("loss"), header.index("val_loss")
    return [Losses(*(float(row[place]) for place in places)) for row in kept]
