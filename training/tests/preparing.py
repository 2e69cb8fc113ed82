"""The real command line of `prepare`, and folders of pictures made by code."""

from __future__ import annotations

import hashlib
from pathlib import Path

from typer.testing import CliRunner, Result

from backend.tests import pictures
from training.cli import app

runner = CliRunner()


def prepare(*arguments: str | Path) -> Result:
    return runner.invoke(app, ["prepare", *map(str, arguments)], env={"COLUMNS": "200"})


def done(*arguments: str | Path) -> str:
    """What a command prints that must work."""
    result = prepare(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str | Path) -> str:
    """The one sentence of a command that must be refused."""
    result = prepare(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    return line


def collection(root: Path, *places: str, count: int = 4) -> Path:
    """`count` different pictures in each of the folders `places` below `root`."""
    for number, place in enumerate(places):
        folder = root / place
        folder.mkdir(parents=True)
        for i in range(count):
            (folder / f"{i}.jpg").write_bytes(pictures.jpeg(64, 48, seed=1000 * number + i))
    return root


def two_classes(root: Path, count: int = 10) -> Path:
    return collection(root, "FAKE", "nature", count=count)


def contents(root: Path) -> dict[str, str]:
    """Every file and folder below `root`, hidden ones too, with a digest of the bytes."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else ""
        for path in root.rglob("*")
    }
