"""The small convolutional network of system A, for pictures of 32 pixels."""

from __future__ import annotations

from collections.abc import Sequence

import keras

from training.networks.blocks import pictures, plain


def build(widths: Sequence[int] = (32, 64, 128), dense: int = 256, side: int = 32) -> keras.Model:
    """Build the network.

    The report gives three blocks and about 225 thousand parameters. Of the plain topologies of
    3x3 convolutions with 32, 64 and 128 channels, each with ReLU and a 2x2 maximum, and one dense
    layer, this comes nearest: unpadded convolutions and 256 units make 224,833 parameters (padded
    ones and 64 units 224,449).

    Args:
        widths: channels of the blocks.
        dense: units before the logit.
        side: of the pictures inside the network.

    Returns:
        uint8 RGB (n, height, width, 3), any size, to a logit (n, 1).
    """
    image, x = pictures(side)
    return keras.Model(image, plain(x, widths, dense), name="cnn32")
