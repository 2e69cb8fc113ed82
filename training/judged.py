"""Pictures with the verdicts on them: what the tables and the regression list are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.datasets.manifest import Sample


@dataclass(frozen=True)
class Judged:
    """Verdicts on pictures, in the order of `samples`."""

    samples: list[Sample]
    labels: np.ndarray
    probabilities: np.ndarray
    verdicts: Sequence[str]

    def part(self, collection: str) -> Judged:
        """Only the pictures of one collection."""
        places = [i for i, s in enumerate(self.samples) if s.collection == collection]
        return Judged(
            [self.samples[i] for i in places],
            self.labels[places],
            self.probabilities[places],
            [self.verdicts[i] for i in places],
        )
