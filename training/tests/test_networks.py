"""Every architecture, its weights and its augmentation, on pictures made by code."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
from pydantic import ValidationError

from backend.detector.engines import OnnxNetwork
from training import networks
from training.export import export
from training.networks import NetworkError, WeightsError, augmentation, pretrained
from training.networks.augmentation import Random

_built = cache(networks.build)  # the large ones take seconds


def _pictures(count: int, height: int, width: int | None = None) -> npt.NDArray[np.uint8]:
    shape = (count, height, width or height, 3)
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def _step(network: keras.Model, pictures: npt.NDArray[np.uint8], rate: float = 0.01) -> float:
    """Train one step; the loss before it."""
    network.compile(
        keras.optimizers.SGD(rate),
        keras.losses.BinaryCrossentropy(from_logits=True),
        jit_compile=False,
    )
    labels = np.arange(len(pictures), dtype=np.float32)[:, None] % 2
    return float(network.train_on_batch(pictures, labels))


@pytest.mark.parametrize(
    ("name", "millions"),
    [
        ("cnn32", 0.225),  # as the report of system A says
        ("cnn200", 17.43),
        ("cnn_bn224", 25.78),
        ("resnet50", 23.59 + 0.52),  # the architecture's figure for its backbone + our head
        ("resnet101", 42.66 + 2.10),
        ("efficientnet_b6", 40.96 + 0.59),
    ],
)
def test_a_network_has_the_reported_size_and_one_logit(name: str, millions: float) -> None:
    network = _built(name)
    assert network.count_params() == pytest.approx(millions * 1e6, rel=2e-3)
    assert network.name == name
    assert network.input.name == "views"
    assert network.input.dtype == "uint8"
    assert network.input.shape == (None, None, None, 3)
    assert network.layers[-1].name == "logit"
    assert network.output.dtype == "float32"
    assert network.output.shape == (None, 1)


@pytest.mark.parametrize(("name", "side"), [("resnet101", 224), ("efficientnet_b6", 528)])
def test_a_large_network_trains_a_step_at_full_size(name: str, side: int) -> None:
    network = _built(name)
    before = network.layers[-1].get_weights()[0]
    assert np.isfinite(_step(network, _pictures(2, side)))
    assert not np.array_equal(network.layers[-1].get_weights()[0], before)


def test_a_network_takes_pictures_of_any_size() -> None:
    network = networks.build("cnn32")
    small = _pictures(2, 32)
    twice = small.repeat(2, axis=1).repeat(2, axis=2)
    logits = keras.ops.convert_to_numpy(network(small))
    assert logits.shape == (2, 1)
    assert keras.ops.convert_to_numpy(network(twice)) == pytest.approx(logits, abs=1e-5)
    assert keras.ops.convert_to_numpy(network(_pictures(2, 41, 23))).shape == (2, 1)


def test_a_network_is_exported_for_pictures_that_it_resizes(tmp_path: Path) -> None:
    keras.utils.set_random_seed(0)
    network = networks.build("resnet50", side=32, dense=8)
    export(network, tmp_path, side=32)
    pictures = _pictures(2, 50, 41)
    expected = pytest.approx(keras.ops.convert_to_numpy(network(pictures)), abs=1e-3)
    assert OnnxNetwork(tmp_path / "resnet50.onnx", threads=1).run(pictures) == expected
    again = keras.models.load_model(tmp_path / "resnet50.keras", safe_mode=True)
    assert keras.ops.convert_to_numpy(again(pictures)) == expected


def _moved(trainable_layers: pretrained.Trainable) -> set[str]:
    """The layers of the backbone that one step changes."""
    network = networks.build("resnet50", side=32, dense=8, trainable_layers=trainable_layers)
    backbone = network.get_layer("resnet50")
    before = {layer.name: layer.get_weights() for layer in backbone.layers}
    head = network.layers[-1].get_weights()
    _step(network, _pictures(4, 32), rate=1.0)
    assert not np.array_equal(network.layers[-1].get_weights()[0], head[0])
    return {
        layer.name
        for layer in backbone.layers
        if not all(map(np.array_equal, layer.get_weights(), before[layer.name]))
    }


def test_a_frozen_backbone_stays_as_it_is() -> None:
    assert _moved(0) == set()


def test_of_the_last_five_layers_all_but_batch_normalisation_learn() -> None:
    assert _moved(5) == {"conv5_block3_3_conv"}


def test_all_layers_learn_where_a_recipe_says_so() -> None:
    assert {"conv1_conv", "conv1_bn", "conv5_block3_3_conv"} <= _moved("all")


def test_a_frozen_backbone_says_the_same_in_training() -> None:
    backbone = _built("efficientnet_b6").get_layer("efficientnetb6")
    ends = backbone.get_layer("stem_conv_pad").input, backbone.get_layer("block2b_add").output
    start = keras.Model(*ends)  # whose layers drop paths in training if they are not frozen
    pictures = _pictures(1, backbone.input.shape[1]).astype(np.float32) / 255
    training, inference = (start(pictures, training=mode) for mode in (True, False))
    assert np.array_equal(*map(keras.ops.convert_to_numpy, (training, inference)))


@pytest.mark.parametrize(
    ("name", "backbone", "mode"),
    [("resnet101", "resnet101", "caffe"), ("efficientnet_b6", "efficientnetb6", "torch")],
)
def test_a_backbone_gets_pictures_as_keras_prepares_them(
    name: str, backbone: str, mode: str
) -> None:
    network = _built(name)
    names = [layer.name for layer in network.layers]
    before = network.layers[names.index(backbone) - 1]
    pictures = _pictures(1, before.output.shape[1])
    given = keras.Model(network.input, before.output)(pictures)
    expected = keras.applications.imagenet_utils.preprocess_input(
        pictures.astype(np.float32), mode=mode
    )
    np.testing.assert_allclose(keras.ops.convert_to_numpy(given), expected, atol=1e-3)
    kinds = {type(layer) for layer in network.get_layer(backbone).layers}
    assert not kinds & {keras.layers.Rescaling, keras.layers.Normalization}  # not a second time


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[keras.Model, Path]:
    """A backbone and the folder of its files, one in each format."""
    folder = tmp_path_factory.mktemp("weights")
    model = pretrained.load(pretrained.RESNET50, "none", 32)
    model.save_weights(folder / "a.weights.h5")
    model.save(folder / "a.keras")
    model.save(folder / "a.h5")
    return model, folder


@pytest.mark.parametrize("name", ["a.weights.h5", "a.keras", "a.h5"])
def test_weights_come_from_a_file(saved: tuple[keras.Model, Path], name: str) -> None:
    model, folder = saved
    network = networks.build("resnet50", weights=str(folder / name), side=64, dense=8)
    given = network.get_layer("resnet50").get_weights()
    assert all(map(np.array_equal, given, model.get_weights()))


@pytest.mark.parametrize("name", ["b.weights.h5", "b.keras", "b.h5"])
def test_weights_of_another_architecture_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    other = networks.build("cnn32")
    if name == "b.weights.h5":
        other.save_weights(path)
    else:
        other.save(path)
    with pytest.raises(WeightsError, match=r"of cnn32, not those of resnet50 .* 10, .* 318"):
        networks.build("resnet50", weights=str(path), side=32)


def test_weights_of_other_shapes_are_refused(tmp_path: Path) -> None:
    grey = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(32, 32, 1))
    grey.save_weights(tmp_path / "grey.weights.h5")
    with pytest.raises(WeightsError, match="shape"):
        networks.build("resnet50", weights=str(tmp_path / "grey.weights.h5"), side=32)


def test_files_that_hold_no_weights_are_refused(tmp_path: Path) -> None:
    for name in ("broken.weights.h5", "broken.keras", "broken.h5"):
        (tmp_path / name).write_bytes(b"not weights")
        with pytest.raises(WeightsError, match="cannot be read"):
            networks.build("resnet50", weights=str(tmp_path / name), side=32)
    with pytest.raises(WeightsError, match=r"no file .*missing\.h5"):
        networks.build("resnet50", weights=str(tmp_path / "missing.h5"), side=32)
    with pytest.raises(WeightsError, match=r'"imagenet", "none" or .* not \'imagnet\''):
        networks.build("resnet50", weights="imagnet", side=32)
    with pytest.raises(WeightsError, match="tiny has no backbone"):
        networks.build("tiny", weights="imagenet")


def test_a_failed_download_says_what_to_do(tmp_path: Path) -> None:
    program = "from training import networks; networks.build('resnet50', 'imagenet', side=32)"
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    environment = {**os.environ, **nowhere, "no_proxy": "", "KERAS_HOME": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    message = ended.stderr.split("WeightsError: ")[-1]
    file = "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5"
    assert "could not be downloaded" in message
    # Once in what Keras says, once in what we say: they are the same.
    assert message.count(f"{pretrained.RESNET50.url}") == 2
    assert f"~/.keras/models/{file}" in message
    assert f'weights = "path/to/{file}"' in message
    assert not list(tmp_path.rglob("*.h5"))


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(NetworkError, match="no network 'resnet5'; did you mean 'resnet50'"):
        networks.build("resnet5")
    with pytest.raises(NetworkError, match="cnn32 has no number 'dens'; did you mean 'dense'"):
        networks.build("cnn32", dens=1)


@pytest.mark.parametrize(
    ("name", "number", "value", "message"),
    [
        ("cnn32", "dense", "many", "cnn32 cannot be built"),
        ("cnn32", "dense", -1, "cnn32 cannot be built"),
        ("resnet50", "side", 16, "32 pixels or more, not 16"),
        ("resnet50", "trainable_layers", -1, "trainable_layers must be .* not -1"),
        ("resnet50", "trainable_layers", "some", "trainable_layers must be .* not 'some'"),
    ],
)
def test_a_number_that_cannot_be_used_is_refused(
    name: str, number: str, value: Any, message: str
) -> None:
    with pytest.raises(NetworkError, match=message):
        networks.build(name, **{number: value})


def test_names_of_networks_are_known_without_keras() -> None:
    program = (
        "import sys; from training.networks import NETWORKS, augmentation; "
        "print('keras' in sys.modules, 'cnn32' in NETWORKS)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ended.stdout.split() == ["False", "True"]


CHANGES = [
    Random(flips="horizontal"),
    Random(rotation=20),
    Random(shift=0.2),
    Random(shear=0.2),
    Random(zoom=0.2),
    Random(brightness=0.2),
    Random(contrast=0.2),
]


@pytest.mark.parametrize("changes", CHANGES, ids=lambda c: next(iter(c.model_fields_set)))
def test_a_change_is_made_in_training_alone_and_by_its_seed(changes: Random) -> None:
    pictures = _pictures(4, 24)
    layers, same = augmentation.build(changes), augmentation.build(changes)
    changed = keras.ops.convert_to_numpy(layers(pictures, training=True))
    assert changed.dtype == np.uint8
    assert changed.shape == pictures.shape
    assert not np.array_equal(changed, pictures)
    assert np.array_equal(keras.ops.convert_to_numpy(same(pictures, training=True)), changed)
    unchanged = keras.ops.convert_to_numpy(layers(pictures, training=False))
    assert np.array_equal(unchanged, pictures)


def test_nothing_changes_unless_it_is_said() -> None:
    pictures = _pictures(2, 24)
    changed = augmentation.build(Random())(pictures, training=True)
    assert np.array_equal(keras.ops.convert_to_numpy(changed), pictures)


def test_a_change_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError, match="rotate"):
        Random.model_validate({"rotate": 10})
