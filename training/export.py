"""A trained Keras network as the two files that serve: `.keras` and `.onnx`, proven equal."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from backend.detector.engines import OnnxNetwork
from training.run import RunError

TOLERANCE = 1e-3  # in logits


class ExportError(RunError):
    """The exported graph does not compute what the Keras model computes."""


def export(network: keras.Model, folder: Path, side: int, name: str | None = None) -> float:
    """Write `folder/<name>.keras` and `folder/<name>.onnx`.

    Args:
        network: uint8 (n, side, side, 3) to a logit (n, 1) or a map of logits (n, h, w, 1).
        name: that of the network if not given.

    Returns:
        By how much their outputs differ at most, in logits.

    Raises:
        ExportError: by more than `TOLERANCE`.
    """
    name = name or network.name
    batch = np.random.default_rng(0).integers(0, 256, (3, side, side, 3), np.uint8)
    expected = keras.ops.convert_to_numpy(network(batch, training=False))
    network.save(folder / f"{name}.keras")
    path = folder / f"{name}.onnx"
    network.export(str(path), format="onnx", verbose=False)
    difference = float(np.abs(OnnxNetwork(path, threads=0).run(batch) - expected).max())
    if difference > TOLERANCE:
        raise ExportError(f"{path} differs from the Keras model by {difference:g} logits.")
    return difference
