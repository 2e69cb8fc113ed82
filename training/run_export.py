"""A trained run as files to keep: network, and a card that says what it is and how good."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from backend.detector.card import sha256
from training import recipe, scoring, summary
from training.run import Run, RunCalibration, RunError, RunInfo

CARD = "model-card.json"


class RunCard(BaseModel):
    """What a run's files are.

    Attributes:
        input: what the network takes; normalisation is inside.
        output: what it gives, and how that becomes P(AI).
        figures: by set, the figures of `evaluate`.
        parity: greatest difference of logits between the two files.
        files: SHA-256 by name.
    """

    model_config = ConfigDict(frozen=True)

    run: RunInfo
    input: str
    output: str
    calibration: RunCalibration
    figures: dict[str, dict[str, float | int | None]]
    parity: float
    files: dict[str, str]


def export_run(run: Run, folder: Path, *, force: bool = False) -> RunCard:
    """Write `<run>.keras`, `<run>.onnx` and a card into a folder.

    Raises:
        RunError: not trained to its end, not calibrated, not a network, or the files are there.
        ExportError: the two files do not compute the same.
    """
    settings = scoring.settings_of(run)
    if not isinstance(settings, recipe.ClassifierRecipe | recipe.TracesRecipe):
        raise RunError(
            f"{run.name} is {settings.kind}, no single network: it has no Keras or ONNX export. "
            "scikit-learn models are kept as model.joblib in the run's folder, ensembles are "
            "exported member by member, the appearance head serves as it is."
        )
    calibration, info = run.calibration(), run.info()
    names = [f"{run.name}.keras", f"{run.name}.onnx", CARD]
    existing = [name for name in names if (folder / name).exists()]
    if existing and not force:
        raise RunError(f"{folder} already holds {', '.join(existing)}; --force replaces them.")
    if not run.network.is_file():
        raise RunError(f"{run.network} does not exist: train {run.name} again, with --force.")
    # TensorFlow takes seconds to import: after everything that can be wrong was looked at.
    import keras

    from training.export import export

    network = keras.models.load_model(run.network, safe_mode=True)
    side = info.side or settings.side
    folder.mkdir(parents=True, exist_ok=True)
    parity = export(network, folder, side, run.name)
    mapped = len(network.output_shape) == 4
    card = RunCard(
        run=info,
        input=f"uint8 RGB (n, {side}, {side}, 3), the {settings.which} squashed to a square",
        output=(
            "a map of logits (n, h, w, 1), whose mean is the score" if mapped else "score (n, 1)"
        )
        + "; P(AI) = sigmoid(weight * score + bias), AI where it exceeds the threshold",
        calibration=calibration,
        figures={
            name: summary.figures(said, calibration)
            for name, said in scoring.evaluated(run).items()
        },
        parity=parity,
        files={name: sha256(folder / name) for name in names[:2]},
    )
    (folder / CARD).write_text(card.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return card
