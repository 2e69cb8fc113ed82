"""The model card's tables: how verdicts differ by source, generator, content, quality and size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from backend.detector.card import CardTable
from training import metrics
from training.datasets.manifest import Sample
from training.judged import Judged

LEAST = 10  # pictures of which a rate is stated

_RATES = ("AI", "real", "AI labelled ai", "AI labelled real", "real labelled ai", "AUC")
_DARK = 70  # mean brightness of 255 below which a photograph counts as dark


def _by_group(
    title: str, note: str, name: str, judged: Judged, group_of: Callable[[Sample], str]
) -> CardTable:
    """One row a group of pictures; what `group_of` calls "" is left out."""
    groups = np.array([group_of(sample) for sample in judged.samples])
    rows = []
    for group in np.unique(groups[groups != ""]):
        members = groups == group
        count_ai = int(judged.labels[members].sum())
        count_real = int(members.sum()) - count_ai
        if max(count_ai, count_real) >= LEAST:
            rows.append((str(group), count_ai, count_real, *_rates(judged, members)))
    return CardTable(title=title, note=note, columns=(name, *_RATES), rows=tuple(rows))


def _rates(judged: Judged, members: np.ndarray) -> tuple[float | None, ...]:
    labels = judged.labels[members]
    words = np.array(judged.verdicts)[members]

    def share(word: str, of: np.ndarray) -> float | None:
        return round(float((words[of] == word).mean()), 3) if of.sum() >= LEAST else None

    both = min(labels.sum(), (~labels).sum()) >= LEAST
    ranking = round(metrics.auc(labels, judged.probabilities[members]), 3) if both else None
    return share("ai", labels), share("real", labels), share("ai", ~labels), ranking


def by_groups(judged: Judged) -> list[CardTable]:
    """Tables of the verdicts of all experts together on the test pictures as they are."""
    quiz, wild, human = (judged.part(name) for name in ("quiz", "wild", "human"))
    return [
        _by_group(
            "Matched sets, by source",
            "Both classes of a source show the same kind of content.",
            "source",
            quiz,
            lambda s: s.source,
        ),
        _by_group(
            "Matched sets, by generator",
            "As far as the source names it.",
            "generator",
            quiz,
            lambda s: s.generator if s.is_ai else "",
        ),
        _by_group(
            "Matched sets, by kind of content",
            f"Dark: mean brightness below {_DARK} of 255.",
            "kind",
            quiz,
            _content,
        ),
        _by_group(
            "Galleries and cameras, by source",
            "Sources of one class only: content and history differ between them.",
            "source",
            wild,
            lambda s: s.source,
        ),
        _by_group(
            "Made by people, no plain photographs, by kind",
            "All real. What a detector of taste would accuse.",
            "kind",
            human,
            lambda s: s.kind,
        ),
        _by_group(
            "Matched sets, by size of the original",
            "Shorter side in pixels, before the picture was stored for measuring.",
            "shorter side",
            quiz,
            lambda s: _size(min(s.original_size)),
        ),
    ]


def _content(sample: Sample) -> str:
    if sample.kind == "photo" and sample.pixels("whole").mean() < _DARK:
        return "photo, dark"
    return sample.kind


def _size(side: int) -> str:
    for most in (512, 1024, 2048):
        if side <= most:
            return f"up to {most}"
    return "above 2048"


def by_expert(judged: Mapping[str, Judged]) -> CardTable:
    """AUC inside each matched source for every set of experts."""
    columns = {}
    for experts, verdicts in judged.items():
        quiz = verdicts.part("quiz")
        sources = [sample.source for sample in quiz.samples]
        columns[experts] = metrics.source_aucs(quiz.labels, quiz.probabilities, sources)
    sources = sorted(next(iter(columns.values())))
    return CardTable(
        title="Matched sets, AUC inside each source, by expert",
        note="Each expert alone, and all together.",
        columns=("source", *columns),
        rows=tuple(
            (source, *(round(aucs[source], 3) for aucs in columns.values())) for source in sources
        ),
    )


def robustness(judged: Iterable[tuple[str, Judged]]) -> CardTable:
    """What each change of the matched sets' pictures does to ranking and verdicts."""
    return CardTable(
        title="Matched sets, after what the web does to pictures",
        note="Every second picture, both classes changed alike: native crops as they are, whole "
        "pictures re-saved as stored (shorter side 240), shrunk only as far as the original would "
        "be.",
        columns=("change", "mean AUC", "caught at 5 %", "real labelled ai", "uncertain"),
        rows=tuple((change, *_ranking(verdicts)) for change, verdicts in judged),
    )


def _ranking(judged: Judged) -> tuple[float, ...]:
    sources = [sample.source for sample in judged.samples]
    words = np.array(judged.verdicts)
    figures = (
        metrics.mean_source_auc(judged.labels, judged.probabilities, sources),
        metrics.caught_at(judged.labels, judged.probabilities, 0.05),
        float((words[~judged.labels] == "ai").mean()),
        float((words == "uncertain").mean()),
    )
    return tuple(round(figure, 3) for figure in figures)
