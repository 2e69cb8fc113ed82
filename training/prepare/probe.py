"""How well the classes of a collection can be told apart without looking at a single pixel.

What a file weighs, how large and in which format it is says nothing about who made the picture,
but in many collections real pictures are JPEG photographs and AI pictures are square PNG files. A
detector that learns from such a set learns that. The probe measures it: a forest of trees on facts
of the file alone, cross-validated with whole sources held out where there are enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import JpegImagePlugin
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.model_selection import cross_val_predict

from training import metrics
from training.datasets import pictures
from training.datasets.pictures import Pictures
from training.prepare import headers, layout, showing
from training.prepare.files import PrepareError

FOLDS = 5
_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF")
_METADATA = ("exif", "icc_profile", "xmp", "photoshop", "comment", "dpi", "jfif", "adobe", "mp")
_TABLE = 64
# Below the first an AUC is small change, above the second the set is of no use as it is.
_SOME, _MUCH = 0.6, 0.75

Facts = dict[str, list[float]]


def facts(path: Path) -> Facts:
    """Facts of one file, by group.

    Raises:
        PrepareError: it cannot be read.
    """
    size = path.stat().st_size
    with headers.opened(path) as image:
        width, height = image.size
        tables = getattr(image, "quantization", None) or {}
        sampling = JpegImagePlugin.get_sampling(image) if tables else -2
        info = image.info
        return {
            "file size": [size],
            "dimensions": [width, height, width * height, width % 8, height % 8, width % 64],
            "aspect": [width / height],
            "bytes per pixel": [size / (width * height)],
            "format": [float(image.format == name) for name in _FORMATS],
            "JPEG tables": [
                value for number in range(2) for value in _padded(list(tables.get(number, [])))
            ],
            "JPEG subsampling": [float(sampling), float("progressive" in info)],
            # In HEIF `exif` is there without a value where the file has none.
            "metadata": [float(bool(info.get(name))) for name in _METADATA]
            + [float(len(info)), float(len(info.get("exif") or b""))],
        }


def _padded(table: Sequence[float]) -> list[float]:
    return [*table, *[0.0] * (_TABLE - len(table))]


def probe(folder: Path, folders: layout.ClassFolders, limit: int, seed: int, processes: int) -> str:
    """Print the AUC of each group of facts, and what it means; returns the latter.

    Raises:
        PrepareError: not two classes, too few pictures, or one that cannot be read.
        ManifestError: its manifest cannot be read.
    """
    samples = layout.find(folder, folders)
    layout.require_both(folder, samples)
    labels = np.array([sample.is_ai for sample in samples])
    least = min(int(labels.sum()), int((~labels).sum()))
    if least < 2 * FOLDS:
        raise PrepareError(
            f"{folder} has {least} pictures of one class; the probe needs {2 * FOLDS} of each."
        )
    without_pixels = Pictures(
        np.empty((len(samples), 0, 0, 3), np.uint8),
        labels,
        tuple(str(sample.crop) for sample in samples),
        tuple(sample.source for sample in samples),
    )
    chosen = pictures.some(without_pixels, limit, seed)
    found = showing.parallel(facts, [Path(name) for name in chosen.names], "Reading", processes)
    numbers = pictures.folds(chosen, FOLDS, seed)
    groups = {name: np.array([one[name] for one in found]) for name in found[0]}
    groups["all together"] = np.concatenate(list(groups.values()), axis=1)
    scores = {
        name: _scores(features, chosen.labels, numbers, seed)
        for name, features in showing.tracked(list(groups.items()), "Probing")
    }
    aucs = {name: metrics.auc(chosen.labels, score) for name, score in scores.items()}
    inside = {
        name: list(metrics.source_aucs(chosen.labels, score, chosen.sources).values())
        for name, score in scores.items()
    }
    several = len(set(chosen.sources)) > 1 and bool(inside["all together"])
    means = {name: float(np.mean(found)) for name, found in inside.items()} if several else {}
    rows = [
        [name, f"{aucs[name]:.3f}", *([f"{means[name]:.3f}"] if several else [])]
        for name in sorted(aucs, key=lambda name: (name == "all together", -aucs[name]))
    ]
    title = f"{folder}: {len(chosen):,} pictures, {len(set(chosen.sources)):,} sources"
    columns = ("what is known", "AUC", *(["mean inside sources"] if several else []))
    showing.table(title, columns, rows)
    # Where a source has both classes, a leak inside of it counts as much as one across sources.
    meaning = _meaning({name: max(aucs[name], means.get(name, 0)) for name in aucs})
    showing.say(meaning)
    return meaning


def _scores(
    features: npt.NDArray[np.float64],
    labels: npt.NDArray[np.bool_],
    numbers: npt.NDArray[np.int64],
    seed: int,
) -> npt.NDArray[np.float64]:
    """P(AI) of each picture by a model that saw no picture of its fold."""
    # Balanced and without bootstrap: what is the same in all files scores the same in all folds.
    model = ExtraTreesClassifier(50, min_samples_leaf=3, class_weight="balanced", random_state=seed)
    places = [(np.flatnonzero(numbers != n), np.flatnonzero(numbers == n)) for n in range(FOLDS)]
    probabilities = cross_val_predict(model, features, labels, cv=places, method="predict_proba")
    return np.round(probabilities[:, 1], 6)


def _meaning(aucs: dict[str, float]) -> str:
    total = aucs["all together"]
    worst = max((name for name in aucs if name != "all together"), key=lambda name: aucs[name])
    if max(total, aucs[worst]) < _SOME:
        return (
            f"Facts of the file alone hardly tell the classes apart (AUC {total:.2f}, .5 is "
            "chance): what a detector learns here, it learns from pixels."
        )
    if max(total, aucs[worst]) < _MUCH:
        return (
            f"Facts of the file alone tell the classes apart to some degree (AUC {total:.2f}), "
            f"most of all {worst} ({aucs[worst]:.2f}): take this from every score measured here."
        )
    return (
        f"The classes can be told apart WITHOUT LOOKING at the pictures (AUC {total:.2f}), most "
        f"of all by {worst} ({aucs[worst]:.2f}): a good score on this set proves nothing. Bring "
        "both classes to one format, size and compression, and probe again."
    )
