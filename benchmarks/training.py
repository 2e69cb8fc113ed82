"""Training: pictures a second of `fit`, against the bare train step on one batch in memory.

python -m benchmarks.training
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table
from sklearn.datasets import load_sample_image

from training import recipe
from training.datasets import crops
from training.datasets.batches import PictureBatches, SeededBatches
from training.datasets.manifest import Sample
from training.datasets.pictures import Pictures
from training.fit import compiled
from training.networks import build

ROUNDS = 3
SECONDS = 2.0  # of each loop, a round


@dataclass(frozen=True)
class Workload:
    """A recipe's network, compiled, with its own batches of made-up pictures."""

    name: str
    model: keras.Model
    batches: SeededBatches
    batch_size: int


class _Noted(keras.utils.PyDataset):
    """The batches, and when each was ready."""

    def __init__(self, batches: SeededBatches) -> None:
        super().__init__(workers=batches.workers, max_queue_size=batches.max_queue_size)
        self._batches = batches
        self.ready: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, index: int) -> object:
        batch = self._batches[index]
        self.ready[index] = time.perf_counter()
        return batch


class _Clock(keras.callbacks.Callback):
    """Ends an epoch after some seconds; notes when each step ended."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[float] = []

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        self.ends.append(time.perf_counter())
        if len(self.ends) > 3 and self.ends[-1] - self.ends[0] > SECONDS:
            self.model.stop_training = True


def main() -> None:
    """Time both workloads in turns, so that other work on the machine meets all loops alike."""
    table = Table(
        "recipe", "bare step, images/s", "fit, images/s", "fit / bare", "waiting for data",
        title=f"training, Keras on {keras.backend.backend()}",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for work in (tiny(), traces(Path(folder))):
            bare, real, waiting = (float(np.median(times)) for times in _measure(work))
            table.add_row(
                work.name,
                f"{work.batch_size / bare:.0f}",
                f"{work.batch_size / real:.0f}",
                f"{bare / real:.2f}",
                f"{waiting / real:.1%}",
            )
    console = Console()
    console.print(table)
    console.print(
        "Waiting: from the end of a step until the next batch is there, of a step's time."
    )


def _measure(work: Workload) -> tuple[list[float], list[float], list[float]]:
    """Seconds of a bare step, of a step of `fit`, and of it those without data, by round."""
    batch = work.batches[0]
    work.model.train_on_batch(*batch)
    bare, real, waiting = [], [], []
    for _ in range(ROUNDS):
        bare.append(_bare(work.model, batch))
        clock, noted = _Clock(), _Noted(work.batches)
        work.model.fit(noted, callbacks=[clock], shuffle=False, verbose=0)
        steps = len(clock.ends) - 1
        late = [noted.ready[i + 1] - end for i, end in enumerate(clock.ends[:-1])]
        real.append((clock.ends[-1] - clock.ends[0]) / steps)
        waiting.append(sum(max(0.0, seconds) for seconds in late) / steps)
    return bare, real, waiting


def _bare(model: keras.Model, batch: tuple[object, ...]) -> float:
    begun, steps = time.perf_counter(), 0
    while time.perf_counter() - begun < SECONDS:
        model.train_on_batch(*batch)
        steps += 1
    return (time.perf_counter() - begun) / steps


def tiny() -> Workload:
    """Pictures of CIFAKE's size in memory, mirrored and shifted."""
    settings = recipe.load("tiny")
    assert isinstance(settings, recipe.ClassifierRecipe)
    rng = np.random.default_rng(0)
    count = 20_000
    pictures = Pictures(
        rng.integers(0, 256, (count, 32, 32, 3), np.uint8),
        np.arange(count) % 2 == 0,
        tuple(map(str, range(count))),
        ("made",) * count,
    )
    fit = settings.fit
    batches = PictureBatches(pictures, fit.batch_size, settings.seed, shifted=settings.shifted)
    keras.config.set_dtype_policy(fit.precision)
    model = compiled(build(settings.network, settings.weights, **settings.build), fit, len(batches))
    return Workload("tiny", model, batches, fit.batch_size)


def traces(folder: Path) -> Workload:
    """Crops of a photograph in JPEG files: decoded, resized, blurred and saved again."""
    settings = recipe.load("traces")
    assert isinstance(settings, recipe.TracesRecipe)
    fit, taught = settings.fit, settings.crops.taught
    samples = _crops(folder, 64)
    batches = crops.Batches(
        samples,
        np.zeros((len(samples), taught), np.float32),
        {"made": 1.0},
        settings.crops.side,
        settings.augmentation,
        fit.batch_size,
        settings.crops.draws_per_epoch,
        settings.seed,
    )
    keras.config.set_dtype_policy(fit.precision)
    network = build("traces", **settings.build.model_dump())
    model = compiled(network, fit, len(batches), taught=taught)
    return Workload("traces", model, batches, fit.batch_size)


def _crops(folder: Path, count: int) -> list[Sample]:
    photo = Image.fromarray(load_sample_image("china.jpg"))
    rng = np.random.default_rng(0)
    samples = []
    for number in range(count):
        left, top = (int(rng.integers(0, side - 256)) for side in photo.size)
        path = folder / f"{number}.jpg"
        photo.crop((left, top, left + 256, top + 256)).save(path, quality=90)
        label = "ai" if number % 2 else "real"
        samples.append(Sample("made", "", "train", label, "photo", "", photo.size, path, path))
    return samples


if __name__ == "__main__":
    main()
