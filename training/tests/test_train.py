"""Runs of every kind of recipe, on pictures made by code."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from backend.detector import tower
from training import features, models, recipe
from training.cli import app
from training.datasets import manifest
from training.datasets.manifest import ManifestError
from training.datasets.pictures import Pictures
from training.run import Run, RunError
from training.tests import made_runs
from training.tests.made_runs import FOREST, LARGE_BATCHES
from training.train import train_run

SMALL = """
kind = "classifier"
network = "tiny"
data = "quiz"
seed = 1
side = 32
validation = 0.3
class_weights = true

[build]
widths = [8]
blocks = 1

[augmentation]
flips = "horizontal"

[fit]
epochs = 2
batch_size = 4
optimizer = "adam"
learning_rate = 1e-2
best_weights = true
"""
SVM = """
kind = "classical"
data = "quiz"
seed = 1
side = 32
subset = 40

[model]
method = "svm"
folds = 3
grid = { C = [1.0, 10.0], gamma = ["scale"] }
"""
NYSTROEM = """
kind = "classical"
data = "quiz"
seed = 1
side = 16

[model]
method = "svm_nystroem"
components = 8
gamma = 0.01
c = 1.0
"""
VOTE = """
kind = "ensemble"
data = "quiz"
seed = 1
side = 32
members = ["svm", "nystroem", "forest"]
vote = "majority"
"""

NEEDS_TOWER = pytest.mark.skipif(
    not tower.TOWER_PATH.exists(), reason="the appearance tower is not built: make tower"
)


@pytest.fixture
def recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "recipes"
    folder.mkdir()
    texts = {"small": SMALL, "svm": SVM, "nystroem": NYSTROEM, "forest": FOREST, "vote": VOTE}
    for name, text in {**texts, "mean": VOTE.replace("majority", "mean")}.items():
        (folder / f"{name}.toml").write_text(text)
    monkeypatch.setattr(recipe, "RECIPES", folder)
    return folder


def _bright_against_dark(count: int = 80, side: int = 32) -> Pictures:
    rng = np.random.default_rng(0)
    labels = np.arange(count) % 2 == 0
    pixels = rng.integers(0, 150, (count, side, side, 3), np.uint8)
    pixels[labels] += 100
    return Pictures(pixels, labels, tuple(map(str, range(count))), ("made",) * count)


def _files(run: Run) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()}


def _cli(*arguments: object) -> str:
    result = CliRunner().invoke(app, ["train", *map(str, arguments)], env={"COLUMNS": "300"})
    assert result.exit_code in (0, 2), result.exception
    return result.output


def test_a_classifier_leaves_everything_that_comes_after_it_reads(
    recipes: Path, tmp_path: Path
) -> None:
    pictures, run = _bright_against_dark(), Run(tmp_path / "small-quiz")
    settings = recipe.load("small")
    train_run(settings, pictures, run)
    info = run.info()
    assert (info.recipe, info.data, info.side) == ("small", "quiz", 32)
    assert info.pictures == {"trained": 53, "watched": 27}
    assert info.seconds > 0
    assert {"python", "keras", "numpy", "keras backend"} <= info.versions.keys()
    assert recipe.parse(info.settings, "run.json") == settings
    scores = models.load(run).scores(pictures.pixels)
    assert scores.shape == (80,)
    assert scores.dtype == np.float64
    larger = models.load(run).scores(pictures.at(64).pixels)  # squashed to what it learned from
    assert np.corrcoef(scores, larger)[0, 1] > 0.5


def test_a_finished_run_is_kept_and_another_recipe_does_not_touch_it(
    recipes: Path, tmp_path: Path
) -> None:
    pictures, run = _bright_against_dark(), Run(tmp_path / "run")
    train_run(recipe.load("nystroem"), pictures, run)
    before = _files(run)
    train_run(recipe.load("nystroem"), pictures, run)
    with pytest.raises(RunError, match=r"other settings \(model.*--force"):
        train_run(recipe.load("forest"), pictures, run)
    with pytest.raises(RunError, match=r"other settings \(content, pictures\)"):
        train_run(recipe.load("nystroem"), pictures.where(np.arange(60)), run)
    repainted = replace(pictures, pixels=255 - pictures.pixels)
    with pytest.raises(RunError, match=r"other settings \(content\)"):
        train_run(recipe.load("nystroem"), repainted, run)
    assert _files(run) == before


def test_a_run_from_before_content_was_claimed_is_still_one(recipes: Path, tmp_path: Path) -> None:
    pictures, run = _bright_against_dark(), Run(tmp_path / "run")
    train_run(recipe.load("nystroem"), pictures, run)
    path = run.folder / "settings.json"
    claim = json.loads(path.read_text())
    del claim["content"]
    path.write_text(json.dumps(claim))
    before = _files(run)
    train_run(recipe.load("nystroem"), pictures, run)
    assert _files(run) == before


@pytest.mark.parametrize("name", ["svm", "nystroem", "forest"])
def test_classical_models_learn_and_say_what_they_keep(
    name: str, recipes: Path, tmp_path: Path
) -> None:
    pictures, run = _bright_against_dark(), Run(tmp_path / "run")
    train_run(recipe.load(name), pictures, run)
    scores = models.load(run).scores(pictures.pixels)
    assert ((scores > 0) == pictures.labels).mean() > 0.95
    assert run.info().parameters > 0
    assert run.info().pictures["trained"] == (40 if name == "svm" else 72)


def test_votes_are_counted_and_probabilities_averaged() -> None:
    scores = [np.array([0.1, -9.0]), np.array([0.1, 1.0]), np.array([-8.0, 1.0])]
    assert models.combine(scores, "majority").tolist() == [1.0, 1.0]
    assert (models.combine(scores, "mean") < 0).tolist() == [True, True]


def test_an_ensemble_waits_for_its_members_and_takes_them_from_beside_it(
    recipes: Path, made_collection: Path
) -> None:
    work = made_collection / "work"
    where = ("--data", made_collection, "--work", work)
    assert "train svm-quiz first" in _cli("vote", *where)
    for name in ("svm", "nystroem", "forest"):
        _cli(name, *where)
    assert "vote-quiz" in _cli("vote", *where)
    assert isinstance(models.load(Run(work / "runs" / "vote-quiz")), models.EnsembleModel)


def test_a_smaller_budget_is_written_down(recipes: Path, made_collection: Path) -> None:
    shutil.copytree(made_collection / "quiz", made_collection / "mine")
    work = made_collection / "work"
    output = _cli(
        "small", "--on", "mine", "--epochs", 1, "--subset", 4, "--data", made_collection,
        "--work", work,
    )  # fmt: skip
    assert "small-mine" in output
    run = Run(work / "runs" / "small-mine")
    settings = recipe.parse(run.info().settings, "run.json")
    assert recipe.overridden(settings) == {"data": "mine", "subset": 4, "fit.epochs": 1}
    assert run.info().pictures["trained"] == 4
    assert "other settings (fit)" in _cli(
        "small", "--on", "mine", "--subset", 4, "--data", made_collection, "--work", work
    )


def test_force_forgets_a_run_only_when_the_new_one_can_begin(
    recipes: Path, made_collection: Path, tmp_path: Path
) -> None:
    where = ("--on", "quiz", "--data", made_collection, "--work", tmp_path / "work")
    _cli("forest", *where)
    kept = Run(tmp_path / "work" / "runs" / "forest-quiz")
    assert "999 devices were asked for" in _cli("forest", *where, "--force", "--devices", 999)
    assert kept.finished
    picture = next((made_collection / "quiz").rglob("*.whole.png"))
    picture.write_bytes(b"no picture")
    assert picture.name in _cli("forest", *where, "--force")
    assert kept.finished


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LARGE_BATCHES, "learns in batches of 512; there are only"),
        (SMALL.replace("blocks = 1", "block = 1"), "tiny has no number 'block'"),
        (VOTE, "train svm-quiz first"),
    ],
)
def test_a_finished_run_comes_back_when_the_new_one_is_refused(
    text: str, message: str, recipes: Path, made_collection: Path, tmp_path: Path
) -> None:
    where = ("--on", "quiz", "--data", made_collection, "--work", tmp_path / "work")
    _cli("forest", *where)
    run = Run(tmp_path / "work" / "runs" / "forest-quiz")
    before = _files(run)
    forest = (recipes / "forest.toml").read_text()
    (recipes / "forest.toml").write_text(text)
    assert message in _cli("forest", *where, "--force")
    assert _files(run) == before
    assert [path.name for path in run.folder.parent.iterdir()] == [run.name]
    (recipes / "forest.toml").write_text(forest.replace("trees = 10", "trees = 11"))
    _cli("forest", *where, "--force")
    assert _files(run).keys() == before.keys()
    assert _files(run) != before
    assert [path.name for path in run.folder.parent.iterdir()] == [run.name]


def test_a_run_put_aside_comes_back_after_a_kill(tmp_path: Path) -> None:
    run = Run(tmp_path / "runs" / "tiny-quiz")
    (run.folder).mkdir(parents=True)
    (run.folder / "run.json").write_text("finished")

    def killed(begun: bool) -> None:
        with run.afresh(force=True):
            shutil.copytree(tmp_path / "runs", tmp_path / "at the kill")
            if begun:
                (tmp_path / "at the kill" / run.name / "state").mkdir(parents=True)
        shutil.rmtree(tmp_path / "runs")
        (tmp_path / "at the kill").rename(tmp_path / "runs")

    killed(begun=False)
    assert not run.folder.exists()
    with run.afresh(force=False):
        assert run.finished
    killed(begun=True)
    with run.afresh(force=False):
        assert run.state.is_dir()
    assert not run.finished
    assert [path.name for path in run.folder.parent.iterdir()] == [run.name]


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "appearance", "--on", "quiz"),
        ("train", "appearance"),
        ("train", "traces"),
        ("crossval", "appearance", "--on", "quiz"),
    ],
)
def test_a_missing_tower_is_told_before_any_picture_is_read(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in manifest.COLLECTIONS:
        made_runs.collection(tmp_path / "data", name, splits=("train",), each=2)
    monkeypatch.setattr(tower, "TOWER_PATH", tmp_path / "no-tower.onnx")
    said = made_runs.refusal(*arguments, "--data", tmp_path / "data", "--work", tmp_path / "work")
    assert "no-tower.onnx does not exist. Build it with: make tower" in said
    assert not (tmp_path / "work").exists()


def test_a_model_that_needs_the_missing_tower_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = made_runs.run(tmp_path, "appearance", "quiz")
    settings = recipe.load("appearance").model_dump(mode="json")
    run.write_info(run.info().model_copy(update={"settings": settings}))
    monkeypatch.setattr(tower, "TOWER_PATH", tmp_path / "no-tower.onnx")
    with pytest.raises(RunError, match="make tower"):
        models.load(run)


@NEEDS_TOWER
def test_the_appearance_head_learns_from_pictures_of_one_size(tmp_path: Path) -> None:
    pictures, run = _bright_against_dark(12, side=224), Run(tmp_path / "run")
    settings = recipe.override(recipe.load("appearance"), data="art")
    train_run(settings, pictures, run)
    scores = models.load(run).scores(pictures.pixels[:4])
    assert ((scores > 0) == pictures.labels[:4]).all()


@NEEDS_TOWER
def test_features_of_pictures_changed_in_place_are_computed_anew(
    made_collection: Path, tmp_path: Path
) -> None:
    samples = manifest.read(made_collection, "quiz")[:2]
    first = features.extract(samples, tmp_path / "cache")
    shutil.copyfile(samples[1].whole, samples[0].whole)
    again = features.extract(samples, tmp_path / "cache")
    assert np.array_equal(again[0, 0], first[1, 0])
    assert not np.array_equal(again[0, 0], first[0, 0])
    assert np.array_equal(again[0, 1], first[0, 1])
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_too_few_pictures_for_a_batch_are_refused(recipes: Path, tmp_path: Path) -> None:
    (recipes / "small.toml").write_text(SMALL.replace("batch_size = 4", "batch_size = 64"))
    with pytest.raises(ManifestError, match="in batches of 64; there are only 53 pictures"):
        train_run(recipe.load("small"), _bright_against_dark(), Run(tmp_path))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cnn23",), "There is no recipe 'cnn23'. The recipes are: appearance, cnn200, cnn32"),
        (("cnn32", "--on", "quizz"), "manifest.csv does not exist"),
        (("cnn32", "--on", "empty"), "lists no picture"),
        (("cnn32", "--on", "unlabelled"), "has no column 'label'"),
        (("cnn32", "--on", "real"), "all 6 pictures are real"),
        (("svm", "--weights", "none"), "weights is unknown"),
    ],
)
def test_bad_input_is_told_before_tensorflow_is_loaded(
    arguments: tuple[str, ...], message: str, made_collection: Path
) -> None:
    manifest = (made_collection / "quiz" / "manifest.csv").read_text()
    header, *rows = manifest.splitlines()
    for name, text in {
        "empty": header,
        "unlabelled": manifest.replace(",label,", ",verdict,"),
        "real": "\n".join([header, *(row for row in rows if ",real," in row)]),
    }.items():
        (made_collection / name).mkdir()
        (made_collection / name / "manifest.csv").write_text(text + "\n")
    code = (
        "import sys; sys.modules['keras'] = sys.modules['tensorflow'] = None; "
        "from training.cli import app; app()"
    )
    where = ("--data", str(made_collection), "--work", str(made_collection / "work"))
    result = subprocess.run(
        [sys.executable, "-c", code, "train", *arguments, *where],
        capture_output=True,
        text=True,
        env={"COLUMNS": "300", "PATH": "", "TERM": "dumb"},
    )
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert message in line
    assert not (made_collection / "work").exists()
