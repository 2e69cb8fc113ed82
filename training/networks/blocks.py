"""Layers that the networks share, in backend-agnostic Keras 3."""

from __future__ import annotations

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
