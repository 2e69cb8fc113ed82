"""The figures a detector is judged by. Labels are bool (True: AI), scores any increasing scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support, roc_auc_score

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


@dataclass(frozen=True)
class Bin:
    """Pictures with a probability from `low` to `high`: their mean, and how many are AI."""

    low: float
    high: float
    pictures: int
    probability: float
    frequency: float


def reliability(labels: Bools, probabilities: Array, bins: int = 10) -> list[Bin]:
    """Equal-width bins of probabilities (n,); those without pictures are left out."""
    places = np.minimum((probabilities * bins).astype(int), bins - 1)
    return [
        Bin(
            low=b / bins,
            high=(b + 1) / bins,
            pictures=int((places == b).sum()),
            probability=float(probabilities[places == b].mean()),
            frequency=float(labels[places == b].mean()),
        )
        for b in range(bins)
        if (places == b).any()
    ]


def expected_calibration_error(labels: Bools, probabilities: Array, bins: int = 10) -> float:
    """Mean gap between probability and frequency over equal-width bins (Guo et al., ICML 2017)."""
    found = reliability(labels, probabilities, bins)
    return sum(abs(b.probability - b.frequency) * (b.pictures / len(labels)) for b in found)


@dataclass(frozen=True)
class Classified:
    """Figures of decided pictures; AI is the positive class. What has no pictures is NaN.

    Attributes:
        confusion: int64 (2, 2), rows truth and columns verdict, each real, AI.
    """

    pictures: int
    accuracy: float
    balanced_accuracy: float
    precision: float
    recall: float
    f1: float
    confusion: npt.NDArray[np.int64]


def classified(labels: Bools, accused: Bools) -> Classified:
    """Compare truth with verdicts, both True for AI and (n,)."""
    precision, recall, f1, _ = precision_recall_fscore_support(
        labels, accused, average="binary", zero_division=np.nan
    )
    return Classified(
        pictures=len(labels),
        accuracy=float((labels == accused).mean()),
        balanced_accuracy=_balanced(labels, accused) if 0 < labels.sum() < len(labels) else np.nan,
        precision=float(precision),
        recall=float(recall),
        f1=float(f1),
        confusion=confusion_matrix(labels, accused, labels=[False, True]),
    )


def _balanced(labels: Bools, accused: Bools) -> float:
    return float((accused[labels].mean() + (~accused[~labels]).mean()) / 2)


def best_threshold(labels: Bools, scores: Array) -> float:
    """The score above which calling a picture AI gives the best balanced accuracy.

    It lies in the middle between two scores; of several equally good ones it is the middle one.
    """
    values, places = np.unique(scores, return_inverse=True)
    if len(values) == 1:
        return float(values[0])
    caught = 1 - np.cumsum(np.bincount(places, labels, len(values)))[:-1] / labels.sum()
    spared = np.cumsum(np.bincount(places, ~labels, len(values)))[:-1] / (~labels).sum()
    balanced = caught + spared
    best = np.flatnonzero(np.isclose(balanced, balanced.max()))
    chosen = best[len(best) // 2]
    return float((values[chosen] + values[chosen + 1]) / 2)


# The same figures of many samples of pictures at once. Labels and sources belong to a place and are
# (n,); what was drawn there differs: scores and verdicts are (samples, n), results (samples,).


def sampled_aucs(labels: Bools, scores: Array) -> Array:
    """`auc` of each sample, by ranks (Mann and Whitney 1947)."""
    count_ai, count_real = int(labels.sum()), int((~labels).sum())
    ranks = rankdata(scores, axis=1)[:, labels].sum(axis=1)
    return np.asarray((ranks - count_ai * (count_ai + 1) / 2) / (count_ai * count_real))


def sampled_mean_source_aucs(labels: Bools, scores: Array, sources: Sequence[str]) -> Array:
    """`mean_source_auc` of each sample."""
    names = np.array(sources)
    both = [name for name in np.unique(names) if len(set(labels[names == name])) == 2]
    by_source = [sampled_aucs(labels[names == n], scores[:, names == n]) for n in both]
    return np.asarray(np.mean(by_source, axis=0))


def sampled_caught_at(labels: Bools, scores: Array, false_accusations: float) -> Array:
    """`caught_at` of each sample."""
    thresholds = np.quantile(scores[:, ~labels], 1 - false_accusations, axis=1)
    return np.asarray((scores[:, labels] > thresholds[:, None]).mean(axis=1))


def sampled_accuracies(labels: Bools, accused: Bools) -> Array:
    """Share of each sample that is right."""
    return np.asarray((accused == labels).mean(axis=1))


def sampled_balanced_accuracies(labels: Bools, accused: Bools) -> Array:
    """Mean of both classes' accuracy of each sample."""
    return np.asarray((accused[:, labels].mean(axis=1) + (~accused[:, ~labels]).mean(axis=1)) / 2)
