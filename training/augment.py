"""What the web does to a picture after it was made: resizing, blur and re-saving."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from backend.images import Pixels

_KERNELS = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)


@dataclass(frozen=True)
class Augmentation:
    """Probabilities of each step and the ranges drawn from."""

    resize: float = 0.5
    resize_range: tuple[float, float] = (0.5, 1.5)
    blur: float = 0.1
    blur_sigma: tuple[float, float] = (0.3, 1.2)
    resave: float = 0.7
    webp_share: float = 0.3
    quality_range: tuple[int, int] = (50, 97)


def augment(pixels: Pixels, settings: Augmentation, rng: np.random.Generator) -> Pixels:
    """A copy of the picture as the web would pass it on: uint8 (height, width, 3), other size."""
    image = Image.fromarray(pixels)
    if rng.random() < settings.resize:
        factor = rng.uniform(*settings.resize_range)
        size = tuple(max(16, round(side * factor)) for side in image.size)
        kernel = _KERNELS[rng.integers(len(_KERNELS))]
        image = image.resize((size[0], size[1]), kernel)
    if rng.random() < settings.blur:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(*settings.blur_sigma)))
    if rng.random() < settings.resave:
        kind = "WEBP" if rng.random() < settings.webp_share else "JPEG"
        image = resave(image, kind, int(rng.integers(*settings.quality_range)))
    return np.asarray(image)


def resave(image: Image.Image, kind: str, quality: int) -> Image.Image:
    """Encode and decode once; `kind` is JPEG or WEBP."""
    encoded = io.BytesIO()
    image.save(encoded, kind, quality=quality)
    return Image.open(encoded).convert("RGB")
