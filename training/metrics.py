"""The figures a detector is judged by. Labels are bool (True: AI), scores any increasing scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def auc(labels: Bools, scores: Array) -> float:
    """Area under the ROC curve."""
    return float(roc_auc_score(labels, scores))


def mean_source_auc(labels: Bools, scores: Array, sources: Sequence[str]) -> float:
    """Mean over sources of the AUC inside each: content and history cannot help."""
    return float(np.mean(list(source_aucs(labels, scores, sources).values())))


def source_aucs(labels: Bools, scores: Array, sources: Sequence[str]) -> dict[str, float]:
    """AUC inside each source that has both classes."""
    names = np.array(sources)
    return {
        str(name): auc(labels[names == name], scores[names == name])
        for name in np.unique(names)
        if len(set(labels[names == name])) == 2
    }


def caught_at(labels: Bools, scores: Array, false_accusations: float) -> float:
    """Share of AI pictures above the score that this share of real pictures exceeds."""
    threshold = np.quantile(scores[~labels], 1 - false_accusations)
    return float((scores[labels] > threshold).mean())


def balanced_accuracy(labels: Bools, verdicts: Sequence[str]) -> float:
    """Mean of both classes' accuracy; "uncertain" counts half."""
    words = np.array(verdicts)
    credit = np.where(words == "uncertain", 0.5, (words == "ai") == labels)
    return float((credit[labels].mean() + credit[~labels].mean()) / 2)


def expected_calibration_error(labels: Bools, probabilities: Array, bins: int = 10) -> float:
    """Mean gap between probability and frequency over equal-width bins (Guo et al., ICML 2017)."""
    places = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = [
        abs(probabilities[places == b].mean() - labels[places == b].mean()) * (places == b).mean()
        for b in range(bins)
        if (places == b).any()
    ]
    return float(sum(gaps))
