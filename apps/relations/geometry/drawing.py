"""From the geometry of TopoJSON files to the shapes of the map: SVG paths on a grid of whole numbers."""

from collections import defaultdict
from itertools import pairwise
from math import sqrt

from babel.core import get_global

from apps.relations.geometry.grid import HEIGHT, SCALE, WIDTH, on_the_grid
from apps.relations.geometry.topojson import area, lines, on_the_map, polygons, simplified

# Antarctica is no state's.
LEFT_OUT = {"ATA"}
# In square units of the map, the least area that a point of a line and its neighbours, and an island, must have.
LEAST_BEND, LEAST_ISLAND = 4, 9
# Codes of former states that CLDR still leads to present ones.
FORMER = {"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"}
# Without a numeric code in ISO 3166; XKX is the code that is commonly used.
BY_NAME = {"Kosovo": "XKX"}


def drawn(topologies):
    """The map as JSON has it. What several topologies have is taken from the first of them."""
    shapes, others = {}, []
    for topology in topologies:
        found, nameless = parts(topology)
        shapes = {code: shape(faces) for code, faces in found.items() if code not in shapes} | shapes
        others = others or [shape(faces) for faces in nameless if largest(faces) >= LEAST_ISLAND]
    return {"size": [WIDTH, HEIGHT], "shapes": dict(sorted(shapes.items())), "others": others}


def parts(topology):
    """({code: polygons on the map}, [polygons of each that has no code]); a code may be that of several geometries."""
    arcs = [simplified(line, LEAST_BEND / SCALE**2) for line in lines(topology)]
    codes, found, nameless = alpha3_codes(), defaultdict(list), []
    for geometry in topology["objects"]["countries"]["geometries"]:
        faces = [
            [[on_the_grid(point) for point in on_the_map(ring)] for ring in polygon]
            for polygon in polygons(arcs, geometry)
        ]
        code = codes.get(geometry.get("id")) or BY_NAME.get(geometry["properties"]["name"])
        if code is None:
            nameless.append(faces)
        elif code not in LEFT_OUT:
            found[code] += faces
    return found, nameless


def alpha3_codes():
    """{numeric code: alpha-3 code}, by way of the alpha-2 code to which CLDR leads both."""
    aliases = {alias: codes[0] for alias, codes in get_global("territory_aliases").items() if len(codes) == 1}
    alpha3 = {code: alias for alias, code in aliases.items() if alias.isalpha() and alias not in FORMER}
    return {alias: alpha3[code] for alias, code in aliases.items() if alias.isdigit() and code in alpha3}


def largest(faces):
    return max(area(face[0]) for face in faces)


def shape(faces):
    """[path, middle, size and bounds of the largest part]; small islands are left out, unless there is nothing else."""
    faces = sorted(faces, key=lambda face: -area(face[0]))
    shown = [face for face in faces if area(face[0]) >= LEAST_ISLAND] or faces[:1]
    path = "".join(path_of(ring) for face in shown for ring in face)
    main = shown[0][0]
    xs, ys = zip(*main, strict=True)
    return [path, *middle(main), round(sqrt(area(main))), min(xs), min(ys), max(xs), max(ys)]


def middle(ring):
    """The centroid of the area within a closed line; of one without any, the middle of its points."""
    crosses = [a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)]
    whole = sum(crosses) * 3
    if not whole:
        return [round(sum(values) / len(ring)) for values in zip(*ring, strict=True)]
    sums = (
        sum((a[axis] + b[axis]) * cross for (a, b), cross in zip(pairwise(ring), crosses, strict=True))
        for axis in (0, 1)
    )
    return [round(value / whole) for value in sums]


def path_of(ring):
    """A closed line as an SVG path in steps, as short as it can be written; "" where the grid leaves nothing of it."""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(ring) if a != b]
    # The last step is that which "z" makes.
    if len(steps) < 3:
        x, y = ring[0]
        return f"M{x} {y}h1v1z"
    numbers = " ".join(f"{x} {y}" for x, y in steps[:-1]).replace(" -", "-")
    return f"M{ring[0][0]} {ring[0][1]}l{numbers}z"
