"""The shapes of the world map, as `manage.py draw_world` made them.

`world.json` is Natural Earth's, whose lines are those of who governs on the ground; see "origin" in it.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

WORLD = Path(__file__).with_name("world.json")


class Box(NamedTuple):
    """Part of the map, in its units: from (left, top) to (right, bottom)."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self):
        return self.right - self.left

    @property
    def height(self):
        return self.bottom - self.top

    def shrunk(self, margin):
        return Box(self.left + margin, self.top + margin, self.right - margin, self.bottom - margin)

    def holds(self, x, y):
        return self.left < x < self.right and self.top < y < self.bottom

    def meets(self, other):
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


class Shape(NamedTuple):
    """A state on the map: its outline as an SVG path; of its largest part the middle, the size (the side of a square
    as large) and the bounds.
    """

    path: str
    x: int
    y: int
    size: int
    box: Box


class World(NamedTuple):
    """`shapes` by ISO 3166-1 alpha-3 code; `others`, which have none, such as what no state is agreed to govern."""

    box: Box
    shapes: dict
    others: list


@cache
def world():
    kept = json.loads(WORLD.read_text("utf-8"))
    return World(
        Box(0, 0, *kept["size"]),
        {code: shape(values) for code, values in kept["shapes"].items()},
        [shape(values) for values in kept["others"]],
    )


def shape(values):
    path, x, y, size, *box = values
    return Shape(path, x, y, size, Box(*box))
