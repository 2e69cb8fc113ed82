"""What holds for every command of `prepare`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from training.tests.preparing import collection, contents, done, prepare, refused, two_classes

COMMANDS = [
    "augment", "clean", "dedupe", "delete", "manifest", "merge",
    "move", "probe", "split", "unzip", "zip",
]  # fmt: skip
# Each on the folder `mine`; what is new goes beside it.
ON_A_FOLDER = {
    "augment": ["mine"],
    "clean": ["mine"],
    "dedupe": ["mine"],
    "manifest": ["mine"],
    "merge": ["mine", "hers", "--into", "both"],
    "split": ["mine", "cut"],
    "zip": ["mine", "mine.zip"],
}

NAMES = [
    "Screenshot 2026-01-02 at 9.41.00\u202fAM.jpg",  # as macOS calls them
    "写真\u30001.jpg", "👩\u200d🎨.jpg", "\u200e\u05e9\u05d9\u05e8.jpg", "12:30.jpg", "9:30.jpg",
]  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_with_an_example(command: str) -> None:
    assert f"Example: python -m training prepare {command} " in done(command, "--help")


@pytest.mark.parametrize("module", ["numpy", "PIL", "sklearn", "keras", "imagehash"])
def test_help_needs_no_heavy_library(module: str) -> None:
    code = (
        "import sys; from training.cli import app\n"
        "try: app(['prepare', '--help'])\n"
        f"finally: assert '{module}' not in sys.modules"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("command", ON_A_FOLDER)
def test_a_dry_run_writes_nothing_and_a_run_does_what_it_showed(command: str, here: Path) -> None:
    two_classes(here / "mine")
    two_classes(here / "hers", count=3)
    (here / "mine" / "FAKE" / "broken.txt").write_text("no picture")
    (here / "mine" / "FAKE" / "twice.jpg").write_bytes((here / "mine/FAKE/0.jpg").read_bytes())
    before = contents(here)
    shown = done(command, *ON_A_FOLDER[command], "--dry-run")
    assert contents(here) == before
    assert "would " in shown
    done(command, *ON_A_FOLDER[command])
    after = contents(here)
    assert after != before
    promised = [line.split(" -> ")[1] for line in shown.splitlines() if " -> " in line]
    assert all(str(Path(name).relative_to(here) if name[0] == "/" else name) in after
               for name in promised)  # fmt: skip


@pytest.mark.parametrize("command", ["augment", "manifest", "merge", "split", "zip"])
def test_nothing_is_overwritten_without_force(command: str, here: Path) -> None:
    two_classes(here / "mine")
    two_classes(here / "hers", count=3)
    done(command, *ON_A_FOLDER[command])
    before = contents(here)
    assert "--force" in refused(command, *ON_A_FOLDER[command])
    assert contents(here) == before
    done(command, *ON_A_FOLDER[command], "--force")
    again = contents(here)
    assert again.keys() == before.keys()


@pytest.mark.parametrize("command", [*ON_A_FOLDER, "probe", "move", "delete"])
def test_bad_folders_are_named_with_what_to_do(command: str, here: Path) -> None:
    arguments = {**ON_A_FOLDER, "probe": ["mine"], "move": ["mine", "there"], "delete": ["mine"]}
    assert "mine does not exist" in refused(command, *arguments[command])
    (here / "mine").write_text("a file")
    assert "mine is a file" in refused(command, *arguments[command])
    (here / "mine").unlink()
    (here / "mine").mkdir()
    two_classes(here / "hers", count=2)
    assert "mine" in refused(command, *arguments[command])
    assert not {"cut", "both", "mine.zip", "there"} & set(contents(here))


@pytest.mark.parametrize("command", ["manifest", "probe", "split"])
def test_one_class_alone_is_refused(command: str, here: Path) -> None:
    collection(here / "mine", "fake")
    arguments = {**ON_A_FOLDER, "probe": ["mine"]}
    before = contents(here)
    assert "all 4 pictures are ai" in refused(command, *arguments[command])
    assert contents(here) == before


@pytest.mark.parametrize("command", [*ON_A_FOLDER, "probe"])
def test_links_and_special_files_are_refused(command: str, here: Path) -> None:
    two_classes(here / "mine")
    two_classes(here / "hers", count=3)
    arguments = {**ON_A_FOLDER, "probe": ["mine"]}
    os.mkfifo(here / "mine" / "FAKE" / "pipe.jpg")
    assert "pipe.jpg is a link or a special file" in refused(command, *arguments[command])
    (here / "mine" / "FAKE" / "pipe.jpg").unlink()
    (here / "mine" / "FAKE" / "link").symlink_to(here / "hers")
    assert "link is a link" in refused(command, *arguments[command])


def test_names_that_cannot_be_written_down_or_deceive_are_refused_all_at_once(here: Path) -> None:
    two_classes(here / "mine")
    names = [os.fsdecode(b"\xff.jpg"), "\x1b[2J.jpg", "\u202egpj.exe", "a\nb.jpg"]
    for number, name in enumerate(names):
        (here / "mine" / "FAKE" / f"{number}.jpg").rename(here / "mine" / "FAKE" / name)
    message = refused("manifest", "mine")
    assert "rename them" in message
    assert all(repr(name)[1:-1] in message for name in names)
    for number in range(100):
        (here / "mine" / "nature" / f"{number}\a.jpg").touch()
    assert "more" in (longer := refused("manifest", "mine"))
    assert len(longer) < len(message) + 200


def test_names_that_people_and_their_systems_give_are_good(here: Path) -> None:
    two_classes(here / "mine")
    for number, name in enumerate(NAMES):
        (here / "mine" / "FAKE" / f"{number}.jpg").rename(here / "mine" / "FAKE" / name)
    done("split", "mine", "cut")
    done("manifest", "cut")
    assert {path.name for path in (here / "cut").rglob("*.jpg")} >= set(NAMES)
    done("zip", "mine", "mine.zip")
    done("unzip", "mine.zip", "again")
    assert contents(here / "again") == contents(here / "mine")


def test_classes_that_cannot_be_told_ask_for_names(here: Path) -> None:
    collection(here / "mine", "midjourney", "flickr")
    assert "--ai NAME --real NAME" in refused("manifest", "mine")
    done("manifest", "mine", "--ai", "midjourney", "--real", "flickr")
    assert "cannot be --ai and --real" in refused("probe", "mine", "--ai", "x", "--real", "X")


def test_folders_that_contradict_each_other_are_refused(here: Path) -> None:
    collection(here / "mine", "ai/photo", "real/photo")
    assert "contradict each other" in refused("manifest", "mine")
    done("manifest", "mine", "--ai", "ai", "--real", "real")


def test_what_is_written_never_lies_in_what_is_read(here: Path) -> None:
    two_classes(here / "mine")
    for arguments in (["split", "mine", "mine/cut"], ["zip", "mine", "mine/mine.zip"],
                      ["clean", "mine", "--aside", "mine/bad"],
                      ["merge", "mine", "mine", "--into", "mine/all"]):  # fmt: skip
        assert "lies inside" in refused(*arguments)


def test_an_unexpected_file_is_no_record(here: Path) -> None:
    two_classes(here / "mine")
    (here / "mine" / "augmented.csv").write_text("a,b\n1,2\n")
    before = contents(here)
    for command in ("augment", "delete"):
        assert "is no record of this command" in refused(command, "mine")
    assert contents(here) == before


def test_ctrl_c_leaves_no_half_folder(here: Path) -> None:
    two_classes(here / "mine", count=20)
    before = contents(here)
    process = subprocess.Popen(
        [sys.executable, "-m", "training.tests.to_interrupt", str(here / "mine"), str(here / "c")],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not list(here.glob(".*.part/*/*/*.jpg")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode not in (0, 2)
    assert b"Traceback" not in errors
    assert contents(here) == before


def test_a_picture_that_is_gone_from_the_manifest_is_told(here: Path) -> None:
    two_classes(here / "mine")
    done("manifest", "mine")
    (here / "mine" / "FAKE" / "3.jpg").unlink()
    message = refused("probe", "mine")
    assert "3.jpg, which is not there" in message
    assert prepare("manifest", "mine", "--force").exit_code == 0
