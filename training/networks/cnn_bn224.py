"""The convolutional network with batch normalisation of system C."""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers

from training.networks.blocks import logit, pictures


def build(
    widths: Sequence[int] = (32, 64, 128),
    dense: int = 256,
    dropout: float = 0.5,
    side: int = 224,
) -> keras.Model:
    """Build the network: 25.8 million parameters, nearly all in the dense layer.

    The report gives the channels, the dense layer, batch normalisation and dropout, not how much.

    Args:
        widths: channels of the blocks: 3x3 convolution, batch normalisation, ReLU, 2x2 maximum.
        dense: units before the logit.
        dropout: share of them left out in training.
        side: of the pictures inside the network.

    Returns:
        uint8 RGB (n, height, width, 3), any size, to a logit (n, 1).
    """
    image, x = pictures(side)
    for width in widths:
        x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
        x = layers.Activation("relu")(layers.BatchNormalization()(x))
        x = layers.MaxPooling2D()(x)
    x = layers.Dense(dense, activation="relu")(layers.Flatten()(x))
    x = layers.Dropout(dropout)(x)
    return keras.Model(image, logit(x), name="cnn_bn224")
