"""`prepare unzip` and `prepare zip`."""

from __future__ import annotations

import stat
import time
import zipfile
from pathlib import Path

import pytest

from training.tests.preparing import contents, done, refused, two_classes


def _archive(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members:
            opened.writestr(name, data)
    return path


def _special(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


def test_what_was_packed_comes_out_the_same(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    done("zip", folder, tmp_path / "a.zip")
    done("unzip", tmp_path / "a.zip", tmp_path / "again")
    assert contents(tmp_path / "again") == contents(folder)


def test_the_same_files_give_the_same_archive(tmp_path: Path) -> None:
    done("zip", two_classes(tmp_path / "mine"), tmp_path / "a.zip")
    time.sleep(0.01)
    done("zip", two_classes(tmp_path / "elsewhere"), tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../evil.jpg", "outside of the folder"),
        ("a/../../evil.jpg", "outside of the folder"),
        ("/etc/evil.jpg", "outside of the folder"),
        ("C:\\evil.jpg", "outside of the folder"),
        ("..\\evil.jpg", "outside of the folder"),
        ("C:evil.jpg", "outside of the folder"),
        ("a\\b.jpg", "pack them again"),
        ("a\u202egpj.exe", "pack them again"),
        (_special("link.jpg", stat.S_IFLNK), "link or special file"),
        (_special("pipe.jpg", stat.S_IFIFO), "link or special file"),
    ],
)
def test_members_that_would_escape_are_refused(
    tmp_path: Path, name: str | zipfile.ZipInfo, message: str
) -> None:
    archive = _archive(tmp_path / "a.zip", ("good.jpg", b"x"), (name, b"/etc/passwd"))
    before = contents(tmp_path)
    assert message in refused("unzip", archive, tmp_path / "out")
    assert contents(tmp_path) == before


def test_a_bomb_is_refused_before_it_grows(tmp_path: Path) -> None:
    archive = _archive(tmp_path / "a.zip", ("zeros", bytes(150 * 1024**2)))
    assert "a bomb" in refused("unzip", archive, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_too_much_and_too_many_are_refused(tmp_path: Path) -> None:
    archive = _archive(tmp_path / "a.zip", *((f"{i}.jpg", bytes(20_000)) for i in range(60)))
    out = tmp_path / "out"
    assert "60 files, more than 50" in refused("unzip", archive, out, "--max-files", "50")
    assert "--max-gigabytes" in refused("unzip", archive, out, "--max-gigabytes", "0.001")
    done("unzip", archive, out)


def test_a_size_that_lies_unpacks_no_more_than_it_says(tmp_path: Path) -> None:
    archive = _archive(tmp_path / "a.zip", ("a.jpg", bytes(100_000)))
    data = archive.read_bytes()
    archive.write_bytes(data.replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    assert "cannot be unpacked" in refused("unzip", archive, tmp_path / "out")
    assert sorted(contents(tmp_path)) == ["a.zip"]


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    archive = _archive(tmp_path / "a.zip", ("secret.jpg", b"x" * 50))
    data = bytearray(archive.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    assert "is encrypted" in refused("unzip", archive, tmp_path / "out")


@pytest.mark.parametrize("damage", ["cut off", "no archive", "bits"])
def test_damaged_archives_leave_nothing_behind(tmp_path: Path, damage: str) -> None:
    archive = tmp_path / "a.zip"
    done("zip", two_classes(tmp_path / "mine"), archive)
    data = bytearray(archive.read_bytes())
    if damage == "bits":
        data[len(data) // 2] ^= 255
    damaged = {"cut off": data[:-40], "no archive": bytearray(b"hello"), "bits": data}
    archive.write_bytes(damaged[damage])
    before = contents(tmp_path)
    assert "a.zip cannot be unpacked" in refused("unzip", archive, tmp_path / "out")
    assert contents(tmp_path) == before


def test_members_in_each_others_way_are_refused(tmp_path: Path) -> None:
    twice = _archive(tmp_path / "b.zip", ("a.jpg", b"1"), ("./a.jpg", b"2"))
    assert "is there twice" in refused("unzip", twice, tmp_path / "out")
    inside = _archive(tmp_path / "c.zip", ("a", b"1"), ("a/b.jpg", b"2"))
    assert "a file and a folder" in refused("unzip", inside, tmp_path / "out")


def test_hidden_members_are_left_out(tmp_path: Path) -> None:
    archive = _archive(tmp_path / "a.zip", ("a.jpg", b"1"), ("__MACOSX/._a.jpg", b"2"))
    done("unzip", archive, tmp_path / "out")
    assert list(contents(tmp_path / "out")) == ["a.jpg"]


def test_force_replaces_files_of_the_same_name_alone(tmp_path: Path) -> None:
    archive = _archive(tmp_path / "a.zip", ("a.jpg", b"new"))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.jpg").write_bytes(b"old")
    (tmp_path / "out" / "b.jpg").write_bytes(b"mine")
    assert "is not empty" in refused("unzip", archive, tmp_path / "out")
    done("unzip", archive, tmp_path / "out", "--force")
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert files == {"a.jpg": b"new", "b.jpg": b"mine"}


def test_no_archive_is_told(tmp_path: Path) -> None:
    assert "does not exist" in refused("unzip", tmp_path / "a.zip", tmp_path / "out")
    assert "is a folder" in refused("unzip", tmp_path, tmp_path / "out")
    empty = _archive(tmp_path / "b.zip")
    assert "holds no files" in refused("unzip", empty, tmp_path / "out")
