"""evaluate shipped: the detector that serves, measured like any run."""

from pathlib import Path

import pytest
from PIL import Image

from backend.detector.card import load_card
from backend.detector.detector import MODELS, load_detector
from backend.detector.tower import TOWER_PATH
from training.datasets import manifest
from training.predictions import Predictions
from training.run import Run
from training.tests import made_runs
from training.tests.made_runs import command, refusal

needs_tower = pytest.mark.skipif(
    not TOWER_PATH.is_file(), reason="the appearance tower is not built (make tower)"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    root = tmp_path / "data"
    made_runs.collection(root, "quiz", splits=("test",), each=2, size=(200, 160))
    return root


@needs_tower
def test_both_experts_and_each_alone_say_what_they_say_when_serving(
    data: Path, tmp_path: Path
) -> None:
    arguments = ("evaluate", "shipped", "--on", "quiz", "--data", data, "--work", tmp_path / "work")
    result = command(*arguments)
    assert result.exit_code == 0, result.output
    version = f"real-or-ai-{load_card(MODELS).version}"
    names = [f"{version}-matched", f"{version}-appearance-matched", f"{version}-traces-matched"]
    runs = {name: Run(tmp_path / "work" / "runs" / name) for name in names}
    assert {path.name for path in (tmp_path / "work" / "runs").iterdir()} == set(names)
    detector = load_detector()
    sample = manifest.read(data, "quiz")[3]
    seen = sample.pixels("whole")
    (verdict,) = detector.classify([detector.views(seen)])
    expected = {names[0]: verdict.probability}
    expected |= {f"{version}-{e.name}-matched": e.probability for e in verdict.experts}
    for name, run in runs.items():
        said = Predictions.read(run.predictions("quiz"))
        place = said.names.index(sample.name)
        assert said.probabilities[place] == pytest.approx(expected[name], abs=1e-4), name
        assert run.calibration().probabilities(said.scores) == pytest.approx(said.probabilities)
        assert name in result.output
    (judged, *_) = runs
    assert "evaluate shipped measures it" in refusal("evaluate", judged, *arguments[2:])
    assert "evaluate shipped measures it" in refusal(
        "figures", judged, "--to", tmp_path, "--robustness", *arguments[3:]
    )
    tower_and_head = runs[names[1]].info().parameters
    assert tower_and_head > 60_000_000


@needs_tower
def test_a_small_picture_is_judged_by_tiny_in_every_row(data: Path, tmp_path: Path) -> None:
    Image.new("RGB", (160, 100), (90, 120, 30)).save(data / "quiz" / "real" / "test-two" / "1.png")
    command("evaluate", "shipped", "--on", "quiz", "--data", data, "--work", tmp_path / "work")
    detector = load_detector()
    sample = next(s for s in manifest.read(data, "quiz") if s.name.endswith("real/test-two/1.png"))
    (verdict,) = detector.classify([detector.views(sample.pixels("whole"))])
    assert [expert.name for expert in verdict.experts] == ["tiny"]
    rows = list((tmp_path / "work" / "runs").iterdir())
    assert len(rows) == 3
    for row in rows:
        said = Predictions.read(Run(row).predictions("quiz"))
        assert len(said.names) == 8
        place = said.names.index(sample.name)
        assert said.probabilities[place] == pytest.approx(verdict.probability, abs=1e-4)


@needs_tower
def test_a_picture_that_the_detector_cannot_read_is_named(data: Path, tmp_path: Path) -> None:
    (data / "quiz" / "real" / "test-two" / "1.png").write_bytes(b"no picture")
    said = refusal("evaluate", "shipped", "--on", "quiz", "--data", data, "--work", tmp_path)
    assert "test-two/1.png cannot be read" in said
    assert not (tmp_path / "runs").exists()


def test_sets_that_are_not_there_are_refused_before_the_detector_is_loaded(tmp_path: Path) -> None:
    said = refusal("evaluate", "shipped", "--data", tmp_path, "--work", tmp_path)
    assert "cifake.tar.xz does not exist" in said
