"""Reading TopoJSON: lines that neighbours share, made simpler once for both, so that no gap opens between them.

The format: https://github.com/topojson/topojson-specification.
"""

from heapq import heapify, heappop, heappush
from itertools import accumulate, pairwise

from apps.relations.geometry.equal_earth import project, turned


def lines(topology):
    """The arcs as lists of (longitude, latitude), the longitude counted from the middle of the map."""
    (scale_x, scale_y), (x, y) = (topology["transform"][name] for name in ("scale", "translate"))
    for arc in topology["arcs"]:
        steps = accumulate(arc, lambda here, step: (here[0] + step[0], here[1] + step[1]))
        yield [(turned(lon * scale_x + x), lat * scale_y + y) for lon, lat in steps]


def unbroken(line):
    """The line with longitudes beyond 180 where it would otherwise jump from one edge of the map to the other."""
    moved = line[:1]
    for longitude, latitude in line[1:]:
        before = moved[-1][0]
        moved.append((before + (longitude - before + 180) % 360 - 180, latitude))
    return moved


def triangle(a, b, c):
    """The area of a triangle of points of the plane."""
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def simplified(line, least):
    """The line without the points that make a triangle of less than `least` with their neighbours, on the map.

    By M. Visvalingam and J. D. Whyatt, "Line generalisation by repeated elimination of points", The Cartographic
    Journal 30 (1993), 46-51: the point that matters least goes first. A line that closes keeps the shape of a triangle.
    """
    plane = [project(*point) for point in unbroken(line)]
    before, after = list(range(-1, len(plane) - 1)), list(range(1, len(plane) + 1))
    kept = set(range(len(plane)))
    fewest = 4 if line[0] == line[-1] else 2

    def weight(point):
        return triangle(plane[before[point]], plane[point], plane[after[point]])

    waiting = [(weight(point), point) for point in range(1, len(plane) - 1)]
    heapify(waiting)
    while waiting and len(kept) > fewest:
        area, point = heappop(waiting)
        if point not in kept or area < weight(point):
            continue  # It has gone, or waits again with what it weighs since a neighbour went.
        if area >= least:
            break
        kept.discard(point)
        left, right = before[point], after[point]
        after[left], before[right] = right, left
        for neighbour in (left, right):
            if 0 < neighbour < len(plane) - 1:
                # Never less than what went before it, or a long bend would go point by point.
                heappush(waiting, (max(area, weight(neighbour)), neighbour))
    return [line[point] for point in sorted(kept)]


def ring(arcs, indexes):
    """The closed line of these arcs; one that is counted from the end (~index) runs backwards."""
    points = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def polygons(arcs, geometry):
    """The polygons of a geometry, each a list of rings of which the first is the outer one."""
    found = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [[ring(arcs, indexes) for indexes in polygon] for polygon in found]


def on_the_map(line):
    """A closed line projected as a whole, on that side of the map where most of it lies."""
    whole = unbroken(line)
    middle = sum(longitude for longitude, _latitude in whole) / len(whole)
    shift = 360 * round(middle / 360)
    return [project(longitude - shift, latitude) for longitude, latitude in whole]


def area(points):
    """Of a closed line in the plane."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(points))) / 2
