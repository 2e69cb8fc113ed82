"""ResNet-50 with a new head: transfer learning as in system A."""

from __future__ import annotations

import keras

from training.networks import pretrained
from training.networks.blocks import head, pictures


def build(
    weights: str = "none",
    trainable_layers: pretrained.Trainable = 0,
    dense: int = 256,
    dropout: float = 0.5,
    side: int = 224,
) -> keras.Model:
    """Build the network: 23.6 million parameters in the backbone (He et al., CVPR 2016).

    The report says that the backbone was frozen, or all but its last five layers, not what the head
    was.

    Args:
        weights: of the backbone: imagenet, none, or the path of a file.
        trainable_layers: of the backbone, counted from its end: 0, a number, or "all".
        dense: units before the logit.
        dropout: share of them left out in training.
        side: of the pictures inside the network, 32 or more.

    Returns:
        uint8 RGB (n, height, width, 3), any size, to a logit (n, 1).

    Raises:
        WeightsError: the weights cannot be had or do not fit.
    """
    image, x = pictures(side)
    x = pretrained.features(pretrained.RESNET50, x, weights, trainable_layers)
    return keras.Model(image, head(x, dense, dropout=dropout), name="resnet50")
