"""compare, through the command line on runs made by code; and the results in docs."""

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from training import metrics, results
from training.predictions import Predictions
from training.run import Run, RunCalibration
from training.tests import made_runs
from training.tests.made_runs import command, refusal

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A list of leaked pictures that says that one of the test fakes is a train fake."""
    root = tmp_path / "data"
    root.mkdir()
    (root / "cifake_duplicates.csv").write_text(
        "file,same_bytes_as\ncifake/train/fake/7.jpg,cifake/test/fake/0.jpg\n"
    )
    return root


def _cifake(count: int) -> Predictions:
    said = made_runs.predictions(count, ["cifake"], apart=3.0)
    names = [
        f"DATASET/test/{'FAKE' if label else 'REAL'}/{number}.jpg"
        for number, label in enumerate(said.labels)
    ]
    scores = said.scores.copy()
    scores[0] = 9.0  # the leaked one is right
    return replace(said, names=tuple(names), scores=scores)


@pytest.fixture
def runs(tmp_path: Path) -> dict[str, Run]:
    work = tmp_path / "work"
    claim = {"system": "A", "figure": 0.9289, "words": "CIFAKE test, 92.89 %."}
    made = {
        "cnn-cifake": made_runs.run(work, "cnn", "cifake", claim=claim),
        "cnn-matched": made_runs.run(work, "cnn", "matched", seconds=7200, claim=claim),
        "cnn-art-cv": made_runs.run(work, "cnn", "art-cv", claim=claim),
        "own-matched": made_runs.run(work, "own", "matched"),
    }
    _cifake(400).write(made["cnn-cifake"].predictions("cifake"))
    art = made["cnn-art-cv"]
    made_runs.predictions(120, ["art/web"]).write(art.predictions("art"))
    art.write_info(
        art.info().model_copy(
            update={"data": "art", "pictures": {"trained": 80, "watched": 16, "folds": 5}}
        )
    )
    matched = made["cnn-matched"]
    matched.write_calibration(RunCalibration(weight=1.0, bias=0.5, threshold=0.7))
    for seed, name in enumerate(("quiz", "wild", "human")):
        said = made_runs.predictions(200, [f"{name}/a", f"{name}/b"], seed=seed)
        if name == "human":
            said = replace(said, labels=np.zeros(200, bool))
        probabilities = matched.calibration().probabilities(said.scores)
        replace(said, probabilities=probabilities).write(matched.predictions(name))
    made["cnn-cifake"].log.write_text("epoch,loss,val_loss\n0,0.5,0.6\n1,0.4,0.5\n")
    return made


def _compare(data: Path, tmp_path: Path, *names: str) -> tuple[str, list[dict[str, str]]]:
    to = tmp_path / "docs" / "results.md"
    result = command("compare", *names, "--to", to, "--data", data, "--work", tmp_path / "work")
    assert result.exit_code == 0, result.output
    with to.with_suffix(".csv").open() as file:
        return to.read_text(), list(csv.DictReader(file))


def test_the_runs_of_a_recipe_are_one_row_with_the_figures_of_their_predictions(
    runs: dict[str, Run], data: Path, tmp_path: Path
) -> None:
    table, facts = _compare(data, tmp_path)
    header, _, cnn, own = (line for line in table.splitlines() if line.startswith("| "))
    cells = dict(zip(header.split(" | "), cnn.split(" | "), strict=True))
    assert cnn.startswith("| cnn | 92.89 | 4 | ")
    assert "cifake: 100 pictures, 2 epochs, 90 s (a)" in cells["trained"]
    assert "matched: 100 pictures, 2.0 h (a)" in cells["trained"]
    assert "art: 80 pictures in 5 folds, 90 s (a)" in cells["trained"]
    assert own.count(" - ") >= 8
    by_name = {fact["what"]: float(fact["value"]) for fact in facts if fact["low"]}
    cifake = Predictions.read(runs["cnn-cifake"].predictions("cifake"))
    right = (cifake.scores > 0) == cifake.labels
    assert by_name["cifake accuracy"] == pytest.approx(right.mean(), abs=1e-6)
    assert by_name["cifake accuracy without leaked"] == pytest.approx(right[1:].mean(), abs=1e-6)
    assert f"{right.mean() * 100:.1f} [" in cells["CIFAKE test, %"]
    quiz = Predictions.read(runs["cnn-matched"].predictions("quiz"))
    assert by_name["quiz mean AUC"] == pytest.approx(
        metrics.mean_source_auc(quiz.labels, quiz.scores, quiz.sources), abs=1e-6
    )
    words = np.where(quiz.probabilities > 0.7, "ai", "real").tolist()
    assert by_name["quiz balanced accuracy"] == pytest.approx(
        metrics.balanced_accuracy(quiz.labels, words), abs=1e-6
    )
    human = Predictions.read(runs["cnn-matched"].predictions("human"))
    assert by_name["human accused"] == pytest.approx((human.probabilities > 0.7).mean(), abs=1e-6)
    for fact in facts:
        if fact["low"]:
            assert float(fact["low"]) < float(fact["value"]) < float(fact["high"]), fact
    assert "python -m training crossval cnn --on art --folds 5" in table
    assert "CIFAKE test, 92.89 %." in table


@pytest.mark.usefixtures("runs")
def test_the_same_runs_give_the_same_file_and_the_csv_gives_the_table(
    data: Path, tmp_path: Path
) -> None:
    first, _ = _compare(data, tmp_path)
    again, _ = _compare(data, tmp_path)
    assert again == first
    assert results.render(results.known(tmp_path / "docs" / "results.md")) == first


@pytest.mark.usefixtures("runs")
def test_only_the_named_runs_are_compared_and_what_nobody_has_is_no_column(
    data: Path, tmp_path: Path
) -> None:
    table, facts = _compare(data, tmp_path, "cnn-cifake")
    assert {fact["run"] for fact in facts} == {"cnn-cifake"}
    assert "wild, AUC" not in table


def test_a_table_grows_by_the_runs_of_another_machine(
    runs: dict[str, Run], data: Path, tmp_path: Path
) -> None:
    whole, _ = _compare(data, tmp_path)
    (tmp_path / "docs" / "results.md").unlink()
    (tmp_path / "docs" / "results.csv").unlink()
    for first in ("own-matched", "cnn-matched"):
        _compare(data, tmp_path, first)
    shutil.rmtree(runs["own-matched"].folder)
    shutil.rmtree(runs["cnn-matched"].folder)
    assert _compare(data, tmp_path)[0] == whole
    run = runs["cnn-cifake"]
    run.write_info(run.info().model_copy(update={"seconds": 600.0}))
    renewed, _ = _compare(data, tmp_path, "cnn-cifake")
    assert renewed == whole.replace("2 epochs, 90 s (a)", "2 epochs, 10 min (a)")


def test_a_shipped_detector_takes_the_place_of_the_one_before() -> None:
    def shipped(name: str) -> list[results.Fact]:
        command = results.Fact(name, f"{name}-cifake", "command", results.EVALUATE_SHIPPED)
        return [replace(command, what="data", value="cifake"), command]

    other = [results.Fact("cnn", "cnn-cifake", "command", "train cnn --on cifake")]
    both = results.joined(other, shipped("detector-1"))
    assert both == [*other, *shipped("detector-1")]
    assert results.joined(both, shipped("detector-2")) == [*other, *shipped("detector-2")]


def test_a_recipe_on_somebody_s_own_data_gets_columns_of_its_own(
    data: Path, tmp_path: Path
) -> None:
    run = made_runs.run(tmp_path / "work", "cnn", "mine")
    made_runs.predictions(50, ["mine/a"]).write(run.predictions("mine"))
    table, _ = _compare(data, tmp_path)
    assert "| mine accuracy, % | mine AUC |" in table


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda work, data: (work / "runs" / "cnn-cifake" / "run.json").unlink(), "to its end"),
        (lambda work, data: (data / "cifake_duplicates.csv").unlink(), "leaked pictures"),
    ],
)
@pytest.mark.usefixtures("runs")
def test_what_is_missing_is_said(
    data: Path, tmp_path: Path, change: Callable[[Path, Path], None], problem: str
) -> None:
    change(tmp_path / "work", data)
    to = tmp_path / "docs" / "results.md"
    where = ("--to", to, "--data", data, "--work", tmp_path / "work")
    assert problem in refusal("compare", "cnn-cifake", *where)
    assert not to.exists()


def test_a_working_folder_without_runs_is_refused(data: Path, tmp_path: Path) -> None:
    where = ("--to", tmp_path / "x.md", "--data", data, "--work", tmp_path / "none")
    assert "holds no run that was trained to its end" in refusal("compare", *where)


def test_the_results_in_docs_are_those_of_their_facts() -> None:
    written = (DOCS / "results.md").read_text(encoding="utf-8")
    assert results.render(results.known(DOCS / "results.md")) == written
