"""What the tower says of the crops, in few numbers that a small network can learn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler


def lessons(
    features: npt.NDArray[np.float16], taught: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.float32]:
    """Principal components of standardised tower features, each of variance 1.

    Args:
        features: of every sample, (n, 16128).
        taught: places of the samples that may be learned from; scale and components are theirs.

    Returns:
        float32 (n, count).
    """
    scale = StandardScaler().fit(features[taught].astype(np.float32))
    standard = scale.transform(features.astype(np.float32))
    components = PCA(count, whiten=True, svd_solver="randomized", random_state=0)
    components.fit(standard[taught])
    lessons: npt.NDArray[np.float32] = components.transform(standard)
    return lessons
