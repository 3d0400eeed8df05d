"""The units of the map: a grid of whole numbers, its origin at the upper left."""

from apps.relations.geometry.equal_earth import project

# Fine enough for a part of the world that is shown larger, and still two or three digits for most steps of a line.
WIDTH = 4000
# Nothing beyond these parallels is drawn: it is sea, and Antarctica.
NORTH, SOUTH = 84, -57
SCALE = WIDTH / (2 * project(180, 0)[0])
TOP = project(0, NORTH)[1]
HEIGHT = round((TOP - project(0, SOUTH)[1]) * SCALE)


def on_the_grid(point):
    """A projected point in the units of the map."""
    return round(point[0] * SCALE + WIDTH / 2), round((TOP - point[1]) * SCALE)
