"""Folds of the train split in which no source is on both sides."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold

from training.datasets.manifest import Sample

FOLDS = 5
# The trace network never learns from this fold; its calibration is fitted on it.
HELD_OUT = 2


def source_folds(samples: list[Sample]) -> npt.NDArray[np.int64]:
    """The fold of each sample, int64 (n,): whole sources, collections and classes balanced."""
    groups = [f"{s.collection}/{s.source}" for s in samples]
    strata = [f"{s.collection}/{s.label}" for s in samples]
    folds = np.empty(len(samples), np.int64)
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    for number, (_, members) in enumerate(splitter.split(groups, strata, groups)):
        folds[members] = number
    return folds
