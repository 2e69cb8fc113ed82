"""`python -m backend classify` and `openapi`, and the help."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.__main__ import cli, openapi_text
from backend.settings import Settings
from backend.tests import marks, pictures

REPOSITORY = Path(__file__).parents[2]
runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good pictures, a broken one and a text, in two levels."""
    (tmp_path / "inside").mkdir()
    (tmp_path / "a.jpg").write_bytes(pictures.jpeg(200, 150))
    (tmp_path / "inside" / "b.PNG").write_bytes(pictures.png(32, 32))
    (tmp_path / "broken [red].jpg").write_bytes(pictures.jpeg(200, 150)[:900])
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


def test_pictures_are_judged_in_a_table(folder: Path) -> None:
    result = runner.invoke(cli, ["classify", str(folder / "a.jpg")], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    assert "a.jpg" in result.stdout
    assert "traces" in result.stdout


def test_marks_and_summary_are_told_with_the_verdict(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(marks.with_texts(parameters=marks.PARAMETERS))
    shown = runner.invoke(cli, ["classify", str(path)], env={"COLUMNS": "200"}).stdout
    assert "png-text-generator" in shown
    assert "Text in the PNG file is what an AI generator leaves: Stable Diffusion." in shown
    assert "png-text: Seed: 1234567" in shown
    line = json.loads(runner.invoke(cli, ["classify", "--json", str(path)]).stdout)
    signals = {signal["source"]: signal for signal in line["provenance"]["signals"]}
    assert len(signals) == 5
    assert signals["png-text"]["details"]["seed"] == "1234567"
    assert signals["png-text"]["summary"] in line["summary"]["text"]


def test_trust_anchors_are_checked_at_the_start(tmp_path: Path) -> None:
    picture, anchors = tmp_path / "a.jpg", tmp_path / "anchors.pem"
    signer = marks.new_signer()
    picture.write_bytes(signer.signed(pictures.jpeg(), marks.created("digitalCapture")))
    environment = {"DETECTOR_C2PA_TRUST_ANCHORS": str(anchors)}
    arguments = ["classify", "--json", str(picture)]
    missing = runner.invoke(cli, arguments, env=environment)
    assert (missing.exit_code, "cannot be read" in missing.stderr) == (2, True)
    anchors.write_text("hello")
    wrong = runner.invoke(cli, arguments, env=environment)
    assert (wrong.exit_code, "certificates in PEM" in wrong.stderr) == (2, True)
    anchors.write_text(signer.authority)
    right = runner.invoke(cli, arguments, env=environment)
    assert json.loads(right.stdout)["provenance"]["signals"][0]["code"] == "c2pa-camera-trusted"


def test_one_bad_file_is_reported_and_never_stops_the_others(folder: Path) -> None:
    paths = [str(folder), str(folder / "notes.txt"), "/not/there.jpg"]
    result = runner.invoke(cli, ["classify", "--json", *paths])
    assert result.exit_code == 1
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    names = [Path(line["path"]).name for line in lines]
    assert names == ["a.jpg", "broken [red].jpg", "b.PNG", "notes.txt", "there.jpg"]
    assert 0 <= lines[0]["probability"] <= 1
    assert lines[0]["label"] in ("ai", "real", "uncertain")
    assert set(lines[0]["experts"]) == {"traces", "appearance"}
    assert "cut off" in lines[1]["error"]
    assert lines[2]["notes"] == ["small"]
    assert "not a picture" in lines[3]["error"]
    assert "cannot be read" in lines[4]["error"]
    table = runner.invoke(cli, ["classify", str(folder)], env={"COLUMNS": "200"})
    assert table.exit_code == 1
    assert "broken [red].jpg" in table.stdout


def test_a_strongly_compressed_picture_is_uncertain_as_over_http(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(pictures.encoded(pictures.noise(200, 150), "JPEG", quality=10))
    line = json.loads(runner.invoke(cli, ["classify", "--json", str(path)]).stdout)
    assert "heavily-compressed" in line["notes"]
    assert line["label"] == "uncertain"


def test_a_name_that_is_not_utf8_is_shown_all_the_same(tmp_path: Path) -> None:
    good, broken = (tmp_path / os.fsdecode(name) for name in (b"\xff.jpg", b"\xfe.jpg"))
    good.write_bytes(pictures.jpeg())
    broken.write_bytes(b"no picture")
    arguments = ["classify", str(good), str(broken)]
    result = runner.invoke(cli, arguments, env={"COLUMNS": "300"})
    assert result.exit_code == 1, result.exception
    assert "\\xff.jpg" in result.stdout
    assert "\\xfe.jpg" in result.stdout
    lines = runner.invoke(cli, ["classify", "--json", str(good)]).stdout
    assert json.loads(lines)["path"] == str(good)


def test_a_folder_without_pictures_says_so(tmp_path: Path) -> None:
    result = runner.invoke(cli, ["classify", str(tmp_path)])
    assert result.exit_code == 1
    assert "no pictures" in result.stderr


def test_a_missing_model_is_one_sentence(tmp_path: Path) -> None:
    result = runner.invoke(cli, ["classify", "a.jpg"], env={"DETECTOR_MODELS": str(tmp_path)})
    assert result.exit_code == 2
    assert "card.json is missing" in result.stderr


def test_classify_starts_without_the_web_framework(folder: Path) -> None:
    code = (
        "import sys; from backend.__main__ import cli\n"
        f"try: cli(['classify', '--json', {str(folder / 'a.jpg')!r}])\n"
        "finally: print([name for name in ('fastapi', 'uvicorn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_help_lists_every_setting() -> None:
    result = runner.invoke(cli, ["serve", "--help"])
    assert result.exit_code == 0
    for name in Settings.model_fields:
        assert f"DETECTOR_{name.upper()}=" in result.output


def test_the_committed_openapi_document_is_that_of_the_code() -> None:
    committed = (REPOSITORY / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert committed == openapi_text(), "run: python -m backend openapi"


def test_the_openapi_document_does_not_depend_on_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = openapi_text()
    monkeypatch.setenv("DETECTOR_MAX_IMAGES", "7")
    monkeypatch.setenv("DETECTOR_API_KEYS", "key")
    output = tmp_path / "openapi.json"
    assert runner.invoke(cli, ["openapi", "--output", str(output)]).exit_code == 0
    assert output.read_text(encoding="utf-8") == before
