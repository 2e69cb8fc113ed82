"""What a picture costs, part by part, against the bare network passes on ready-made arrays.

python -m benchmarks.model
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table
from sklearn.datasets import load_sample_image

from backend.api.pipeline import explanation_reply
from backend.detector.detector import load_detector
from backend.images import decode

ROUNDS = 9


def main() -> None:
    """Time a 1-megapixel photograph from JPEG bytes to verdict."""
    data = one_megapixel_jpeg()
    detector = load_detector()
    detector.warm()
    picture = decode(data)
    views = detector.views(picture.pixels)
    verdict = detector.classify([views])[0]

    def explain() -> None:
        explanation = detector.explain(verdict, picture.width, picture.height)
        explanation_reply(explanation).model_dump_json()

    def passes(*names: str) -> float:
        return median_ms(lambda: [detector.experts[n].judge([views.by_expert[n]]) for n in names])

    bare = passes(*views.by_expert)
    total = median_ms(lambda: detector.classify([detector.views(decode(data).pixels)]))
    rows = {
        "decode JPEG": median_ms(lambda: decode(data)),
        "cut views": median_ms(lambda: detector.views(picture.pixels)),
        **{f"expert: {name}": passes(name) for name in views.by_expert},
        "bare passes of all experts (reference)": bare,
        "bytes to verdict": total,
        "explanation on top": median_ms(explain),
    }
    table = Table(
        "part", "ms (median)", "x reference", "of a verdict", title="one picture of 1 megapixel"
    )
    for name, value in rows.items():
        table.add_row(name, f"{value:.1f}", f"{value / bare:.2f}", f"{value / total:.1%}")
    Console().print(table)


def one_megapixel_jpeg() -> bytes:
    """A photograph of 1200 x 833 pixels, JPEG quality 90."""
    photo = Image.fromarray(load_sample_image("china.jpg"))
    encoded = io.BytesIO()
    photo.resize((1200, 833), Image.Resampling.LANCZOS).save(encoded, "JPEG", quality=90)
    return encoded.getvalue()


def median_ms(call: Callable[[], object]) -> float:
    """Median duration of `call` in milliseconds, after one call that is not counted."""
    call()
    durations = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        durations.append(time.perf_counter() - start)
    return float(np.median(durations)) * 1e3


if __name__ == "__main__":
    main()
