"""A network as boxes from input to output: layer by layer, or by stages if it has many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from training.figures import canvas

if TYPE_CHECKING:
    import keras

_MOST_BOXES = 30
_HEIGHT = 0.62  # inches of a box and its arrow


@dataclass(frozen=True)
class _Box:
    title: str
    shape: str
    parameters: int


def draw(network: keras.Model, title: str, folder: Path) -> Path:
    """`architecture`: what each box does, the shape it gives, the weights it has."""
    boxes = _boxes(list(_layers(network)))
    figure, (axis,) = canvas.panels(
        f"{title}: {network.count_params():,} parameters", size=(6.5, _HEIGHT * len(boxes))
    )
    axis.set_axis_off()
    axis.set(xlim=(0, 1), ylim=(len(boxes) - 0.4, -0.6))
    for place, box in enumerate(boxes):
        weights = f"{box.parameters:,} weights" if box.parameters else "no weights"
        axis.text(
            0.5,
            place,
            f"{box.title}\n{box.shape}   {weights}",
            ha="center",
            va="center",
            fontsize=8,
            bbox={
                "boxstyle": "round",
                "facecolor": "#D6E8F5" if box.parameters else "#F2F2F2",
                "edgecolor": canvas.COLOURS[0],
            },
        )
        if place:
            arrow = {"arrowstyle": "->", "color": "grey"}
            axis.annotate(
                "", (0.5, place - 0.3), (0.5, place - 0.7), arrowprops=arrow, annotation_clip=False
            )
    return canvas.keep(
        figure,
        folder,
        "architecture",
        ("box", "output", "parameters"),
        [(box.title, box.shape, box.parameters) for box in boxes],
    )


def _layers(network: keras.Model) -> Iterator[keras.layers.Layer]:
    """Every layer, those of networks inside the network too."""
    for layer in network.layers:
        if getattr(layer, "layers", None):
            yield from _layers(layer)
        else:
            yield layer


def _boxes(layers: list[keras.layers.Layer]) -> list[_Box]:
    if len(layers) <= _MOST_BOXES:
        return [
            _Box(f"{_kind(layer)} ({layer.name})", _shape(layer), layer.count_params())
            for layer in layers
        ]
    boxes = []
    for _, group in groupby(layers, key=_size):
        members = list(group)
        counts = Counter(_kind(layer) for layer in members)
        title = ", ".join(f"{count} x {kind}" for kind, count in counts.most_common(4))
        rest = len(members) - sum(count for _, count in counts.most_common(4))
        title += f", {rest} more" if rest else ""
        weights = sum(layer.count_params() for layer in members)
        boxes.append(_Box(title, _shape(members[-1]), weights))
    return boxes


def _kind(layer: keras.layers.Layer) -> str:
    return type(layer).__name__


def _output(layer: keras.layers.Layer) -> tuple[int | None, ...]:
    output = layer.output
    return tuple((output[0] if isinstance(output, list) else output).shape)


def _size(layer: keras.layers.Layer) -> tuple[int | None, ...]:
    """Height and width where it gives a map, else nothing: what a stage has in common."""
    shape = _output(layer)
    return shape[1:3] if len(shape) == 4 else ()


def _shape(layer: keras.layers.Layer) -> str:
    return " x ".join("any" if side is None else str(side) for side in _output(layer)[1:])
