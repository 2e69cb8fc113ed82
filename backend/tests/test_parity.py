"""TensorFlow and ONNX Runtime run the same networks."""

from __future__ import annotations

import pytest

from backend.detector.detector import Detector, load_detector
from backend.images import decode
from backend.settings import Settings
from backend.tests import pictures


def test_tensorflow_and_onnx_agree(detector: Detector, photo: bytes) -> None:
    pytest.importorskip("tensorflow")
    tensorflow = load_detector(Settings().models, experts=("traces",), engine="tensorflow")
    onnx = load_detector(Settings().models, experts=("traces",), engine="onnx")
    data = [photo, pictures.jpeg(400, 300), pictures.png(32, 32), pictures.jpeg(64, 64, seed=3)]
    batch = [onnx.views(decode(one).pixels) for one in data]
    for one, other in zip(onnx.classify(batch), tensorflow.classify(batch), strict=True):
        assert [expert.name for expert in one.experts] == [expert.name for expert in other.experts]
        assert one.probability == pytest.approx(other.probability, abs=1e-4)
