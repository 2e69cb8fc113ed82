"""The file of the appearance head: what is written is read, what does not fit is refused."""

from pathlib import Path

import numpy as np
import pytest

from backend.detector.card import ModelError
from backend.detector.head import Head, load_heads, save_heads


def _head(seed: int) -> Head:
    rng = np.random.default_rng(seed)

    def made(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float16).astype(np.float32)

    return Head(made(20), 0.5, made(3, 20), made(3), made(3))


def test_what_is_saved_scores_the_same_when_it_is_loaded(tmp_path: Path) -> None:
    heads = [_head(0), _head(1)]
    numbers = save_heads(heads, tmp_path / "folder" / "head.npz")
    assert numbers == 2 * (20 + 1 + 3 * 20 + 3 + 3)
    features = np.random.default_rng(2).normal(size=(4, 20))
    for head, same in zip(heads, load_heads(tmp_path / "folder" / "head.npz", 2, 20), strict=True):
        assert same.scores(features).tolist() == head.scores(features).tolist()


@pytest.mark.parametrize(("views", "features"), [(1, 20), (2, 21)])
def test_a_head_of_another_cut_is_refused(views: int, features: int, tmp_path: Path) -> None:
    save_heads([_head(0), _head(1)], tmp_path / "head.npz")
    with pytest.raises(ModelError, match=r"another cut of the tower: its weights are \(2, 20\)"):
        load_heads(tmp_path / "head.npz", views, features)


def test_a_file_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "head.npz", weights=np.zeros((2, 20)), bias=np.zeros(2))
    with pytest.raises(ModelError, match="curvatures, directions, origins missing"):
        load_heads(tmp_path / "head.npz", 2, 20)
