"""The experts: each cuts its own views from a picture and gives a raw score (positive: AI)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from backend.detector import tower, views
from backend.detector.card import ModelError
from backend.detector.engines import Network
from backend.images import Pixels

TINY_SIDE = 32
# Keeps the activations of one pass inside a few hundred megabytes, however much is waiting.
TILES_A_PASS = 8
# Of the whole view and the crop. Chosen on sources left out of training: both together rank unseen
# pictures better than either, the whole view better than the crop.
VIEW_WEIGHTS = np.array([2 / 3, 1 / 3], np.float32)


class Expert(Protocol):
    """One voice of the verdict."""

    def cut(self, native: Pixels, whole: Pixels) -> Pixels:
        """The views to judge, uint8 (n, height, width, 3); pure, runs on a decoding thread.

        Args:
            native: pixels at native resolution.
            whole: the entire picture; the same array unless only a crop of it is native.
        """
        ...

    def scores(self, pictures: Sequence[Pixels]) -> list[float]:
        """Raw scores of several pictures, each given by its views."""
        ...


class Appearance:
    """How a picture is rendered: linear heads on middle blocks of CLIP's image tower.

    Intermediate blocks as in RINE (Koutlis and Papadopoulos, ECCV 2024).
    """

    def __init__(self, network: Network, head: Path) -> None:
        self._network = network
        with np.load(head, allow_pickle=False) as arrays:
            self._weights, self._bias = arrays["weights"], arrays["bias"]
        if self._weights.shape != (len(VIEW_WEIGHTS), tower.FEATURES):
            raise ModelError(
                f"{head} was made for another cut of the tower: its weights are "
                f"{self._weights.shape}, expected {(len(VIEW_WEIGHTS), tower.FEATURES)}."
            )

    def cut(self, native: Pixels, whole: Pixels) -> Pixels:
        crop = views.centre_square(native, views.TOWER_SIDE)
        return np.stack([views.whole_view(whole), crop])

    def scores(self, pictures: Sequence[Pixels]) -> list[float]:
        return [self._score(pair) for pair in pictures]

    def _score(self, pair: Pixels) -> float:
        # One view a pass: the int8 tower scales activations over its whole input, and a picture's
        # score must not depend on who else is waiting. On CPUs a larger batch is no faster.
        features = np.concatenate([self._network.run(view[None]) for view in pair])
        by_view = (features * self._weights).sum(axis=1) + self._bias
        return float(VIEW_WEIGHTS @ by_view)


class Traces:
    """What a generator leaves in the pixels: our fully convolutional ResNet on native tiles.

    The score is the mean of the logit map over all tiles.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    def cut(self, native: Pixels, whole: Pixels) -> Pixels:
        return views.tiles(native)

    def scores(self, pictures: Sequence[Pixels]) -> list[float]:
        return _mean_logits(self._network, pictures)


class Tiny:
    """Our small ResNet for pictures of a few dozen pixels, trained on CIFAKE."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def cut(self, native: Pixels, whole: Pixels) -> Pixels:
        image = Image.fromarray(whole)
        factor = TINY_SIDE / min(image.size)
        size = [max(TINY_SIDE, round(side * factor)) for side in image.size]
        resized = image.resize((size[0], size[1]), Image.Resampling.BICUBIC)
        return views.centre_square(np.asarray(resized), TINY_SIDE)[None]

    def scores(self, pictures: Sequence[Pixels]) -> list[float]:
        return _mean_logits(self._network, pictures)


def _mean_logits(network: Network, pictures: Sequence[Pixels]) -> list[float]:
    """Mean logit of each picture over all its views, computed in passes over all pictures."""
    stacked = np.concatenate(list(pictures))
    passes = [
        network.run(stacked[start : start + TILES_A_PASS])
        for start in range(0, len(stacked), TILES_A_PASS)
    ]
    logits = np.concatenate([maps.reshape(len(maps), -1).mean(axis=1) for maps in passes])
    ends = np.cumsum([len(views_) for views_ in pictures])[:-1]
    return [float(part.mean()) for part in np.split(logits, ends)]
