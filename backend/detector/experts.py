"""The experts: each cuts its own views from a picture and gives a raw score (positive: AI)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from backend.detector import tower, views
from backend.detector.engines import Floats, Network, OnnxNetwork
from backend.detector.head import Head, load_heads
from backend.detector.views import Box, Place
from backend.images import Pixels

TINY_SIDE = 32
# Of a longer picture than this many squares in a row, tiny looks at the middle only.
TINY_SQUARES = 8
# Keeps the activations of one pass inside a few hundred megabytes, however much is waiting.
TILES_A_PASS = 8
# Of the whole view and the crop. Chosen on sources left out of training: both together rank unseen
# pictures better than either, the whole view better than the crop.
VIEW_WEIGHTS = np.array([2 / 3, 1 / 3], np.float32)


@dataclass(frozen=True)
class LogitMap:
    """What one view adds to an expert's score, and where.

    Attributes:
        logits: float32 (rows, columns), cells evenly spread over the view.
        rest: the part of the view's score that has no place.
        share: of the view in the expert's score.
    """

    logits: Floats
    rest: float
    share: float


@dataclass(frozen=True)
class Opinion:
    """What an expert thinks of a picture.

    Attributes:
        score: raw; the more positive, the more AI. It is the sum over `maps` of
            `share` * (mean of `logits` + `rest`).
        maps: one a view, in the order of the views.
    """

    score: float
    maps: tuple[LogitMap, ...]


class Expert(Protocol):
    """One voice of the verdict."""

    def cut(self, native: Pixels, whole: Pixels) -> Pixels:
        """The views to judge, uint8 (n, height, width, 3); pure, runs on a decoding thread.

        Args:
            native: pixels at native resolution.
            whole: the entire picture; the same array unless only a crop of it is native.
        """
        ...

    def places(self, width: int, height: int) -> list[Place]:
        """Where the views of a picture of this size lie, in the order of `cut`."""
        ...

    def judge(self, pictures: Sequence[Pixels]) -> list[Opinion]:
        """Opinions on several pictures, each given by its views; runs the network."""
        ...


class Appearance:
    """How a picture is rendered: quadratic heads on middle blocks of CLIP's image tower.

    Intermediate blocks as in RINE (Koutlis and Papadopoulos, ECCV 2024).
    """

    def __init__(self, network: OnnxNetwork, head: Path) -> None:
        self._network = network
        self._heads = load_heads(head, len(VIEW_WEIGHTS), tower.FEATURES)

    def cut(self, native: Pixels, whole: Pixels) -> Pixels:
        crop = views.centre_square(native, views.TOWER_SIDE)
        return np.stack([views.whole_view(whole), crop])

    def places(self, width: int, height: int) -> list[Place]:
        crop = views.centre_box(width, height, views.TOWER_SIDE)
        return [Place("whole", Box(0, 0, width, height)), Place("crop", crop)]

    def judge(self, pictures: Sequence[Pixels]) -> list[Opinion]:
        return [self._opinion(pair) for pair in pictures]

    def _opinion(self, pair: Pixels) -> Opinion:
        # One view a pass: the int8 tower scales activations over its whole input, and a picture's
        # score must not depend on who else is waiting. On CPUs a larger batch is no faster.
        passes = [self._network.outputs(view[None]) for view in pair]
        maps = tuple(
            _logit_map(head, features[0], patches[0], float(share))
            for head, (features, patches), share in zip(
                self._heads, passes, VIEW_WEIGHTS, strict=True
            )
        )
        score = sum(one.share * (float(one.logits.mean()) + one.rest) for one in maps)
        return Opinion(score, maps)


class Traces:
    """What a generator leaves in the pixels: our fully convolutional ResNet on native tiles.

    The score is the mean of the logit map over all tiles.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    def cut(self, native: Pixels, whole: Pixels) -> Pixels:
        return views.tiles(native)

    def places(self, width: int, height: int) -> list[Place]:
        return [Place("tile", box) for box in views.tile_boxes(width, height)]

    def judge(self, pictures: Sequence[Pixels]) -> list[Opinion]:
        return _mean_logits(self._network, pictures)


class Tiny:
    """Our small ResNet for pictures of a few dozen pixels, trained on CIFAKE.

    The score is the mean of the logit map.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    def cut(self, native: Pixels, whole: Pixels) -> Pixels:
        # Resizing all of a strip would take seconds and gigabytes for the one square that is kept.
        most = TINY_SQUARES * min(whole.shape[:2])
        top, left = (max(0, side - most) // 2 for side in whole.shape[:2])
        image = Image.fromarray(whole[top : top + most, left : left + most])
        factor = TINY_SIDE / min(image.size)
        size = [max(TINY_SIDE, round(side * factor)) for side in image.size]
        resized = image.resize((size[0], size[1]), Image.Resampling.BICUBIC)
        return views.centre_square(np.asarray(resized), TINY_SIDE)[None]

    def places(self, width: int, height: int) -> list[Place]:
        return [Place("crop", views.centre_box(width, height, min(width, height)))]

    def judge(self, pictures: Sequence[Pixels]) -> list[Opinion]:
        return _mean_logits(self._network, pictures)


def _mean_logits(network: Network, pictures: Sequence[Pixels]) -> list[Opinion]:
    """The mean over all views' logit maps, computed in passes over all pictures."""
    stacked = np.concatenate(list(pictures))
    passes = [
        network.run(stacked[start : start + TILES_A_PASS])
        for start in range(0, len(stacked), TILES_A_PASS)
    ]
    ends = np.cumsum([len(views_) for views_ in pictures])[:-1]
    return [
        Opinion(
            score=float(maps.mean(axis=(1, 2)).mean()),
            maps=tuple(LogitMap(logits, rest=0.0, share=1 / len(maps)) for logits in maps),
        )
        for maps in np.split(np.concatenate(passes)[..., 0], ends)
    ]


def _logit_map(head: Head, features: Floats, patches: Floats, share: float) -> LogitMap:
    """What one view adds to the appearance score, and where.

    Args:
        features: of the view, float32 (16128,).
        patches: the tokens they were computed from, float32 (blocks, patches, width of a token).
    """
    weights, rest = head.weights_at(features)
    parts = (len(tower.BLOCKS), len(tower.STATISTICS), tower.WIDTH)
    mean = tower.STATISTICS.index("mean")
    # A mean patch token is a sum over patches: each patch has its part in what that adds.
    of_means = weights.reshape(parts)[:, mean]
    logits = np.einsum("bpc,bc->p", patches, of_means)
    placed = np.einsum("bc,bc->", features.reshape(parts)[:, mean], of_means)
    rest += float(np.einsum("d,d->", weights, features) - placed)
    return LogitMap(logits.reshape(tower.GRID, tower.GRID), rest, share)
