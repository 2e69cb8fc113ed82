"""The headline figures of a model version, through the very detector that the API calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import track

from backend.detector import notes
from backend.detector.card import CardTable
from backend.detector.detector import Detector
from training import calibrate, metrics, tables
from training.changes import AS_IS, CHANGES, Change
from training.datasets import cifake, manifest
from training.judged import Judged

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
class Scored:
    """What the experts say of pictures: raw scores float64 (n,) by expert, and the notes."""

    samples: list[manifest.Sample]
    by_expert: dict[str, np.ndarray]
    notes: list[tuple[str, ...]]


def score(detector: Detector, samples: list[manifest.Sample], change: Change = AS_IS) -> Scored:
    """Run the experts over pictures, each changed first."""
    rows: list[dict[str, float]] = []
    noted: list[tuple[str, ...]] = []
    for start in track(range(0, len(samples), _BATCH), change.name):
        batch = [
            detector.views(
                change.pixels(sample, "crop"),
                change.pixels(sample, "whole"),
                change.jpeg_quality(sample),
            )
            for sample in samples[start : start + _BATCH]
        ]
        rows.extend(detector.scores(batch))
        noted.extend(views.notes for views in batch)
    by_expert = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return Scored(samples, by_expert, noted)


def judge(detector: Detector, scored: Scored, experts: Sequence[str]) -> Judged:
    """The verdicts that a detector with only these experts gives."""
    stack = detector.card.stack_of(experts)
    p = calibrate.probabilities(stack, scored.by_expert)
    labels = np.array([sample.is_ai for sample in scored.samples])
    verdicts = [
        notes.label(value, stack.bands, noted) for value, noted in zip(p, scored.notes, strict=True)
    ]
    return Judged(scored.samples, labels, p, verdicts)


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
        "quiz_uncertain": list(quiz.verdicts).count("uncertain") / len(quiz.verdicts),
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
    right = (np.array(probabilities) > 0.5) == data.labels
    return {
        "cifake_accuracy": float(right.mean()),
        "cifake_accuracy_without_leaked": float(right[fresh].mean()),
    }


@dataclass(frozen=True)
class Measured:
    """Everything that is measured on test pictures.

    Attributes:
        figures: by expert alone, by all together ("appearance + traces"), and of `tiny`.
        tables: of all experts together, for the model card.
        judged: the verdicts of all experts together on the pictures as they are.
    """

    figures: dict[str, dict[str, float]]
    tables: tuple[CardTable, ...]
    judged: Judged


def measure(detector: Detector, samples: list[manifest.Sample], root: Path) -> Measured:
    """Measure each expert alone, all together, and `tiny`."""
    scored = score(detector, samples)
    everyone = sorted(scored.by_expert)
    sets = [[name] for name in everyone] + ([everyone] if len(everyone) > 1 else [])
    judged = {" + ".join(s): judge(detector, scored, s) for s in sets}
    together = judged[" + ".join(everyone)]
    # Every second picture, and only the experts that have a say: the changes take long enough.
    heard = [name for name, weight in detector.card.weights_of(everyone).items() if weight]
    part = [sample for sample in samples if sample.collection == "quiz"][::2]
    changed = [
        (change.name, judge(detector, score(detector.only(*heard), part, change), heard))
        for change in (AS_IS, *CHANGES)
    ]
    return Measured(
        figures={
            **{name: headline(verdicts) for name, verdicts in judged.items()},
            "tiny": cifake_headline(detector, root),
        },
        tables=(
            tables.by_expert(judged),
            tables.robustness(changed),
            *tables.by_groups(together),
        ),
        judged=together,
    )
