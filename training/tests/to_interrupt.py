"""`prepare split` that hangs after some copies: python -m training.tests.to_interrupt FROM TO."""

import shutil
import sys
import time
from itertools import count
from pathlib import Path

from training.cli import app

COPIES = 20
HANGS = 3600  # seconds


def hang_after_some_copies() -> None:
    """However slow or fast the machine is, Ctrl-C finds it in the middle."""
    copy, numbers = shutil.copy2, count()

    def copy2(source: Path, target: Path) -> Path | str:
        if next(numbers) == COPIES:
            time.sleep(HANGS)
        return copy(source, target)

    shutil.copy2 = copy2  # type: ignore[assignment]


if __name__ == "__main__":
    hang_after_some_copies()
    app(["prepare", "split", *sys.argv[1:]])
