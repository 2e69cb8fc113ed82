"""A small image collection made by code, and the real ones where they are at hand."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

DATA = Path(os.environ.get("DATA", "../shared/data"))


@pytest.fixture(scope="session")
def collections() -> Path:
    if not (DATA / "quiz" / "manifest.csv").is_file():
        pytest.skip(f"the image collections are not at {DATA} (set DATA to their folder)")
    return DATA


@pytest.fixture
def made_collection(tmp_path: Path) -> Path:
    """`quiz` with three sources of four pictures each: flat colours are real, noise is AI."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "quiz"
    rows = []
    for source in ("one", "two", "three"):
        for number in range(4):
            label = "ai" if number % 2 else "real"
            pixels = np.full((256, 300, 3), 100 + number, np.uint8)
            if label == "ai":
                pixels = rng.integers(0, 256, pixels.shape, np.uint8)
            names = {}
            for part in ("crop", "whole"):
                path = folder / label / source / f"{number}.{part}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(pixels).save(path)
                names[part] = str(path.relative_to(folder))
            rows.append(
                {
                    **names,
                    "label": label,
                    "source": source,
                    "split": "train",
                    "original_width": 300,
                    "original_height": 256,
                }
            )
    with (folder / "manifest.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return tmp_path
