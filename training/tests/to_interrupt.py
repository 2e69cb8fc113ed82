"""`prepare split` that hangs after some copies: python -m training.tests.to_interrupt FROM TO."""

import shutil
import sys
import time
from itertools import count
from pathlib import Path
from unittest.mock import patch

from training.cli import app

COPIES = 20
HANGS = 3600  # seconds

_copy, _numbers = shutil.copy2, count()


def _copy_or_hang(source: Path, target: Path) -> None:
    """However slow or fast the machine is, Ctrl-C finds it in the middle."""
    if next(_numbers) == COPIES:
        time.sleep(HANGS)
    _copy(source, target)


if __name__ == "__main__":
    with patch("shutil.copy2", _copy_or_hang):
        app(["prepare", "split", *sys.argv[1:]])
