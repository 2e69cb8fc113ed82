"""The headline figures of a model version, through the very detector that the API calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import track

from backend.detector.detector import Detector, Views
from training import metrics
from training.datasets import cifake, manifest

EXPLAINED = {
    "quiz_mean_source_auc": "matched real-or-AI sets kept out of training, calibration and bands: "
    "mean over the seven sources of the AUC inside each",
    "quiz_caught_at_5": "the same pictures pooled: AI pictures caught where 5 % of the real ones "
    "are accused",
    "quiz_balanced_accuracy": "the same: balanced accuracy of the labels, uncertain counts half",
    "quiz_uncertain": "the same: share answered uncertain",
    "quiz_photographs_accused": "the same: real photographs labelled ai",
    "quiz_calibration_error": "the same: expected calibration error, ten bins",
    "wild_auc": "unmatched galleries against photographs, sources kept out of training, "
    "calibration and bands",
    "wild_calibration_error": "the same: expected calibration error, ten bins",
    "human_accused": "pictures made by people that are no plain photographs: share labelled ai",
    "cifake_accuracy": "CIFAKE's official test split, 20,000 pictures of 32 pixels, P(AI) > 0.5",
    "cifake_accuracy_without_leaked": "the same without the 378 test fakes that are train fakes",
}
_BATCH = 32


@dataclass(frozen=True)
class Judged:
    """Verdicts of the test split's pictures, in the order of `samples`."""

    samples: list[manifest.Sample]
    labels: np.ndarray
    probabilities: np.ndarray
    verdicts: list[str]

    def part(self, collection: str) -> Judged:
        """Only the pictures of one collection."""
        places = [i for i, s in enumerate(self.samples) if s.collection == collection]
        return Judged(
            [self.samples[i] for i in places],
            self.labels[places],
            self.probabilities[places],
            [self.verdicts[i] for i in places],
        )


def raw_scores(detector: Detector, samples: Sequence[manifest.Sample]) -> dict[str, np.ndarray]:
    """Raw scores by expert, float64 (n,) each."""
    rows = []
    for start in track(range(0, len(samples), _BATCH), "scoring"):
        batch = samples[start : start + _BATCH]
        rows.extend(detector.scores([_views(detector, sample) for sample in batch]))
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _views(detector: Detector, sample: manifest.Sample) -> Views:
    return detector.views(sample.pixels("crop"), sample.pixels("whole"))


def judge(
    detector: Detector,
    samples: list[manifest.Sample],
    scores: dict[str, np.ndarray],
    experts: Sequence[str],
) -> Judged:
    """The verdicts that a detector with only these experts gives."""
    stack = detector.card.stack_of(experts)
    names = list(experts)
    table = zip(*(scores[name].tolist() for name in names), strict=True)
    p = np.array([stack.probability(dict(zip(names, row, strict=True))) for row in table])
    labels = np.array([sample.is_ai for sample in samples])
    return Judged(samples, labels, p, [stack.bands.label(value) for value in p])


def headline(judged: Judged) -> dict[str, float]:
    """Figures on the `quiz`, `wild` and `human` test pictures."""
    quiz, wild, human = (judged.part(name) for name in manifest.COLLECTIONS)
    sources = [sample.source for sample in quiz.samples]
    accused = np.array([verdict == "ai" for verdict in quiz.verdicts])
    photographs = np.array([s.kind == "photo" for s in quiz.samples]) & ~quiz.labels
    figures = {
        "quiz_mean_source_auc": metrics.mean_source_auc(quiz.labels, quiz.probabilities, sources),
        "quiz_caught_at_5": metrics.caught_at(quiz.labels, quiz.probabilities, 0.05),
        "quiz_balanced_accuracy": metrics.balanced_accuracy(quiz.labels, quiz.verdicts),
        "quiz_uncertain": quiz.verdicts.count("uncertain") / len(quiz.verdicts),
        "quiz_photographs_accused": float(accused[photographs].mean()),
        "quiz_calibration_error": metrics.expected_calibration_error(
            quiz.labels, quiz.probabilities
        ),
        "wild_auc": metrics.auc(wild.labels, wild.probabilities),
        "wild_calibration_error": metrics.expected_calibration_error(
            wild.labels, wild.probabilities
        ),
        "human_accused": human.verdicts.count("ai") / len(human.verdicts),
    }
    by_source = metrics.source_aucs(quiz.labels, quiz.probabilities, sources)
    return {**figures, **{f"quiz_auc_{name}": value for name, value in by_source.items()}}


def cifake_headline(detector: Detector, root: Path) -> dict[str, float]:
    """Accuracy on CIFAKE's official test split."""
    data = cifake.read(root, "test")
    leaked = cifake.leaked(root)
    fresh = np.array([name not in leaked for name in data.names])
    probabilities = []
    for start in track(range(0, len(data.labels), 500), "CIFAKE"):
        batch = [detector.views(picture) for picture in data.pixels[start : start + 500]]
        probabilities += [verdict.probability for verdict in detector.classify(batch)]
    right = (np.array(probabilities) > 0.5) == data.labels[:, 0].astype(bool)
    return {
        "cifake_accuracy": float(right.mean()),
        "cifake_accuracy_without_leaked": float(right[fresh].mean()),
    }


def measure(
    detector: Detector, samples: list[manifest.Sample], root: Path
) -> dict[str, dict[str, float]]:
    """All figures of the model card: each expert alone, both, and `tiny`."""
    scores = raw_scores(detector, samples)
    names = sorted(scores)
    sets = [[name] for name in names] + ([names] if len(names) > 1 else [])
    figures = {" + ".join(s): headline(judge(detector, samples, scores, s)) for s in sets}
    return {**figures, "tiny": cifake_headline(detector, root)}
