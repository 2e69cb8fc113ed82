"""Inference engines for our ResNets: ONNX Runtime by default, TensorFlow by setting."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

from backend.detector.card import ModelError
from backend.images import Pixels

Engine = Literal["onnx", "tensorflow"]
Floats = npt.NDArray[np.float32]

PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")  # best first
CPU = ("CPUExecutionProvider",)


class Network(Protocol):
    """A loaded network. Input normalisation is part of it."""

    def run(self, batch: Pixels) -> Floats:
        """uint8 (n, height, width, 3) to the network's float32 output, first axis n."""
        ...


def load_network(path: Path, engine: Engine, threads: int) -> Network:
    """Load a network file: `.onnx` for ONNX Runtime, `.keras` for TensorFlow.

    Args:
        threads: threads of one forward pass; 0 leaves the choice to the engine.
    """
    return OnnxNetwork(path, threads) if engine == "onnx" else KerasNetwork(path, threads)


class OnnxNetwork:
    """A network in ONNX Runtime. Dynamically quantised layers are exact, also without VNNI."""

    def __init__(self, path: Path, threads: int, providers: Sequence[str] = PROVIDERS) -> None:
        installed = ort.get_available_providers()
        chosen = [provider for provider in providers if provider in installed]
        if "CUDAExecutionProvider" in chosen:
            ort.preload_dlls()  # CUDA comes as Python packages, not from the system
        options = exact_options()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # Threads that spin after a pass would take the cores from the next expert's session.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = ort.InferenceSession(path, options, providers=chosen)
        self._input = self._session.get_inputs()[0].name

    def run(self, batch: Pixels) -> Floats:
        return self.outputs(batch)[0]

    def outputs(self, batch: Pixels) -> list[Floats]:
        """Every output, in the order of the file."""
        outputs: list[Floats] = self._session.run(None, {self._input: batch})
        return outputs


def exact_options() -> ort.SessionOptions:
    """Options for a session whose dynamically quantised layers are exact, also without VNNI."""
    options = ort.SessionOptions()
    if products_saturate():
        # The int8 tower would silently be another model. Takes twice as long, so not elsewhere.
        options.add_session_config_entry("session.x64quantprecision", "1")
    return options


@cache
def products_saturate() -> bool:
    """Whether ONNX Runtime lets sums of uint8 times int8 saturate at 16 bits, as without VNNI.

    It does so on some x86 CPUs, and does not say on which: the largest products there are show it.
    """
    activations = np.full((4, 64), 255, np.uint8)
    weights = np.full((64, 16), 127, np.int8)
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["activations", "weights"], ["sums"])],
        "largest-products",
        [helper.make_tensor_value_info("activations", TensorProto.UINT8, activations.shape)],
        [helper.make_tensor_value_info("sums", TensorProto.INT32, (4, 16))],
        [numpy_helper.from_array(weights, "weights")],
    )
    opset = helper.make_opsetid("", 14)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=8).SerializeToString()
    sums = ort.InferenceSession(model, providers=CPU).run(None, {"activations": activations})[0]
    return bool((sums != activations.astype(np.int64) @ weights.astype(np.int64)).any())


class KerasNetwork:
    """The same network in Keras on TensorFlow, run as one compiled graph."""

    def __init__(self, path: Path, threads: int) -> None:
        # Imported here: TensorFlow is an optional dependency and takes seconds to load.
        try:
            import keras
            import tensorflow as tf
        except ImportError as error:
            raise ModelError(
                "TensorFlow is not installed: pip install keras tensorflow-cpu, "
                "or use DETECTOR_ENGINE=onnx."
            ) from error

        if threads:
            tf.config.threading.set_intra_op_parallelism_threads(threads)
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
        self._call = tf.function(
            lambda batch: model(batch, training=False),
            input_signature=[tf.TensorSpec(model.inputs[0].shape, tf.uint8)],
        )

    def run(self, batch: Pixels) -> Floats:
        output: Floats = self._call(batch).numpy()
        return output
