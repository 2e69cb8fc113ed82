"""Which activations the tower keeps out of its int8 products."""

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from training.datasets.manifest import Sample
from training.large_channels import KEPT, large_channels


def test_the_channels_with_the_largest_activations_are_found(tmp_path: Path) -> None:
    """A graph whose channels are one pixel's red, each with a gain of its own."""
    gains = np.random.default_rng(0).permutation(np.arange(1, 65)).astype(np.float32)
    nodes = [
        helper.make_node("Slice", ["pixel_values", "start", "end", "axes"], ["pixel"]),
        helper.make_node("Reshape", ["pixel", "shape"], ["token"]),
        helper.make_node("Mul", ["token", "gains"], ["activation"]),
    ]
    constants = {
        "start": np.array([0, 0, 0]),
        "end": np.array([1, 1, 1]),
        "axes": np.array([1, 2, 3]),
        "shape": np.array([1, 1, 1]),
        "gains": gains,
    }
    graph = helper.make_graph(
        nodes,
        "tower",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, [1, 3, 224, 224])],
        [helper.make_tensor_value_info("activation", TensorProto.FLOAT, [1, 1, 64])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    opset = helper.make_opsetid("", 14)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=8)
    picture = tmp_path / "picture.png"
    Image.new("RGB", (300, 260), (250, 10, 10)).save(picture)
    sample = Sample("quiz", "made", "train", "real", "", "", (300, 260), picture, picture)
    found = large_channels(model.SerializeToString(), [sample], ["activation"])
    assert found == {"activation": sorted(np.argsort(gains)[-KEPT:].tolist())}
