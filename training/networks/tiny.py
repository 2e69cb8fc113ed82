"""The network for pictures of a few dozen pixels: a ResNet without early down-sampling."""

from __future__ import annotations

import keras
from keras import layers

from training.networks.blocks import conv_bn, residual_block


def build(widths: tuple[int, ...] = (16, 48, 128), blocks: int = 2) -> keras.Model:
    """Build the network.

    Args:
        widths: channels of each stage; every stage but the first halves the resolution.
        blocks: residual blocks a stage.

    Returns:
        uint8 RGB (n, 32, 32, 3) to a logit map (n, 8, 8, 1), whose mean is the logit.
    """
    image = keras.Input((32, 32, 3), dtype="uint8", name="views")
    x = layers.Rescaling(1 / 127.5, offset=-1.0)(image)
    x = layers.Activation("relu")(conv_bn(x, widths[0]))
    for stage, width in enumerate(widths):
        for block in range(blocks):
            x = residual_block(x, width, stride=2 if stage and not block else 1)
    logits = layers.Conv2D(1, 1, dtype="float32", name="logit_map")(x)
    return keras.Model(image, logits, name="tiny")
