"""Which channels of the tower's activations are so large that int8 would round the others away."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort

from backend.detector import tower, views
from backend.detector.engines import CPU, exact_options
from training.datasets.manifest import Sample

KEPT = 16  # channels of an activation
# Where it pays: the activation and in which blocks, counted from 1. These take nine tenths of the
# int8 noise away for a tenth more time (docs/experiments.md).
WHERE = {
    "layer_norm1/Add_1": range(1, 4),  # queries, keys and values
    "layer_norm2/Add_1": range(1, 10),  # the MLP's first layer
    "mlp/activation_fn/Mul_1": range(5, 10),  # its second layer
}


def activations() -> list[str]:
    """Names in the tower's graph."""
    return [
        f"/vision_model/encoder/layers.{block - 1}/{name}_output_0"
        for block in range(1, tower.BLOCKS[-1] + 1)
        for name, blocks in WHERE.items()
        if block in blocks
    ]


def large_channels(source: bytes, samples: list[Sample], names: list[str]) -> dict[str, list[int]]:
    """The `KEPT` channels whose largest activation, averaged over pictures, is largest.

    Args:
        source: the int8 ONNX file of the whole tower.
        names: of activations (1, tokens, channels) in its graph.

    Raises:
        ManifestError: a picture that cannot be read, by name.
    """
    extractor = onnx.utils.Extractor(onnx.load_from_string(source))
    graph = extractor.extract_model(["pixel_values"], names).SerializeToString()
    session = ort.InferenceSession(graph, exact_options(), providers=CPU)
    mean, std = np.array(tower.MEAN, np.float32), np.array(tower.STD, np.float32)
    largest: dict[str, npt.NDArray[np.float32]] = {}
    for sample in samples:
        crop = views.centre_square(sample.pixels("crop"), views.TOWER_SIDE)
        for view in (views.whole_view(sample.pixels("whole")), crop):
            pixels = (view.astype(np.float32) / 255 - mean) / std
            outputs = session.run(names, {"pixel_values": pixels.transpose(2, 0, 1)[None]})
            for name, output in zip(names, outputs, strict=True):
                peaks = np.abs(output[0]).max(axis=0)
                largest[name] = largest.get(name, np.zeros_like(peaks)) + peaks
    return {name: sorted(np.argsort(-largest[name])[:KEPT].tolist()) for name in names}
