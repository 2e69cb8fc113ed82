"""evaluate, calibrate, crossval and export, through the command line on runs made by code."""

import json
from pathlib import Path

import numpy as np
import pytest

from backend.detector.engines import OnnxNetwork
from training import recipe
from training.predictions import Predictions
from training.run import Run
from training.tests import made_runs
from training.tests.made_runs import command, refusal

FOREST = """
kind = "classical"
data = "mine"
seed = 3
side = 8

[model]
method = "random_forest"
trees = 10
"""


VOTE = """
kind = "ensemble"
data = "mine"
seed = 3
side = 8
members = ["forest", "bush"]
vote = "mean"
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    root = tmp_path / "data"
    made_runs.collection(root, "mine", sources=("one", "two", "three", "four"))
    return root


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "work"


@pytest.fixture
def trained(work: Path) -> Run:
    run = made_runs.run(work, "bright", "mine")
    made_runs.bright(run)
    made_runs.predictions(200, ["a", "b"]).write(run.predictions("validation"))
    return run


def test_evaluate_judges_the_test_split_and_keeps_what_it_said(
    trained: Run, data: Path, work: Path
) -> None:
    result = command("evaluate", "bright-mine", "--data", data, "--work", work)
    assert result.exit_code == 0, result.output
    said = Predictions.read(trained.predictions("mine"))
    assert len(set(said.names)) == 4 * 2 * 12
    assert all("/test-" in name for name in said.names)
    assert np.isnan(said.probabilities).all()
    accuracy = ((said.scores > 0) == said.labels).mean()
    assert accuracy > 0.6
    assert f"{accuracy:.3f}" in result.output
    assert "not calibrated" in result.output


def test_calibrate_turns_scores_into_probabilities_wherever_the_run_has_any(
    trained: Run, data: Path, work: Path
) -> None:
    command("evaluate", "bright-mine", "--data", data, "--work", work)
    result = command("calibrate", "bright-mine", "--work", work)
    assert result.exit_code == 0, result.output
    calibration = trained.calibration()
    assert 0 < calibration.threshold < 1
    for name in ("mine", "validation"):
        said = Predictions.read(trained.predictions(name))
        assert said.probabilities == pytest.approx(calibration.probabilities(said.scores))
    validation = Predictions.read(trained.predictions("validation"))
    assert validation.probabilities.mean() == pytest.approx(validation.labels.mean(), abs=0.02)
    shown = command("evaluate", "bright-mine", "--data", data, "--work", work).output
    assert f"above {calibration.threshold:.3f}" in " ".join(shown.split())


def test_nothing_is_calibrated_on_the_pictures_that_test_it(
    trained: Run, data: Path, work: Path
) -> None:
    command("evaluate", "bright-mine", "--data", data, "--work", work)
    said = Predictions.read(trained.predictions("mine"))
    said.write(trained.predictions("validation"))
    assert "no model is calibrated on the pictures that test it" in refusal(
        "calibrate", "bright-mine", "--work", work
    )
    assert not trained.calibrated


@pytest.mark.parametrize(
    ("scores", "problem"),
    [(lambda said: -said.scores, "worse than chance"), (lambda said: 0 * said.scores, "same")],
)
def test_what_cannot_be_calibrated_is_said(
    trained: Run, work: Path, scores: object, problem: str
) -> None:
    said = made_runs.predictions(100, ["a"])
    assert callable(scores)
    Predictions(said.names, said.labels, said.sources, scores(said), said.probabilities).write(
        trained.predictions("validation")
    )
    assert problem in refusal("calibrate", "bright-mine", "--work", work)


def test_names_that_are_not_there_are_refused_with_what_is(
    trained: Run, data: Path, work: Path
) -> None:
    where = ("--data", data, "--work", work)
    assert "Did you mean bright-mine?" in refusal("evaluate", "bright-mime", *where)
    assert "manifest.csv does not exist" in refusal(
        "evaluate", "bright-mine", "--on", "you", *where
    )
    made_runs.collection(data, "unsplit", splits=("train",))
    said = refusal("evaluate", "bright-mine", "--on", "unsplit", *where)
    assert "no picture of split 'test'" in said
    for label in ("ai", "real"):
        (data / "art" / label).mkdir(parents=True)
        (data / "art" / label / "1.jpg").touch()
    assert "has no split" in refusal("evaluate", "bright-mine", "--on", "art", *where)
    (work / "runs" / "begun").mkdir()
    assert "train begun first, to its end" in refusal("evaluate", "begun", *where)
    assert "validation.csv does not exist" in refusal(
        "calibrate", made_runs.run(work, "other", "mine").name, "--work", work
    )


def test_a_picture_that_cannot_be_read_is_named_and_nothing_is_written(
    trained: Run, data: Path, work: Path
) -> None:
    bad = data / "mine" / "ai" / "test-one" / "3.png"
    bad.write_bytes(b"no picture")
    said = refusal("evaluate", "bright-mine", "--data", data, "--work", work)
    assert "test-one/3.png cannot be read" in said
    assert not trained.predictions("mine").exists()


@pytest.fixture
def forest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "recipes"
    folder.mkdir()
    (folder / "forest.toml").write_text(FOREST)
    (folder / "bush.toml").write_text(FOREST.replace("trees = 10", "trees = 4"))
    (folder / "vote.toml").write_text(VOTE)
    monkeypatch.setattr(recipe, "RECIPES", folder)


@pytest.mark.usefixtures("forest")
def test_crossval_judges_every_picture_by_a_model_that_never_saw_its_source(
    data: Path, work: Path
) -> None:
    arguments = ("crossval", "forest", "--on", "mine", "--folds", 3, "--data", data, "--work", work)
    result = command(*arguments)
    assert result.exit_code == 0, result.output
    run = Run(work / "runs" / "forest-mine-cv")
    said = Predictions.read(run.predictions("mine"))
    assert len(set(said.names)) == 4 * 2 * 12
    assert run.info().pictures["folds"] == 3
    parts = [
        Predictions.read(run.folder / "folds" / str(n) / "predictions" / "unseen.csv")
        for n in (1, 2, 3)
    ]
    sources = [set(part.sources) for part in parts]
    assert not sources[0] & sources[1] | sources[1] & sources[2] | sources[0] & sources[2]
    for number, part in enumerate(parts, start=1):
        fold = Run(run.folder / "folds" / str(number))
        held_out = Predictions.read(fold.predictions("validation"))
        assert not set(held_out.names) & set(part.names)
        assert fold.calibration().probabilities(part.scores) == pytest.approx(part.probabilities)
    by_name = {
        name: score for part in parts for name, score in zip(part.names, part.scores, strict=True)
    }
    assert [by_name[name] for name in said.names] == said.scores.tolist()


@pytest.mark.usefixtures("forest")
def test_a_killed_crossval_trains_only_the_folds_that_are_missing(data: Path, work: Path) -> None:
    arguments = ("crossval", "forest", "--on", "mine", "--folds", 3, "--data", data, "--work", work)
    command(*arguments)
    run = Run(work / "runs" / "forest-mine-cv")
    whole = run.predictions("mine").read_bytes()
    models = [run.folder / "folds" / str(n) / "model.joblib" for n in (1, 2, 3)]
    before = [model.stat().st_mtime_ns for model in models]
    for name in ("predictions/unseen.csv", "run.json", "model.joblib"):
        (run.folder / "folds" / "3" / name).unlink()
    run.predictions("mine").unlink()
    (run.folder / "run.json").unlink()
    said = refusal(*arguments[:5], 4, *arguments[6:])
    assert "other settings (pictures)" in said  # of other folds
    assert "other settings (content, side)" in refusal(*arguments, "--side", 16)
    assert command(*arguments).exit_code == 0
    assert run.predictions("mine").read_bytes() == whole
    after = [model.stat().st_mtime_ns for model in models]
    assert after[:2] == before[:2]
    assert after[2] > before[2]


@pytest.mark.usefixtures("forest")
def test_a_crossval_is_forgotten_only_when_another_one_has_begun(
    data: Path, work: Path, tmp_path: Path
) -> None:
    arguments = ("crossval", "forest", "--on", "mine", "--folds", 2, "--data", data, "--work", work)
    command(*arguments)
    run = Run(work / "runs" / "forest-mine-cv")
    whole = run.predictions("mine").read_bytes()
    recipe_file = tmp_path / "recipes" / "forest.toml"
    recipe_file.write_text(made_runs.LARGE_BATCHES)
    assert "learns in batches of 512" in refusal(*arguments, "--force")
    assert run.predictions("mine").read_bytes() == whole
    recipe_file.write_text(FOREST.replace("trees = 10", "trees = 11"))
    assert command(*arguments, "--force").exit_code == 0
    assert run.predictions("mine").read_bytes() != whole
    assert [path.name for path in (work / "runs").iterdir()] == [run.name]


@pytest.mark.usefixtures("forest")
def test_more_folds_than_pictures_are_refused(data: Path, work: Path) -> None:
    made_runs.collection(data, "few", sources=("one",), splits=("train",), each=3)
    arguments = ("crossval", "forest", "--on", "few", "--data", data, "--work", work)
    assert "5 folds need 5 pictures of each class, not 3" in refusal(*arguments)


@pytest.mark.usefixtures("forest")
def test_an_ensemble_says_what_the_cross_validations_of_its_members_say_together(
    data: Path, work: Path
) -> None:
    options = ("--on", "mine", "--folds", 2, "--data", data, "--work", work)
    command("crossval", "forest", *options)
    assert "crossval bush --on mine --folds 2 first" in refusal("crossval", "vote", *options)
    command("crossval", "bush", *options, "--side", 16)
    result = command("crossval", "vote", *options)
    assert result.exit_code == 0, result.output
    run = Run(work / "runs" / "vote-mine-cv")
    said, forest, bush = (
        Predictions.read(Run(work / "runs" / f"{name}-mine-cv").predictions("mine"))
        for name in ("vote", "forest", "bush")
    )
    assert said.names == forest.names
    chances = [1 / (1 + np.exp(-member.scores)) for member in (forest, bush)]
    assert 1 / (1 + np.exp(-said.scores)) == pytest.approx(np.mean(chances, axis=0), abs=1e-4)
    assert run.info().pictures["folds"] == 2
    command("compare", "vote-mine-cv", "--to", work / "table.md", "--data", data, "--work", work)
    assert "bush side 16" in (work / "table.md").read_text()
    assert "crossval forest --on mine --folds 3 first" in refusal(
        "crossval", "vote", *options, "--folds", 3
    )


@pytest.mark.usefixtures("forest")
def test_an_ensemble_of_cross_validations_on_other_pictures_is_refused(
    data: Path, work: Path
) -> None:
    options = ("--on", "mine", "--folds", 2, "--work", work)
    command("crossval", "forest", *options, "--data", data)
    smaller = data.parent / "smaller"
    made_runs.collection(smaller, "mine", sources=("one", "two", "three"))
    command("crossval", "bush", *options, "--data", smaller)
    assert "on different pictures" in refusal("crossval", "vote", *options, "--data", data)
    assert not (work / "runs" / "vote-mine-cv").exists()


def test_export_writes_two_networks_that_agree_and_a_card(
    trained: Run, data: Path, work: Path, tmp_path: Path
) -> None:
    arguments = ("export", "bright-mine", "--to", tmp_path / "out", "--work", work)
    assert "calibrate bright-mine first" in refusal(*arguments)
    assert not (tmp_path / "out").exists()
    command("calibrate", "bright-mine", "--work", work)
    command("evaluate", "bright-mine", "--data", data, "--work", work)
    result = command(*arguments)
    assert result.exit_code == 0, result.output
    card = json.loads((tmp_path / "out" / "model-card.json").read_text())
    assert card["run"]["recipe"] == "bright"
    assert card["figures"]["mine"]["pictures"] == 96
    assert card["calibration"]["threshold"] == trained.calibration().threshold
    assert sorted(card["files"]) == ["bright-mine.keras", "bright-mine.onnx"]
    white = np.full((1, made_runs.SIDE, made_runs.SIDE, 3), 250, np.uint8)
    onnx = OnnxNetwork(tmp_path / "out" / "bright-mine.onnx", threads=1)
    assert onnx.run(white).tolist() == [[pytest.approx(5.0, abs=1e-4)]]
    assert "--force replaces them" in refusal(*arguments)
    assert command(*arguments, "--force").exit_code == 0


def test_a_classical_model_says_that_it_has_no_export(work: Path, tmp_path: Path) -> None:
    run = made_runs.run(work, "forest", "mine")
    settings = recipe.ClassicalRecipe(
        kind="classical",
        name="forest",
        data="mine",
        seed=1,
        side=8,
        model=recipe.RandomForest(method="random_forest", trees=2),
    )
    run.write_info(run.info().model_copy(update={"settings": settings.model_dump(mode="json")}))
    said = refusal("export", "forest-mine", "--to", tmp_path / "out", "--work", work)
    assert "it has no Keras or ONNX export" in said
