"""What re-saving and resizing cost: AUC of a run's model on changed pictures."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from training import metrics, models, scoring
from training.changes import AS_IS, Change, Resaved, Resized
from training.datasets.manifest import ManifestError, Sample
from training.figures import canvas
from training.run import Run

QUALITIES = (95, 85, 75, 60, 45, 30)
FACTORS = (0.25, 0.5, 0.75, 1.5, 2.0)
MOST = 400  # pictures: every change is a pass of all of them


def pictures(root: Path, name: str) -> list[Sample]:
    """The test pictures that are changed: of a large set every so many-th.

    Raises:
        ManifestError: there are none, or of one class only.
    """
    samples = scoring.samples(root, name)
    samples = samples[:: math.ceil(len(samples) / MOST)]
    if len({sample.is_ai for sample in samples}) < 2:
        raise ManifestError(
            f"{name}: all {len(samples)} test pictures are {samples[0].label}. An AUC needs both "
            "classes."
        )
    return samples


def draw(run: Run, root: Path, name: str, folder: Path) -> Path:
    """`robustness-<set>`: AUC against JPEG quality and against size.

    The mean of the AUC inside each source where sources have both classes, else of all together.

    Args:
        root: the folder of collections.
        name: of a set with a manifest, see `pictures`.

    Raises:
        RunError, ManifestError: before any long work.
    """
    samples = pictures(root, name)
    model = models.load(run)

    def measured(change: Change) -> float:
        return _auc(samples, scoring.score_samples(run, model, samples, change))

    as_is = measured(AS_IS)
    by_quality = [
        (q, measured(Resaved(f"JPEG quality {q}", kind="JPEG", quality=q))) for q in QUALITIES
    ]
    by_factor = [(f, measured(Resized(f"{f} times the size", f))) for f in FACTORS]
    title = f"{run.name} on {len(samples)} pictures of {name}, changed"
    figure, (quality, size) = canvas.panels(title, columns=2)
    for axis, points in ((quality, by_quality), (size, sorted([*by_factor, (1.0, as_is)]))):
        axis.plot(*zip(*points, strict=True), marker="o", **canvas.style(0))
        axis.axhline(as_is, label=f"as they are: {as_is:.3f}", **canvas.style(1))
        axis.axhline(0.5, label="chance", color="grey", linewidth=0.8)
        axis.set(ylabel="AUC", ylim=(min(0.45, *(y for _, y in points)) - 0.02, 1.0))
    quality.set(title="Saved again as JPEG", xlabel="quality")
    quality.invert_xaxis()
    size.set(title="Resized", xlabel="side, times the picture's own")
    quality.legend(loc="lower left", fontsize=8)
    rows = [("as is", "", as_is)]
    rows += [("jpeg quality", str(x), y) for x, y in by_quality]
    rows += [("size", str(x), y) for x, y in by_factor]
    return canvas.keep(figure, folder, f"robustness-{name}", ("change", "value", "auc"), rows)


def _auc(samples: list[Sample], scores: models.Floats) -> float:
    labels = np.array([sample.is_ai for sample in samples])
    inside = metrics.source_aucs(labels, scores, [sample.source for sample in samples])
    return float(np.mean(list(inside.values()))) if inside else metrics.auc(labels, scores)
