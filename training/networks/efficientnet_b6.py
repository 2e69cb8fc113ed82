"""EfficientNet-B6 with a dense head, as in system D."""

from __future__ import annotations

import keras

from training.networks import pretrained
from training.networks.blocks import head, pictures


def build(
    weights: str = "none",
    trainable_layers: pretrained.Trainable = 0,
    dense: int = 256,
    dropout: float = 0.4,
    l2: float = 0.01,
    side: int = 528,
) -> keras.Model:
    """Build the network: 41 million parameters in the backbone (Tan and Le, ICML 2019).

    The report gives frozen features and a dense head with batch normalisation, dropout and L2, not
    how much of each.

    Args:
        weights: of the backbone: imagenet, none, or the path of a file.
        trainable_layers: of the backbone, counted from its end: 0, a number, or "all".
        dense: units before the logit; batch normalisation follows them.
        dropout: share of them left out in training.
        l2: regularises the dense layer's kernel.
        side: of the pictures inside the network, 32 or more; the architecture was made for 528.

    Returns:
        uint8 RGB (n, height, width, 3), any size, to a logit (n, 1).

    Raises:
        WeightsError: the weights cannot be had or do not fit.
    """
    image, x = pictures(side)
    x = pretrained.features(pretrained.EFFICIENTNET_B6, x, weights, trainable_layers)
    x = head(x, dense, batch_norm=True, dropout=dropout, l2=l2)
    return keras.Model(image, x, name="efficientnet_b6")
