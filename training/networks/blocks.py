"""Layers that the networks share, in backend-agnostic Keras 3."""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers


def conv_bn(
    x: keras.KerasTensor, width: int, kernel: int = 3, stride: int = 1
) -> keras.KerasTensor:
    """Convolution without bias, then batch normalisation."""
    x = layers.Conv2D(width, kernel, strides=stride, padding="same", use_bias=False)(x)
    return layers.BatchNormalization(momentum=0.95)(x)


def residual_block(x: keras.KerasTensor, width: int, stride: int = 1) -> keras.KerasTensor:
    """Basic residual block (He et al., CVPR 2016): two 3x3 convolutions and a shortcut."""
    shortcut = x
    if stride != 1 or x.shape[-1] != width:
        if stride != 1:
            shortcut = layers.AveragePooling2D(stride, padding="same")(shortcut)
        shortcut = conv_bn(shortcut, width, kernel=1)
    y = layers.Activation("relu")(conv_bn(x, width, stride=stride))
    y = conv_bn(y, width)
    return layers.Activation("relu")(layers.Add()([y, shortcut]))


def pictures(side: int) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The input of a network that looks at whole pictures.

    Returns:
        The input, uint8 (n, height, width, 3) of any size, and the same pictures squeezed to
        float32 (n, side, side, 3) in 0..1. Enlarging is meant (CIFAKE's 32 pixels); the bilinear
        resizing does not smooth, so pictures much larger than `side` should be made smaller before.
    """
    image = keras.Input((None, None, 3), dtype="uint8", name="views")
    # In this order: resizing uint8 would round, and ONNX does not.
    x = layers.Rescaling(1 / 255, dtype="float32")(image)
    return image, layers.Resizing(side, side, dtype="float32")(x)


def plain(x: keras.KerasTensor, widths: Sequence[int], dense: int) -> keras.KerasTensor:
    """3x3 convolution without padding, ReLU and 2x2 maximum for each width; then a dense layer."""
    for width in widths:
        x = layers.Conv2D(width, 3, activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Dense(dense, activation="relu")(layers.Flatten()(x))
    return logit(x)


def head(
    x: keras.KerasTensor,
    dense: int,
    *,
    batch_norm: bool = False,
    dropout: float = 0.0,
    l1: float = 0.0,
    l2: float = 0.0,
) -> keras.KerasTensor:
    """What stands on a backbone: mean over places, dense layer with ReLU, logit.

    Args:
        x: features (n, h, w, channels).
        dense: units of the dense layer, whose kernel `l1` and `l2` regularise.
        batch_norm: after the dense layer.
        dropout: share of its outputs left out in training.
    """
    x = layers.GlobalAveragePooling2D()(x)
    penalty = keras.regularizers.L1L2(l1, l2) if l1 or l2 else None
    x = layers.Dense(dense, activation="relu", kernel_regularizer=penalty)(x)
    if batch_norm:
        x = layers.BatchNormalization()(x)
    if dropout:
        x = layers.Dropout(dropout)(x)
    return logit(x)


def logit(x: keras.KerasTensor) -> keras.KerasTensor:
    """The output of a classifier: float32 (n, 1), positive means AI."""
    return layers.Dense(1, dtype="float32", name="logit")(x)
