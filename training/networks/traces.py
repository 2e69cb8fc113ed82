"""The trace network: fully convolutional ResNet on RGB and a fixed high-pass residual."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers, ops

from training.networks.blocks import conv_bn, residual_block


def build(widths: tuple[int, ...] = (16, 24, 48, 80), blocks: int = 2) -> keras.Model:
    """Build the network.

    The residual is each pixel minus the mean of its 3x3 neighbourhood, the cheapest high-pass in
    which the artefacts of up-sampling decoders show (compare SRM filters and NPR, CVPR 2024). The
    first stage keeps full resolution. The logit is linear in mean and standard deviation over the
    places of each channel of the last stage: traces are texture, and most of what tells them is in
    the deviation (compare statistics pooling, Snyder et al., ICASSP 2018). Global average pooling
    of the returned map and nothing else gives the logit, so the map is an exact explanation of it.

    Args:
        widths: channels of each stage; every stage but the first halves the resolution.
        blocks: residual blocks a stage; the first stage, the most expensive, has one.

    Returns:
        uint8 RGB (n, height, width, 3), any size, to a logit map (n, height / 8, width / 8, 1).
    """
    image = keras.Input((None, None, 3), dtype="uint8", name="views")
    rgb = layers.Rescaling(1 / 127.5, offset=-1.0)(image)
    high_pass = layers.DepthwiseConv2D(3, padding="same", use_bias=False, trainable=False)
    residual = layers.Rescaling(8.0)(high_pass(rgb))
    kernel = np.full((3, 3, 3, 1), -1 / 9, np.float32)
    kernel[1, 1] += 1
    high_pass.set_weights([kernel])
    x = layers.Concatenate()([rgb, residual])
    x = layers.Activation("relu")(conv_bn(x, widths[0]))
    x = residual_block(x, widths[0])
    for width in widths[1:]:
        x = residual_block(x, width, stride=2)
        for _ in range(blocks - 1):
            x = residual_block(x, width)
    statistics = layers.Concatenate(dtype="float32")([x, _spread(x)])
    logits = layers.Conv2D(1, 1, dtype="float32", name="logit_map")(statistics)
    return keras.Model(image, logits, name="traces")


def _spread(x: keras.KerasTensor) -> keras.KerasTensor:
    """Each place's part in the standard deviation over places, which is its mean: x's shape."""
    x = ops.cast(x, "float32")
    squares = ops.square(x - ops.mean(x, axis=(1, 2), keepdims=True))
    return squares / ops.sqrt(ops.mean(squares, axis=(1, 2), keepdims=True) + 1e-6)
