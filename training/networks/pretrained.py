"""Backbones of keras.applications: their weights, their normalisation, and what of them learns."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Literal

import h5py
import keras
from keras import layers, ops

from training.networks.errors import NetworkError, WeightsError

Trainable = int | Literal["all"]


def _caffe(x: keras.KerasTensor) -> keras.KerasTensor:
    """BGR without ImageNet's mean, as keras.applications.resnet expects."""
    bgr = ops.take(x, [2, 1, 0], axis=-1)
    return layers.Rescaling(255, offset=[-103.939, -116.779, -123.68], dtype="float32")(bgr)


def _standardised(x: keras.KerasTensor) -> keras.KerasTensor:
    """RGB without ImageNet's mean, in units of its standard deviation."""
    mean, deviation = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    scale = [1 / d for d in deviation]
    offset = [-m / d for m, d in zip(mean, deviation, strict=True)]
    return layers.Rescaling(scale, offset=offset, dtype="float32")(x)


@dataclass(frozen=True)
class Backbone:
    """A network of keras.applications without its classifier.

    Attributes:
        make: the function of keras.applications.
        url: of its ImageNet weights.
        normalise: float32 RGB in 0..1 to what the layers from `first` on expect.
        first: the layer that the backbone begins with. What EfficientNets of Keras have before it
            normalises by statistics kept among the weights, and differently when these are no file
            but "imagenet"; here `normalise` stands in its place.
    """

    name: str
    make: Callable[..., keras.Model]
    url: str
    normalise: Callable[[keras.KerasTensor], keras.KerasTensor]
    first: str


_KERAS = "https://storage.googleapis.com/tensorflow/keras-applications/resnet/"
RESNET50 = Backbone(
    "resnet50",
    keras.applications.ResNet50,
    f"{_KERAS}resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
    _caffe,
    "conv1_pad",
)
RESNET101 = Backbone(
    "resnet101",
    keras.applications.ResNet101,
    f"{_KERAS}resnet101_weights_tf_dim_ordering_tf_kernels_notop.h5",
    _caffe,
    "conv1_pad",
)
EFFICIENTNET_B6 = Backbone(
    "efficientnetb6",
    keras.applications.EfficientNetB6,
    "https://storage.googleapis.com/keras-applications/efficientnetb6_notop.h5",
    _standardised,
    "stem_conv_pad",
)


def features(
    backbone: Backbone, x: keras.KerasTensor, weights: str, trainable_layers: Trainable
) -> keras.KerasTensor:
    """What a backbone makes of pictures.

    Args:
        x: float32 RGB (n, side, side, 3) in 0..1.
        weights: as in `load`.
        trainable_layers: how many layers, counted from the backbone's end, learn. Unless it is
            "all", batch normalisation stays as it came with the weights, in those layers too, and
            dropout in the backbone is off.

    Returns:
        float (n, side / 32, side / 32, channels), rounded up.

    Raises:
        NetworkError: a side below 32, or no such number of layers.
        WeightsError: as `load` does.
    """
    if trainable_layers != "all" and (
        not isinstance(trainable_layers, int) or trainable_layers < 0
    ):
        raise NetworkError(
            f'trainable_layers must be 0, a number of layers or "all", not {trainable_layers!r}.'
        )
    whole = load(backbone, weights, x.shape[1])
    model = keras.Model(whole.get_layer(backbone.first).input, whole.output, name=backbone.name)
    if trainable_layers != "all":
        _freeze(model, len(model.layers) - trainable_layers)
    return model(backbone.normalise(x))


def _freeze(model: keras.Model, layers_frozen: int) -> None:
    """Freeze the first layers; nothing random or of the batch happens in the others either.

    `training=False` would not do: Keras 3 calls what is inside a model with the model's own mode.
    """
    for place, layer in enumerate(model.layers):
        normalises = isinstance(layer, layers.BatchNormalization)
        layer.trainable = place >= layers_frozen and not normalises
        if isinstance(layer, layers.Dropout):
            layer.rate = 0.0


def load(backbone: Backbone, weights: str, side: int) -> keras.Model:
    """Build a backbone as keras.applications has it, and give it its weights.

    Args:
        weights: "imagenet" takes them from Keras's cache, or downloads them into it; "none" draws
            them at random; anything else is the path of a file (.weights.h5, .keras or .h5) that
            holds those of this very backbone without its classifier. No code in a file is run.
        side: of its pictures, 32 or more.

    Raises:
        NetworkError: a side below 32.
        WeightsError: the download failed; no such file, or it holds something else.
    """
    if side < 32:
        raise NetworkError(f"{backbone.name} needs a side of 32 pixels or more, not {side}.")
    shape = {"include_top": False, "input_shape": (side, side, 3), "name": backbone.name}
    if weights == "imagenet":
        try:
            return backbone.make(weights="imagenet", **shape)
        except Exception as error:  # Keras raises just that when a download fails
            raise WeightsError(_how_to_get(backbone, error)) from error
    model = backbone.make(weights=None, **shape)
    if weights != "none":
        _load(model, Path(weights))
    return model


def _how_to_get(backbone: Backbone, error: Exception) -> str:
    file = backbone.url.rsplit("/", 1)[1]
    return (
        f"The ImageNet weights of {backbone.name} could not be downloaded ({error}). Where there "
        f"is internet, get {backbone.url} and put it here as ~/.keras/models/{file} (or "
        "models/ in the folder that KERAS_HOME names), or put it anywhere and set "
        f'weights = "path/to/{file}" in the recipe (or --weights). weights = "none" trains '
        "from scratch."
    )


def _load(model: keras.Model, path: Path) -> None:
    if path.suffix not in (".keras", ".h5"):
        raise WeightsError(
            f'weights must be "imagenet", "none" or the path of a .weights.h5, .keras or .h5 file, '
            f"not {str(path)!r}."
        )
    if not path.is_file():
        raise WeightsError(f"There is no file of weights {path}.")
    try:
        held = _held(path)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise WeightsError(f"{path} cannot be read as a file of weights: {error}") from error
    wanted = len(model.weights)
    reason = f"its arrays are {held.arrays}, the network's {wanted}"
    if held.arrays == wanted:
        try:
            model.load_weights(path)
            return
        except (KeyError, ValueError) as error:
            reason = str(error)
    raise WeightsError(
        f"{path} holds the weights of {held.name}, not those of {model.name} without its "
        f"classifier: {reason}"
    )


@dataclass(frozen=True)
class _Held:
    """The network whose weights a file says it holds, and the number of its arrays."""

    name: str
    arrays: int


def _held(path: Path) -> _Held:
    if path.suffix == ".keras":
        with zipfile.ZipFile(path) as archive:
            file: Path | BinaryIO = BytesIO(archive.read("model.weights.h5"))
    else:
        file = path
    arrays: list[str] = []
    with h5py.File(file) as group:
        if "model_config" in group.attrs:  # the older format
            name = json.loads(group.attrs["model_config"])["config"]["name"]
        else:
            name = group["vars"].attrs.get("name") if "vars" in group else None
        group.visititems(
            lambda path, item: arrays.append(path) if isinstance(item, h5py.Dataset) else None
        )
    others = ("optimizer", "seed_generator")
    count = sum(not any(other in array for other in others) for array in arrays)
    return _Held(str(name or "another network"), count)
