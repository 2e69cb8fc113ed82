"""A fixed list of test pictures with the probability that each model version gave them.

A version that is better on the whole can be worse on some: the list shows which. It is looked at
after a version is made, and nothing is chosen by it.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

from training.judged import Judged

PATH = Path(__file__).parents[1] / "docs" / "regression.csv"
_ONE_IN = 8


@dataclass(frozen=True)
class Worse:
    """A picture of which the new version is more wrong than the one before."""

    picture: str
    label: str
    before: float
    now: float

    @property
    def by(self) -> float:
        """How much probability moved the wrong way."""
        return self.now - self.before if self.label == "real" else self.before - self.now


def record(path: Path, version: str, judged: Judged) -> list[Worse]:
    """Write the version's column and compare it with the one before.

    Returns:
        What got worse, the worst first.
    """
    rows = _read(path)
    versions = [name for row in list(rows.values())[:1] for name in row][2:]
    before = next((name for name in reversed(versions) if name != version), None)
    worse = []
    for sample, probability in zip(judged.samples, judged.probabilities, strict=True):
        name = f"{sample.collection}/{sample.source}/{sample.crop.name.split('.')[0]}"
        if not _listed(name):
            continue
        row = rows.setdefault(name, {"picture": name, "label": sample.label})
        row[version] = f"{probability:.3f}"
        if before:
            worse.append(Worse(name, sample.label, float(row[before]), float(probability)))
    columns = list(dict.fromkeys(["picture", "label", *versions, version]))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[name] for name in sorted(rows))
    return sorted((w for w in worse if w.by > 0), key=lambda w: -w.by)


def _read(path: Path) -> dict[str, dict[str, str]]:
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {row["picture"]: row for row in csv.DictReader(file)}


def _listed(name: str) -> bool:
    return hashlib.sha256(name.encode()).digest()[0] % _ONE_IN == 0
