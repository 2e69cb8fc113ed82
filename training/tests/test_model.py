"""One command from two folders to a model, through the command line on pictures made by code."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.images import decode
from backend.tests import pictures
from training import recipe
from training.predictions import Predictions
from training.tests.made_runs import FOREST, command, refusal

SMALL = """
kind = "classifier"
network = "tiny"
data = "quiz"
seed = 1
side = 32

[build]
widths = [8]
blocks = 1

[fit]
epochs = 6
batch_size = 8
optimizer = "adam"
learning_rate = 1e-2
"""


@pytest.fixture(autouse=True)
def _recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "recipes"
    folder.mkdir()
    for name, text in {"small": SMALL, "forest": FOREST}.items():
        (folder / f"{name}.toml").write_text(text)
    monkeypatch.setattr(recipe, "RECIPES", folder)


def _pictures(folder: Path, brightness: float, count: int = 60) -> None:
    """Pictures whose brightness differs a little from one to the next."""
    rng = np.random.default_rng(round(brightness))
    folder.mkdir(parents=True)
    for number in range(count):
        pixels = rng.normal(rng.normal(brightness, 20), 10, (16, 16, 3)).clip(0, 255)
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{number}.png")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "My set"
    _pictures(folder / "FAKE" / "one", 160)
    _pictures(folder / "nature" / "two", 90)
    return folder


def _arguments(folder: Path, *more: object, recipe: str = "small") -> tuple[object, ...]:
    root = folder.parent
    where = ("--to", root / "out", "--work", root / "work", "--recipe", recipe)
    return ("model", folder, *where, *more)


def test_two_folders_become_a_model_with_a_report_whose_example_works(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(mine.rglob("*"))
    result = command(*_arguments(mine))
    assert result.exit_code == 0, result.output
    assert sorted(mine.rglob("*")) == before
    out = tmp_path / "out"
    (run,) = (tmp_path / "work" / "runs").iterdir()
    assert re.fullmatch(r"small-my-set-[0-9a-f]{6}", run.name)
    assert sorted(path.name for path in out.iterdir()) == [
        "figures", "model-card.json", "report.md", f"{run.name}.keras", f"{run.name}.onnx",
    ]  # fmt: skip
    data = run.name.removeprefix("small-")
    said = Predictions.read(run / "predictions" / f"{data}.csv")
    assert len(said.names) == 24  # a fifth of each class

    report = (out / "report.md").read_text()
    for name in re.findall(r"\]\((figures/[^)]+)\)", report):
        assert (out / name).is_file()
    assert f"figures/reliability-{data}.svg" in report
    assert "| train | 48 | 48 |" in report
    assert "| test | 12 | 12 |" in report
    (leak,) = re.findall(r"(?:Facts of the file alone|The classes can be told apart).*", report)
    assert leak in result.output
    figures = json.loads((out / "model-card.json").read_text())["figures"][data]
    assert figures["auc"] > 0.9
    assert f"AUC {figures['auc']:.3f} (95 % interval" in report
    assert f"calibration error {figures['calibration_error']:.3f}" in report
    assert f"| AI | {figures['ai_called_real']} | {figures['ai_called_ai']} |" in report
    assert "of the same sources as those that trained" in report

    monkeypatch.chdir(out)
    (example,) = re.findall(r"```python\n(.*?)```", report, re.DOTALL)
    picture = tmp_path / "work" / "data" / said.names[0]
    exec(example.replace("picture.jpg", str(picture)), {})
    assert float(capsys.readouterr().out) == pytest.approx(said.probabilities[0], abs=1e-3)
    clear = pictures.noise().convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    clear.save(tmp_path / "clear.png")
    Image.fromarray(decode((tmp_path / "clear.png").read_bytes()).pixels).save(tmp_path / "on.png")
    for name in ("clear.png", "on.png"):
        exec(example.replace("picture.jpg", str(tmp_path / name)), {})
    assert len(set(capsys.readouterr().out.split())) == 1

    trained = (run / "model.keras").stat().st_mtime_ns
    (out / "mine.txt").touch()
    assert "out is not empty" in refusal(*_arguments(mine))
    assert command(*_arguments(mine, "--force")).exit_code == 0
    assert (run / "model.keras").stat().st_mtime_ns == trained  # what is done is not done again
    assert (out / "report.md").read_text() == report
    assert (out / "mine.txt").exists()


@pytest.mark.parametrize(
    ("dark", "where"),
    [(160, "the pictures that training held out"), (90, "the test pictures")],
)
def test_a_model_that_guesses_is_said_to_and_not_exported(
    dark: float, where: str, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    for split, (ai, real) in {"train": (160, dark), "test": (90, 160)}.items():
        _pictures(folder / split / "ai", ai)
        _pictures(folder / split / "real", real)
    for path in folder.rglob("*.png"):  # the same pictures, and no file twice
        path.write_bytes(path.read_bytes() + str(path).encode())
    said = refusal(*_arguments(folder, *(("--epochs", 1) if dark == 160 else ())))
    assert f"no better than guessing on {where}" in said
    assert "nothing was exported. Try more epochs (--epochs" in said
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".*"))


def _one_class(mine: Path) -> tuple[object, ...]:
    (mine / "nature").rename(mine / "fakes")
    return _arguments(mine)


def _few(mine: Path) -> tuple[object, ...]:
    for number in range(20):
        (mine / "nature" / "two" / f"{number}.png").unlink()
    return _arguments(mine)


def _there(mine: Path) -> tuple[object, ...]:
    (mine.parent / "out").mkdir()
    (mine.parent / "out" / "thesis.txt").touch()
    return _arguments(mine)


def _twice(mine: Path) -> tuple[object, ...]:
    for path in sorted(mine.rglob("*.png")):
        shutil.copyfile(path, path.with_name(f"again-{path.name}"))
    return _arguments(mine)


def _both(mine: Path) -> tuple[object, ...]:
    for number in range(2):
        shutil.copyfile(mine / f"FAKE/one/{number}.png", mine / f"nature/two/x{number}.png")
    return _arguments(mine)


def _damaged(mine: Path) -> tuple[object, ...]:
    path = mine / "nature" / "two" / "7.png"
    path.write_bytes(path.read_bytes()[:200])
    return _arguments(mine)


@pytest.mark.parametrize(
    ("prepared", "message"),
    [
        (_one_class, "all 120 pictures are ai; add a folder of the other class"),
        (_few, "has 60 AI and 40 real pictures; small needs at least 50 of each class."),
        (_there, "out is not empty"),
        (_damaged, "prepare clean"),
        (_twice, "files are both in train and in test, such as"),
        (_both, "2 files are both AI and real, such as"),
        (lambda mine: _arguments(mine / "none"), "does not exist; give the folder"),
        (lambda mine: _arguments(mine, recipe="smal"), "There is no recipe 'smal'"),
        (lambda mine: _arguments(mine, recipe="forest"), "Recipes that do: small."),
        (lambda mine: _arguments(mine, "--by-source"), "there are too few AI sources"),
        (lambda mine: _arguments(mine, "--ai", "x", "--real", "y"), "name the folders with --ai"),
        (lambda mine: _arguments(mine, "--work", mine / "work"), "lies inside"),
    ],
)  # fmt: skip
def test_what_cannot_become_a_model_is_refused_before_training(
    prepared: object, message: str, mine: Path
) -> None:
    assert callable(prepared)
    assert message in refusal(*prepared(mine))
    assert not list((mine.parent / "work").glob("runs/*"))
    assert not (mine.parent / "out" / "report.md").exists()
