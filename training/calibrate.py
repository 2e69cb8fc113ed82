"""From raw expert scores on held-out sources to a calibrated probability and its bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from backend.detector.card import Bands, Stack

Array = npt.NDArray[np.float64]

# Stated rates, on held-out sources: real pictures called "ai", AI pictures called "real".
FALSE_ACCUSATIONS = 0.04
FALSE_ACQUITTALS = 0.15


class CalibrationError(ValueError):
    """An expert ranks held-out pictures the wrong way round: it cannot be calibrated."""


def fit_stack(
    experts: Sequence[str],
    scores: Mapping[str, Array],
    labels: npt.NDArray[np.bool_],
    weights: Array,
) -> Stack:
    """Logistic regression on the experts' raw scores (Platt 1999); bands come after.

    No expert speaks against its own score: one that would get a negative weight gets none.

    Args:
        experts: whose scores to combine.
        scores: raw scores by expert, each (n,); NaN where a picture is not held out from one.
        labels: True for AI, (n,).
        weights: of each picture, (n,).

    Raises:
        CalibrationError: a single expert would get a negative weight.
    """
    columns = np.stack([scores[name] for name in experts], axis=1)
    known = np.isfinite(columns).all(axis=1)
    columns, truth, mass = columns[known], labels[known], weights[known]
    scale = columns.std(axis=0)
    # Nearly unpenalised; the penalty only keeps separable data finite.
    model = LogisticRegression(C=100.0).fit(columns / scale, truth, sample_weight=mass)
    by_expert = dict(zip(experts, (model.coef_[0] / scale).tolist(), strict=True))
    heard = [name for name, weight in by_expert.items() if weight > 0]
    if not heard:
        raise CalibrationError(f"{', '.join(experts)}: worse than chance on held-out pictures.")
    if len(heard) < len(experts):
        smaller = fit_stack(heard, scores, labels, weights)
        heard_weights = dict(zip(smaller.experts, smaller.weights, strict=True))
        all_weights = tuple(heard_weights.get(name, 0.0) for name in experts)
        return smaller.model_copy(update={"experts": tuple(experts), "weights": all_weights})
    return Stack(
        experts=tuple(experts),
        weights=tuple(by_expert.values()),
        bias=float(model.intercept_[0]),
        bands=Bands(real_below=0.0, ai_above=1.0),
    )


def probabilities(stack: Stack, scores: Mapping[str, Array]) -> Array:
    """The stack's P(AI) of many pictures from raw scores by expert, each (n,)."""
    columns = zip(*(scores[name].tolist() for name in stack.experts), strict=True)
    rows = (dict(zip(stack.experts, column, strict=True)) for column in columns)
    return np.array([stack.probability(row) for row in rows])


def fit_bands(probabilities: Array, labels: npt.NDArray[np.bool_], weights: Array) -> Bands:
    """The thresholds at which held-out pictures are wronged at the stated rates."""
    ai_above = _quantile(probabilities[~labels], weights[~labels], 1 - FALSE_ACCUSATIONS)
    real_below = _quantile(probabilities[labels], weights[labels], FALSE_ACQUITTALS)
    return Bands(real_below=round(min(real_below, 0.5), 4), ai_above=round(max(ai_above, 0.5), 4))


def _quantile(values: Array, weights: Array, share: float) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(reached, share)])
