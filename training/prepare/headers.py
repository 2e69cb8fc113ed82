"""What the head of a picture's file says, without decoding a pixel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageFile

# Registers HEIF.
from backend.images import FORMATS
from training.prepare.files import PrepareError


@contextmanager
def opened(path: Path) -> Iterator[ImageFile.ImageFile]:
    """The picture with its head read.

    Raises:
        PrepareError: it cannot be read.
    """
    try:
        image = Image.open(path, formats=FORMATS)
    except Exception as error:  # decoders raise whatever they like on damaged data
        raise PrepareError(
            f"{path} cannot be read as a picture; run `prepare clean` first."
        ) from error
    with image:
        yield image
