"""Collections and runs made by code: in each source AI pictures are brighter, more or less."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from typer.testing import CliRunner, Result

from training.cli import app
from training.predictions import Predictions
from training.run import Run, RunInfo

SIDE = 16
FIT = {"epochs": 3, "batch_size": 8, "optimizer": "adam", "learning_rate": 0.001}

# A recipe that learns in a moment.
FOREST = """
kind = "classical"
data = "quiz"
seed = 1
side = 16

[model]
method = "random_forest"
trees = 10
"""

# A network that learns from more pictures at a time than any made collection has.
LARGE_BATCHES = """
kind = "classifier"
network = "tiny"
data = "quiz"
seed = 1
side = 32

[fit]
epochs = 1
batch_size = 512
optimizer = "adam"
learning_rate = 1e-3
"""


def collection(
    root: Path,
    name: str,
    *,
    sources: Sequence[str] = ("one", "two"),
    labels: Sequence[str] = ("ai", "real"),
    splits: Sequence[str] = ("train", "test"),
    each: int = 12,
    size: tuple[int, int] = (40, 32),
) -> None:
    """`root/name` with `each` pictures a source, split and label; `size` is width, height."""
    rng = np.random.default_rng(len(name))
    folder = root / name
    rows = []
    for split in splits:
        for source in (f"{split}-{source}" for source in sources):
            for label in labels:
                for number in range(each):
                    level = rng.normal(140 if label == "ai" else 110, 25)
                    pixels = rng.normal(level, 10, (*size[::-1], 3)).clip(0, 255).astype(np.uint8)
                    path = folder / label / source / f"{number}.png"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    Image.fromarray(pixels).save(path)
                    rows.append(
                        {
                            "path": str(path.relative_to(folder)),
                            "label": label,
                            "source": source,
                            "split": split,
                            "original_width": size[0],
                            "original_height": size[1],
                        }
                    )
    with (folder / "manifest.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def run(work: Path, recipe: str, data: str, *, seconds: float = 90.0, **settings: object) -> Run:
    """A run that has ended, without a model."""
    made = Run(work / "runs" / f"{recipe}-{data.replace('/', '-')}")
    table = {
        "kind": "classifier",
        "name": recipe,
        "data": data,
        "seed": 1,
        "side": SIDE,
        "network": "bright",
        "fit": FIT,
        **settings,
    }
    made.write_info(
        RunInfo.model_validate(
            {
                "recipe": recipe,
                "data": data,
                "settings": table,
                "side": SIDE,
                "parameters": 4,
                "seconds": seconds,
                "machine": "2 x Test processor",
                "versions": {"python": "3"},
                "pictures": {"trained": 100, "watched": 10},
                "created": "2026-11-26T00:00:00+00:00",
            }
        )
    )
    return made


def predictions(
    count: int, sources: Sequence[str], *, seed: int = 0, apart: float = 1.5
) -> Predictions:
    """Scores of both classes, `apart` standard deviations from each other."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 2 == 0
    return Predictions(
        tuple(f"{seed}/{number}.png" for number in range(count)),
        labels,
        tuple(sources[number // 2 % len(sources)] for number in range(count)),
        rng.normal((labels - 0.5) * apart, 1.0),
        np.full(count, np.nan),
    )


def bright(run: Run) -> None:
    """Give a run the network whose logit says how much brighter than 125 a picture is."""
    import keras

    image = keras.Input((SIDE, SIDE, 3), dtype="uint8")
    scaled = keras.layers.Rescaling(1 / 25, offset=-5.0)(image)
    pooled = keras.layers.GlobalAveragePooling2D()(scaled)
    logit = keras.layers.Dense(1, name="logit")(pooled)
    network = keras.Model(image, logit, name="bright")
    network.get_layer("logit").set_weights([np.full((3, 1), 1 / 3, np.float32), np.zeros(1)])
    network.save(run.network)


def command(*arguments: object) -> Result:
    """`python -m training …`."""
    return CliRunner(env={"COLUMNS": "1000"}).invoke(app, [str(each) for each in arguments])


def refusal(*arguments: object) -> str:
    """The one sentence of a refused command."""
    result = command(*arguments)
    assert result.exit_code == 2, result.output
    line = result.stderr.splitlines()[-1]
    assert line.startswith("Error: ")
    return line
