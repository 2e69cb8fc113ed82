import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.detector import views
from backend.detector.detector import Detector

SIDES = st.integers(16, 1200)


def _noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


@settings(deadline=None)
@given(height=SIDES, width=SIDES)
def test_every_size_gives_views_of_the_right_shape(height: int, width: int) -> None:
    pixels = np.zeros((height, width, 3), np.uint8)
    assert views.whole_view(pixels).shape == (224, 224, 3)
    assert views.centre_square(pixels, 224).shape == (224, 224, 3)
    tiles = views.tiles(pixels)
    assert 1 <= len(tiles) <= views.MAX_TILES
    assert tiles.shape[1:] == (256, 256, 3)


@settings(deadline=None, max_examples=30)
@given(height=SIDES, width=SIDES)
def test_boxes_say_where_native_views_lie(height: int, width: int) -> None:
    pixels = _noise(height, width)
    cuts = [*views.tiles(pixels), views.centre_square(pixels, 224)]
    boxes = [*views.tile_boxes(width, height), views.centre_box(width, height, 224)]
    for cut, box in zip(cuts, boxes, strict=True):
        assert cut.shape[:2] == (box.height, box.width)
        top, left = max(0, box.top), max(0, box.left)
        inside = pixels[top : box.top + box.height, left : box.left + box.width]
        assert inside.size
        rows, columns = inside.shape[:2]
        seen = cut[top - box.top :, left - box.left :][:rows, :columns]
        assert np.array_equal(seen, inside)


def test_tiles_are_native_pixels_spread_to_the_corners() -> None:
    pixels = _noise(900, 1300)
    tiles = views.tiles(pixels)
    assert np.array_equal(tiles[0], pixels[:256, :256])
    assert np.array_equal(tiles[-1], pixels[-256:, -256:])


def test_a_centre_square_is_not_resampled() -> None:
    pixels = _noise(300, 500)
    assert np.array_equal(views.centre_square(pixels, 224), pixels[38:262, 138:362])


def test_small_pictures_are_mirrored_out_and_keep_their_pixels() -> None:
    pixels = _noise(130, 150)
    tile = views.tiles(pixels)[0]
    assert np.array_equal(tile[63:193, 53:203], pixels)


def test_the_whole_view_shows_all_four_margins() -> None:
    pixels = np.zeros((1000, 2000, 3), np.uint8)
    pixels[:, :100], pixels[:, -100:] = 200, 90
    view = views.whole_view(pixels)
    assert view[:, :8].mean() == pytest.approx(200, abs=5)
    assert view[:, -8:].mean() == pytest.approx(90, abs=5)


@pytest.mark.parametrize(
    "size", [(16, 16), (32, 32), (100, 127), (500, 90), (16, 128), (127, 1016)]
)
def test_tiny_sees_the_middle_of_the_whole_picture_made_small(
    detector: Detector, size: tuple[int, int]
) -> None:
    pixels = _noise(*size)
    height, width = (max(32, round(side * 32 / min(size))) for side in size)
    small = np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC))
    cut = detector.views(pixels).by_expert["tiny"]
    assert np.array_equal(cut, views.centre_square(small, 32)[None])


def test_a_long_strip_takes_no_more_memory_than_its_middle(detector: Detector) -> None:
    pixels = np.zeros((400_000, 16, 3), np.uint8)
    pixels[199_980:200_020] = 200
    tracemalloc.start()
    try:
        cut = detector.views(pixels).by_expert["tiny"]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000
    assert cut.min() == 200
