"""Prints every figure and table of the model card again, from the shipped files.

python -m benchmarks.accuracy --data FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from backend.detector.detector import load_detector
from training import evaluate
from training.datasets import manifest


def main() -> None:
    """Measure, print beside the card's figures, and exit 1 where they differ."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True)
    samples = manifest.read_all(parser.parse_args().data, "test")
    detector = load_detector()
    if detector.missing:
        raise SystemExit(" ".join(detector.missing.values()))
    measured = evaluate.measure(detector, samples, parser.parse_args().data)

    console = Console(width=120)
    console.print(f"{detector.card.name} {detector.card.version}")
    worst = 0.0
    for experts, figures in measured.figures.items():
        table = Table("figure", "measured", "model card", "what it is", title=experts)
        for name, value in figures.items():
            stated = detector.card.figures[experts][name]
            worst = max(worst, abs(stated - value))
            explained = detector.card.figures_explained.get(name, "")
            table.add_row(name, f"{value:.3f}", f"{stated:.3f}", explained)
        console.print(table)
    for made in measured.tables:
        table = Table(*made.columns, title=made.title, caption=made.note)
        for row in made.rows:
            table.add_row(*("" if cell is None else str(cell) for cell in row))
        console.print(table)
    # The int8 tower rounds a little differently on other processors.
    if worst > 0.01:
        raise SystemExit(f"A figure differs from the model card by {worst:.3f}.")


if __name__ == "__main__":
    main()
