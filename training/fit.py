"""Fitting a network: one loop for every recipe, resumable, on any Keras backend."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
from keras import callbacks, layers, ops

from backend.images import Pixels
from training.datasets.batches import SeededBatches
from training.recipe import Fit


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


def fit(
    build: Callable[[], keras.Model],
    train: SeededBatches,
    validation: tuple[Pixels, dict[str, npt.NDArray[np.float32]]],
    settings: Fit,
    run: Path,
    taught: int = 0,
) -> keras.Model:
    """Train a network.

    The logit is the mean of the network's output map. A killed run goes on at its last epoch, in
    the same order of data: `run` holds the state, `run/log.csv` the curves.

    Args:
        build: makes the network: uint8 (n, height, width, 3) to a map (n, h, w, 1) of logits, which
            is a 1 x 1 convolution of the layer before.
        validation: uint8 pictures and targets as those of `train`: `logit` float32 (n, 1), 1 = AI,
            and `taught` float32 (n, `taught`) where there is a teacher; only watched, nothing is
            chosen by them.
        run: a folder for checkpoints and logs.
        taught: numbers that a teacher says of each picture; the network learns them beside the
            labels, from the same features, by an output that is thrown away afterwards
            (distillation: Hinton et al., 2015).

    Returns:
        The trained network in float32, whatever precision it was trained in.
    """
    run.mkdir(parents=True, exist_ok=True)
    keras.config.set_dtype_policy(settings.precision)
    network = build()
    pooled = layers.GlobalAveragePooling2D()
    outputs = {"logit": layers.Flatten(name="logit")(pooled(network.output))}
    loss: dict[str, keras.losses.Loss] = {
        "logit": keras.losses.BinaryCrossentropy(from_logits=True)
    }
    if taught:
        features = pooled(network.layers[-1].input)
        outputs["taught"] = layers.Dense(taught, dtype="float32", name="taught")(features)
        loss["taught"] = keras.losses.MeanSquaredError()
    model = keras.Model(network.input, outputs)
    steps = len(train) * settings.epochs
    optimizer = keras.optimizers.AdamW(
        WarmupCosine(settings.learning_rate, round(steps * settings.warmup_share), steps),
        weight_decay=settings.weight_decay,
        global_clipnorm=1.0,
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    model.compile(
        optimizer,
        loss,
        metrics={
            "logit": [
                keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy"),
                keras.metrics.AUC(from_logits=True, name="auc"),
            ]
        },
        jit_compile=False,  # XLA makes these networks 2-3 times slower on a CPU
    )
    model.fit(
        train,
        validation_data=validation,
        validation_batch_size=settings.batch_size,
        epochs=settings.epochs,
        callbacks=[
            callbacks.LambdaCallback(on_epoch_begin=train.start_epoch),
            callbacks.TerminateOnNaN(),
            callbacks.CSVLogger(str(run / "log.csv"), append=True),
            callbacks.BackupAndRestore(str(run / "state")),
        ],
        verbose=2,
    )
    keras.config.set_dtype_policy("float32")
    trained = build()
    trained.set_weights(network.get_weights())
    return trained
