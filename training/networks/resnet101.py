"""ResNet-101: from scratch as in system B, or frozen as in system C."""

from __future__ import annotations

import keras
from keras import layers

from training.networks import pretrained
from training.networks.blocks import head, pictures


def build(
    weights: str = "none",
    trainable_layers: pretrained.Trainable = "all",
    noise: float = 0.1,
    dense: int = 1024,
    batch_norm: bool = False,
    dropout: float = 0.4,
    l1: float = 0.02,
    l2: float = 0.04,
    side: int = 224,
) -> keras.Model:
    """Build the network: 42.7 million parameters in the backbone (He et al., CVPR 2016).

    The defaults are system B's, whose softmax over two classes is one logit here, the difference of
    its two: the same function with half of the last layer's weights. System C's is `noise` 0,
    `dense` 256, `batch_norm`, no `l1` and `l2`, `trainable_layers` 0.

    Args:
        weights: of the backbone: imagenet, none, or the path of a file.
        trainable_layers: of the backbone, counted from its end: 0, a number, or "all".
        noise: standard deviation of Gaussian noise on the pictures, in 0..1, in training.
        dense: units before the logit.
        batch_norm: after the dense layer.
        dropout: share of its units left out in training.
        l1: regularises the dense layer's kernel, as `l2` does.
        side: of the pictures inside the network, 32 or more.

    Returns:
        uint8 RGB (n, height, width, 3), any size, to a logit (n, 1).

    Raises:
        WeightsError: the weights cannot be had or do not fit.
    """
    image, x = pictures(side)
    if noise:
        x = layers.GaussianNoise(noise, dtype="float32")(x)
    x = pretrained.features(pretrained.RESNET101, x, weights, trainable_layers)
    x = head(x, dense, batch_norm=batch_norm, dropout=dropout, l1=l1, l2=l2)
    return keras.Model(image, x, name="resnet101")
