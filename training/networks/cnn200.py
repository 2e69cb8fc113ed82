"""The convolutional network of system A for larger pictures."""

from __future__ import annotations

from collections.abc import Sequence

import keras

from training.networks.blocks import pictures, plain


def build(widths: Sequence[int] = (32, 64, 128), dense: int = 256, side: int = 200) -> keras.Model:
    """Build the network: the topology of `cnn32` on 200 pixels, 17.4 million parameters.

    Nearly all of them are in the dense layer, which sees 23 x 23 places.

    Args:
        widths: channels of the blocks.
        dense: units before the logit.
        side: of the pictures inside the network.

    Returns:
        uint8 RGB (n, height, width, 3), any size, to a logit (n, 1).
    """
    image, x = pictures(side)
    return keras.Model(image, plain(x, widths, dense), name="cnn200")
