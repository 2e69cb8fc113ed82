"""figures, through the command line on runs made by code."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training import metrics
from training.predictions import Predictions
from training.run import Run, RunCalibration
from training.tests import made_runs
from training.tests.made_runs import command, refusal

_NAMES = ("loss", "accuracy", "auc", "precision", "recall", "f1")
LOG = f"""epoch,{",".join([*_NAMES, *(f"val_{name}" for name in _NAMES)])}
0,0.68,0.6,0.65,0.6,0.61,0.6,0.69,0.59,0.62,0.58,0.6,0.6
1,0.45,0.8,0.85,0.8,0.81,0.8,0.52,0.75,0.79,0.74,0.7,0.7
"""


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "work"


@pytest.fixture
def run(work: Path) -> Run:
    """Trained and evaluated: curves, a network, two sets of which one has one class."""
    made = made_runs.run(work, "bright", "matched")
    made_runs.bright(made)
    made.log.write_text(LOG)
    made.write_calibration(RunCalibration(weight=1.2, bias=0.1, threshold=0.5))
    _judge(made, "quiz", 1)
    _judge(made, "human", 2)
    human = Predictions.read(made.predictions("human"))
    replace(human, labels=np.zeros(len(human.labels), bool)).write(made.predictions("human"))
    return made


def _judge(run: Run, name: str, seed: int) -> None:
    said = made_runs.predictions(300, [f"{name}/a", f"{name}/b", f"{name}/c"], seed=seed)
    probabilities = run.calibration().probabilities(said.scores)
    replace(said, probabilities=probabilities).write(run.predictions(name))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_figure_of_a_run_is_drawn_as_svg_and_png_with_its_numbers(
    run: Run, work: Path, tmp_path: Path
) -> None:
    result = command("figures", run.name, "--to", tmp_path / "out", "--work", work)
    assert result.exit_code == 0, result.output
    folder = tmp_path / "out" / run.name
    expected = {"architecture", "confusion-human", "confusion-quiz", "curves", "ranking-quiz"}
    expected |= {"reliability-human", "reliability-quiz", "sources-human", "sources-quiz"}
    for kind in (".svg", ".png", ".csv"):
        assert {path.stem for path in folder.glob(f"*{kind}")} == expected
    for path in folder.glob("*.png"):
        with Image.open(path) as image:
            assert min(image.size) > 300, path
    assert "only watched" in (folder / "curves.svg").read_text()
    assert "share of real pictures accused" in (folder / "ranking-quiz.svg").read_text()


def test_the_numbers_behind_a_figure_are_those_of_the_predictions(
    run: Run, work: Path, tmp_path: Path
) -> None:
    command("figures", run.name, "--to", tmp_path / "out", "--work", work)
    folder = tmp_path / "out" / run.name
    said = Predictions.read(run.predictions("quiz"))
    accused = said.probabilities > 0.5
    counts = {
        (r["truth"], r["verdict"]): int(r["pictures"]) for r in _rows(folder / "confusion-quiz.csv")
    }
    assert counts["real", "AI"] == (accused & ~said.labels).sum()
    assert sum(counts.values()) == 300
    roc = [r for r in _rows(folder / "ranking-quiz.csv") if r["curve"] == "roc"]
    area = np.trapezoid([float(r["y"]) for r in roc], [float(r["x"]) for r in roc])
    assert area == pytest.approx(metrics.auc(said.labels, said.scores))
    bins = _rows(folder / "reliability-quiz.csv")
    assert sum(int(b["pictures"]) for b in bins) == 300
    inside = metrics.source_aucs(said.labels, said.scores, said.sources)
    for row in _rows(folder / "sources-quiz.csv"):
        assert float(row["auc_inside"]) == pytest.approx(inside[row["source"]])
    assert [row["val_loss"] for row in _rows(folder / "curves.csv")] == ["0.69", "0.52"]
    boxes = _rows(folder / "architecture.csv")
    assert [int(box["parameters"]) for box in boxes] == [0, 0, 0, 4]
    assert boxes[-1]["box"] == "Dense (logit)"


def test_the_same_run_gives_the_same_files(run: Run, work: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        command("figures", run.name, "--to", tmp_path / name, "--work", work)
    for path in (tmp_path / "first" / run.name).iterdir():
        assert path.read_bytes() == (tmp_path / "second" / run.name / path.name).read_bytes(), path


def test_several_runs_share_a_ranking_of_each_common_set(
    run: Run, work: Path, tmp_path: Path
) -> None:
    other = made_runs.run(work, "dark", "matched")
    other.write_calibration(RunCalibration(weight=1.0, bias=0.0, threshold=0.5))
    _judge(other, "quiz", 3)
    result = command("figures", run.name, other.name, "--to", tmp_path / "out", "--work", work)
    assert result.exit_code == 0, result.output
    lines = {row["line"] for row in _rows(tmp_path / "out" / "ranking-quiz.csv")}
    assert lines == {run.name, other.name}
    assert not (tmp_path / "out" / "ranking-human.svg").exists()


def test_robustness_is_measured_on_changed_pictures(run: Run, work: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    made_runs.collection(data, "mine", splits=("test",), each=6)
    where = ("--to", tmp_path / "out", "--work", work, "--data", data)
    result = command("figures", run.name, "--robustness", "mine", *where)
    assert result.exit_code == 0, result.output
    rows = _rows(tmp_path / "out" / run.name / "robustness-mine.csv")
    found = {(row["change"], row["value"]): float(row["auc"]) for row in rows}
    assert len(found) == 12
    # The network looks at brightness, which JPEG and size leave alone.
    assert found["jpeg quality", "30"] == pytest.approx(found["as is", ""], abs=0.1)


def test_a_large_network_is_drawn_by_stages(run: Run, work: Path, tmp_path: Path) -> None:
    import keras

    image = keras.Input((16, 16, 3), dtype="uint8")
    x = keras.layers.Rescaling(1 / 255)(image)
    for strides in (1, 2, 2):
        x = keras.layers.Conv2D(4, 3, strides=strides, padding="same")(x)
        for _ in range(6):
            y = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
            x = keras.layers.Add()([x, y])
    logit = keras.layers.Dense(1)(keras.layers.GlobalAveragePooling2D()(x))
    network = keras.Model(image, logit)
    network.save(run.network)
    command("figures", run.name, "--to", tmp_path / "out", "--work", work)
    boxes = _rows(tmp_path / "out" / run.name / "architecture.csv")
    assert [box["output"] for box in boxes] == ["16 x 16 x 4", "8 x 8 x 4", "4 x 4 x 4", "1"]
    assert sum(int(box["parameters"]) for box in boxes) == network.count_params()
    assert "6 x Add" in boxes[0]["box"]


def test_what_cannot_be_drawn_is_said_before_anything_is(
    run: Run, work: Path, tmp_path: Path
) -> None:
    to = ("--to", tmp_path / "out", "--work", work)
    other = made_runs.run(work, "new", "mine")
    assert "evaluate new-mine first" in refusal("figures", run.name, other.name, *to)
    made_runs.predictions(40, ["a"]).write(other.predictions("mine"))
    assert "calibrate new-mine first" in refusal("figures", run.name, other.name, *to)
    (tmp_path / "data").mkdir()
    said = refusal("figures", run.name, "--robustness", "you", "--data", tmp_path / "data", *to)
    assert "manifest.csv does not exist" in said
    made_runs.collection(tmp_path / "data", "people", labels=("real",), splits=("test",), each=3)
    said = refusal("figures", run.name, "--robustness", "people", "--data", tmp_path / "data", *to)
    assert "people: all 6 test pictures are real" in said
    made_runs.collection(tmp_path / "data", "both", splits=("test",), each=3)
    run.network.rename(tmp_path / "moved.keras")
    said = refusal("figures", run.name, "--robustness", "both", "--data", tmp_path / "data", *to)
    assert "model.keras does not exist" in said
    assert not (tmp_path / "out").exists()
