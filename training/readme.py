"""The table of figures in the README, rendered from the model card so that it cannot drift."""

from __future__ import annotations

from pathlib import Path

from backend.detector.card import ModelCard

README = Path(__file__).parents[1] / "README.md"
START, END = "<!-- figures of the model card -->\n", "<!-- end of figures -->\n"

_ROWS = {
    "quiz_mean_source_auc": "**matched sets**: mean of the AUC inside each of seven sources",
    "quiz_caught_at_5": "matched sets: AI pictures caught where 5 % of real ones are accused",
    "quiz_balanced_accuracy": 'matched sets: balanced accuracy of the labels ("uncertain" is half)',
    "quiz_uncertain": 'matched sets: answered "uncertain"',
    "quiz_photographs_accused": "matched sets: real photographs labelled AI",
    "human_accused": "pictures made by people that are no plain photographs: labelled AI",
    "wild_auc": "unmatched galleries against photographs: AUC",
    "quiz_calibration_error": "expected calibration error, matched sets",
    "wild_calibration_error": "expected calibration error, unmatched",
}


def table(card: ModelCard) -> str:
    """Markdown: a row a figure, a column for both experts and each alone; then CIFAKE."""
    columns = {
        "both": "appearance + traces",
        "appearance alone": "appearance",
        "traces alone": "traces",
    }
    lines = [
        f"Model {card.name} {card.version} | " + " | ".join(columns),
        "|".join(["---"] * (len(columns) + 1)),
    ]
    for figure, text in _ROWS.items():
        values = [f"{card.figures[column][figure]:.3f}" for column in columns.values()]
        lines.append(f"{text} | " + " | ".join(values))
    tiny = card.figures["tiny"]
    rows = "\n".join(f"| {line} |" for line in lines)
    return (
        f"{rows}\n\nOn CIFAKE's official test (32-pixel pictures, judged by `tiny` alone) "
        f"{tiny['cifake_accuracy']:.2%} are right, {tiny['cifake_accuracy_without_leaked']:.2%} "
        "without the 378 test pictures that are also in its train split.\n"
    )


def render(text: str, card: ModelCard) -> str:
    """README text with the section between the marks replaced."""
    before, rest = text.split(START)
    return f"{before}{START}{table(card)}{END}{rest.split(END)[1]}"
