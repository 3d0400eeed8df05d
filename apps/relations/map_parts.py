"""The parts of the world that the map can show larger, by the codes that the UN's M49 standard has for them."""

from functools import cache
from itertools import chain
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from apps.relations.geometry import Box, world
from apps.relations.geometry.equal_earth import project, turned
from apps.relations.geometry.grid import on_the_grid
from apps.states.models import State

STEP = 5


class Part(NamedTuple):
    """What readers call it, and the meridians and parallels between which it lies, in degrees."""

    label: str
    west: float
    south: float
    east: float
    north: float


PARTS = {
    "143": Part(State.Region.CENTRAL_ASIA.label, 44, 33.5, 89, 56.5),
    "150": Part(_("Europe"), -25, 33.5, 48, 71.5),
    "145": Part(State.Region.WESTERN_ASIA.label, 25, 11.5, 61, 44),
    "142": Part(_("Asia"), 26, -11.5, 146, 56),
    "002": Part(_("Africa"), -20, -36, 55, 38),
    "019": Part(_("Americas"), -168, -56, -33, 73),
    "009": Part(_("Oceania"), 112, -48, -170, 16),
}


@cache
def box_of(code):
    """The Box of a part of the world; of None, of all of it."""
    if code is None:
        return world().box
    part = PARTS[code]
    west, width = turned(part.west), (part.east - part.west) % 360
    meridians = [west + width * step / STEP for step in range(STEP + 1)]
    parallels = [part.south + (part.north - part.south) * step / STEP for step in range(STEP + 1)]
    edges = chain(
        ((longitude, latitude) for longitude in meridians for latitude in (part.south, part.north)),
        ((longitude, latitude) for longitude in (west, west + width) for latitude in parallels),
    )
    xs, ys = zip(*(on_the_grid(project(*point)) for point in edges), strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))
