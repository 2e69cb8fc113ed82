"""What is known of an exported model, for the people who are to use it: `report.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training import intervals, scoring
from training.run import Run
from training.run_export import CARD, RunCard

NAME = "report.md"


@dataclass(frozen=True)
class Origin:
    """Where a model's pictures come from.

    Attributes:
        counts: pictures by split (train, test) and label.
        tested: what kind of test the test split is, in a sentence.
    """

    folder: Path
    epochs: int
    counts: Mapping[tuple[str, str], int]
    tested: str


def written(origin: Origin, run: Run, card: RunCard, leak: str, figures: Sequence[str]) -> str:
    """The report of a run, in Markdown.

    Args:
        run: calibrated and evaluated on its own test split.
        leak: the sentence of the leak probe.
        figures: names of the files in `figures/`.
    """
    info, said = card.run, scoring.read(run, card.run.data)
    found = card.figures[info.data]
    area = intervals.auc(said.labels, said.scores, said.sources)
    lines = [
        f"# {run.name}",
        "",
        f"Tells AI pictures from real ones. Trained by the recipe `{info.recipe}` "
        f"({info.parameters:,} parameters, at most {origin.epochs} epochs) on "
        f"{origin.folder}, in {info.seconds:,.0f} seconds on {info.machine}, {info.created}.",
        "",
        "## Pictures",
        "",
        "| | AI | real |",
        "|---|--:|--:|",
        *(
            f"| {split} | {origin.counts[split, 'ai']:,} | {origin.counts[split, 'real']:,} |"
            for split in ("train", "test")
        ),
        "",
        f"Of train, {info.pictures['trained']:,} pictures were learned from and "
        f"{info.pictures['watched']:,} held out: these calibrated the model. {leak}",
        "",
        f"## How good it is on {len(said.labels):,} test pictures",
        "",
        "| truth | called real | called AI |",
        "|---|--:|--:|",
        f"| real | {found['real_called_real']:,} | {found['real_called_ai']:,} |",
        f"| AI | {found['ai_called_real']:,} | {found['ai_called_ai']:,} |",
        "",
        f"Accuracy {found['accuracy']:.3f}, balanced accuracy {found['balanced_accuracy']:.3f}, "
        f"AUC {area.value:.3f} (95 % interval {area.low:.3f} to {area.high:.3f}; .5 is chance), "
        f"calibration error {found['calibration_error']:.3f}. AI is what has a probability above "
        f"{card.calibration.threshold:.3f}."
        + (
            " **This is no better than guessing, as far as these pictures tell.**"
            if area.low <= 0.5
            else ""
        ),
        "",
        "Figures: " + ", ".join(f"[{name}](figures/{name})" for name in figures) + ".",
        "",
        "## Limits",
        "",
        f"- {origin.tested}",
        f"- It looks at pictures squashed to {info.side} x {info.side} pixels, and knows no AI and "
        "no real pictures but such as it was shown.",
        "- A verdict is a probability, never the only evidence against anybody.",
        "",
        "## Use",
        "",
        f"`{run.name}.onnx` and `{run.name}.keras` compute the same (to {card.parity:.0e} logits). "
        f"`{CARD}` has the recipe, versions, figures and SHA-256 of both.",
        "",
        "P(AI) of a picture:",
        "",
        "```python",
        *_python(run.name, card),
        "```",
        "",
    ]
    return "\n".join(lines)


def _python(name: str, card: RunCard) -> list[str]:
    side, calibration = card.run.side, card.calibration
    return [
        "import numpy, onnxruntime",
        "from PIL import Image, ImageOps",
        f'network = onnxruntime.InferenceSession("{name}.onnx")',
        'picture = ImageOps.exif_transpose(Image.open("picture.jpg")).convert("RGBA")',
        'ground = Image.new("RGBA", picture.size, "white")',
        'picture = Image.alpha_composite(ground, picture).convert("RGB")',
        f"pixels = numpy.asarray(picture.resize(({side}, {side}), Image.Resampling.BICUBIC))[None]",
        "score = network.run(None, {network.get_inputs()[0].name: pixels})[0].mean()",
        f"print(1 / (1 + numpy.exp(-({calibration.weight} * score + {calibration.bias}))))",
    ]
