"""How far a figure could be off by the pictures it was measured on: bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training import metrics
from training.metrics import Array, Bools

RESAMPLES = 1000
LEVEL = 0.95
_SEED = 20261126
_CELLS = 4_000_000  # of one pass; keeps memory in bounds, whatever the number of pictures


@dataclass(frozen=True)
class Estimate:
    """A figure and its percentile bootstrap interval (Efron and Tibshirani 1993)."""

    value: float
    low: float
    high: float
    pictures: int


def draws(strata: Sequence[str], resamples: int, seed: int) -> npt.NDArray[np.int32]:
    """Places of pictures drawn with replacement, int32 (resamples, n).

    What is drawn for a picture comes from its own stratum, so whatever is the same in a stratum
    (label, source) is the same for a column.
    """
    names = np.array(strata)
    rng = np.random.default_rng(seed)
    drawn = np.empty((resamples, len(names)), np.int32)
    for name in np.unique(names):
        members = np.flatnonzero(names == name).astype(np.int32)
        drawn[:, members] = members[rng.integers(0, len(members), (resamples, len(members)))]
    return drawn


def estimate(
    value: float,
    sampled: Callable[[npt.NDArray[np.int32]], Array],
    labels: Bools,
    sources: Sequence[str],
) -> Estimate:
    """The interval of a figure; pictures are drawn inside each source and class.

    Args:
        value: the figure of the pictures as they are.
        sampled: the figure of each row of places (resamples, n).
    """
    strata = [f"{source}/{label}" for source, label in zip(sources, labels, strict=True)]
    rows = max(1, min(RESAMPLES, _CELLS // len(strata)))
    figures = [
        sampled(draws(strata, min(rows, RESAMPLES - start), _SEED + start))
        for start in range(0, RESAMPLES, rows)
    ]
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(np.concatenate(figures), [tail, 1 - tail])
    return Estimate(value, float(low), float(high), len(strata))


def accuracy(labels: Bools, accused: Bools, sources: Sequence[str]) -> Estimate:
    """Share of verdicts (True: AI) that are right."""
    return estimate(
        metrics.classified(labels, accused).accuracy,
        lambda places: metrics.sampled_accuracies(labels, accused[places]),
        labels,
        sources,
    )


def balanced_accuracy(labels: Bools, accused: Bools, sources: Sequence[str]) -> Estimate:
    """Mean of both classes' accuracy."""
    return estimate(
        metrics.classified(labels, accused).balanced_accuracy,
        lambda places: metrics.sampled_balanced_accuracies(labels, accused[places]),
        labels,
        sources,
    )


def accused(labels: Bools, accused: Bools, sources: Sequence[str]) -> Estimate:
    """Share of pictures called AI."""
    return estimate(
        float(accused.mean()),
        lambda places: np.asarray(accused[places].mean(axis=1)),
        labels,
        sources,
    )


def auc(labels: Bools, scores: Array, sources: Sequence[str]) -> Estimate:
    """Area under the ROC curve, pooled."""
    return estimate(
        metrics.auc(labels, scores),
        lambda places: metrics.sampled_aucs(labels, scores[places]),
        labels,
        sources,
    )


def mean_source_auc(labels: Bools, scores: Array, sources: Sequence[str]) -> Estimate:
    """Mean over sources of the AUC inside each."""
    return estimate(
        metrics.mean_source_auc(labels, scores, sources),
        lambda places: metrics.sampled_mean_source_aucs(labels, scores[places], sources),
        labels,
        sources,
    )


def caught_at(
    labels: Bools, scores: Array, false_accusations: float, sources: Sequence[str]
) -> Estimate:
    """Share of AI pictures above the score that this share of real pictures exceeds."""
    return estimate(
        metrics.caught_at(labels, scores, false_accusations),
        lambda places: metrics.sampled_caught_at(labels, scores[places], false_accusations),
        labels,
        sources,
    )
