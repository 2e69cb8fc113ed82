"""Names for what is made of pictures and kept on disk: other content is another name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from backend.detector.card import sha256
from training.datasets.manifest import ManifestError, Sample


def digest(samples: Sequence[Sample]) -> str:
    """What samples are: their files' content, and all that decides how they are read and changed.

    Raises:
        ManifestError: a file that cannot be read, by name.
    """
    whole = hashlib.sha256()
    for sample in samples:
        facts = (sample.name, sample.source, sample.label, sample.original_size)
        contents = [content(path) for path in dict.fromkeys((sample.crop, sample.whole))]
        whole.update(repr((facts, contents)).encode())
    return whole.hexdigest()[:16]


def content(path: Path) -> str:
    """Hexadecimal SHA-256 of a file.

    Raises:
        ManifestError: it cannot be read.
    """
    try:
        return sha256(path)
    except OSError as error:
        raise ManifestError(f"{path} cannot be read: {error}") from error
