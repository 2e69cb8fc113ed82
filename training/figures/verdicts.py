"""How good verdicts are: confusion, ROC, precision and recall, reliability, source by source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from sklearn.metrics import precision_recall_curve, roc_curve

from training import metrics
from training.figures import canvas
from training.metrics import Bools
from training.predictions import Predictions

_CLASSES = ("real", "AI")


def confusion(said: Predictions, accused: Bools, title: str, folder: Path, name: str) -> Path:
    """Truth against verdicts, in pictures and in shares of the truth."""
    counts = metrics.classified(said.labels, accused).confusion
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shares = counts / totals
    figure, (axis,) = canvas.panels(title)
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axis.grid(visible=False)
    for truth in range(2):
        for verdict in range(2):
            axis.text(
                verdict,
                truth,
                f"{counts[truth, verdict]:,}\n{shares[truth, verdict]:.1%}",
                ha="center",
                va="center",
                color="white" if shares[truth, verdict] > 0.5 else "black",
            )
    axis.set_xticks(range(2), _CLASSES)
    axis.set_yticks(range(2), _CLASSES)
    axis.set(xlabel="verdict", ylabel="truth")
    rows = [
        (_CLASSES[truth], _CLASSES[verdict], int(counts[truth, verdict]))
        for truth in range(2)
        for verdict in range(2)
    ]
    return canvas.keep(figure, folder, name, ("truth", "verdict", "pictures"), rows)


def ranking(curves: Mapping[str, Predictions], title: str, folder: Path, name: str) -> Path:
    """ROC, and precision against recall, one line for each of `curves` with both classes."""
    figure, (roc, precision) = canvas.panels(title, columns=2)
    rows: list[tuple[str, str, float, float]] = []
    for place, (label, said) in enumerate(curves.items()):
        area = metrics.auc(said.labels, said.scores)
        accused, caught, _ = roc_curve(said.labels, said.scores)
        precise, recalled, _ = precision_recall_curve(said.labels, said.scores)
        look = canvas.style(place)
        roc.plot(accused, caught, label=f"{label}: AUC {area:.3f}", **look)
        precision.plot(recalled, precise, label=f"{label}: {said.labels.mean():.0%} AI", **look)
        rows += [(label, "roc", x, y) for x, y in zip(accused, caught, strict=True)]
        rows += [(label, "precision-recall", x, y) for x, y in zip(recalled, precise, strict=True)]
    roc.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    roc.set(title="ROC", xlabel="share of real pictures accused", ylabel="share of AI caught")
    precision.set(
        title="Precision and recall",
        xlabel="recall: share of AI caught",
        ylabel="precision: share of accused that is AI",
        ylim=(0, 1.02),
    )
    roc.legend(loc="lower right", fontsize=8)
    precision.legend(loc="lower left", fontsize=8)
    return canvas.keep(figure, folder, name, ("line", "curve", "x", "y"), rows)


def reliability(said: Predictions, title: str, folder: Path, name: str) -> Path:
    """How often pictures are AI, by the probability that was stated, and how many there are."""
    bins = metrics.reliability(said.labels, said.probabilities)
    error = metrics.expected_calibration_error(said.labels, said.probabilities)
    figure, (frequency, count) = canvas.panels(title, columns=2)
    frequency.plot([0, 1], [0, 1], color="grey", linewidth=0.8, label="perfectly calibrated")
    frequency.plot(
        [b.probability for b in bins],
        [b.frequency for b in bins],
        marker="o",
        label=f"calibration error {error:.3f}",
        **canvas.style(0),
    )
    frequency.set(
        title="Reliability",
        xlabel="stated probability of AI, mean of a bin",
        ylabel="share of the bin that is AI",
        xlim=(0, 1),
        ylim=(0, 1),
    )
    frequency.legend(loc="upper left", fontsize=8)
    centres = [(b.low + b.high) / 2 for b in bins]
    widths = [0.9 * (b.high - b.low) for b in bins]
    count.bar(centres, [b.pictures for b in bins], width=widths, color=canvas.COLOURS[0])
    count.set(title="Pictures", xlabel="stated probability of AI", ylabel="pictures", xlim=(0, 1))
    return canvas.keep(
        figure,
        folder,
        name,
        ("from", "to", "pictures", "mean_probability", "share_ai"),
        [(b.low, b.high, b.pictures, b.probability, b.frequency) for b in bins],
    )


def by_source(said: Predictions, accused: Bools, title: str, folder: Path, name: str) -> Path:
    """What is called right of each class of each source, and the AUC inside a source."""
    names = np.array(said.sources)
    aucs = metrics.source_aucs(said.labels, said.scores, said.sources)
    sources = np.unique(names).tolist()
    figure, (axis,) = canvas.panels(title, size=(7.5, 0.8 + 0.45 * len(sources)))
    rows = []
    for place, source in enumerate(sources):
        for label, colour, offset in ((True, canvas.AI, -0.2), (False, canvas.REAL, 0.2)):
            members = (names == source) & (said.labels == label)
            if not members.any():
                continue
            right = float((accused[members] == label).mean())
            axis.barh(place + offset, right, height=0.36, color=colour)
            rows.append((source, _CLASSES[label], int(members.sum()), right, aucs.get(source, "")))
    axis.set_yticks(
        range(len(sources)),
        [f"{source}\nAUC {aucs[source]:.3f}" if source in aucs else source for source in sources],
        fontsize=8,
    )
    axis.invert_yaxis()
    axis.barh(0, 0, color=canvas.AI, label="AI pictures called AI")
    axis.barh(0, 0, color=canvas.REAL, label="real pictures called real")
    axis.set(xlabel="share of pictures called right", xlim=(0, 1))
    figure.legend(loc="outside lower center", ncols=2, fontsize=8)
    return canvas.keep(
        figure, folder, name, ("source", "class", "pictures", "right", "auc_inside"), rows
    )
