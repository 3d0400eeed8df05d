"""How the shapes of the world map are made, and that what was made is a map."""

import json
import re

import pytest
from django.core.management import call_command

from apps.relations.geometry import WORLD, world
from apps.relations.geometry.equal_earth import project, turned
from apps.relations.geometry.topojson import simplified


def test_projection():
    """The bounds of the whole globe, as the paper has them: its height is 0.4867 of its width."""
    width, height = 2 * project(180, 0)[0], 2 * project(0, 90)[1]
    assert (width, height / width) == pytest.approx((5.41326, 0.48674), abs=1e-4)
    assert turned(11) == 0 and turned(-170) == 179 and turned(-168) == -179


def test_point_that_matters_least_goes_first():
    assert simplified([(0, 0), (1, 0.001), (2, 0), (3, 2), (4, 0)], 0.0001) == [
        (0, 0),
        (2, 0),
        (3, 2),
        (4, 0),
    ]
    # What closes stays a triangle, however small it is.
    assert len(simplified([(0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1), (0, 0)], 1)) == 4


# Two squares with a line in common, one of which lies across the edge of the map at 169 degrees west, and a third
# without a code. The numbers are those of ISO 3166 for Fiji and Samoa.
TOPOLOGY = {
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [
        [[-168, 0], [0, 5]],
        [[-168, 5], [-6, 0], [0, -5], [6, 0]],
        [[-168, 0], [8, 0], [0, 5], [-8, 0]],
        [[0, 0], [9, 0], [0, 9], [-9, 0], [0, -9]],
    ],
    "objects": {
        "countries": {
            "geometries": [
                {"type": "Polygon", "id": "242", "properties": {"name": "Fiji"}, "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "id": "882", "properties": {"name": "Samoa"}, "arcs": [[[2, -1]]]},
                {"type": "Polygon", "properties": {"name": "Nobody's"}, "arcs": [[3]]},
            ]
        }
    },
}


def test_shape_across_the_edge_of_the_map_stays_in_one_piece(tmp_path):
    source, output = tmp_path / "world.topojson", tmp_path / "world.json"
    source.write_text(json.dumps(TOPOLOGY))
    call_command("draw_world", source, output=output, verbosity=0)
    made = json.loads(output.read_text())
    (fiji, samoa), (nobody,) = (made["shapes"][code] for code in ("FJI", "WSM")), made["others"]
    # [path, x, y, size, left, top, right, bottom]
    assert fiji[4] > 3900 and fiji[6] - fiji[4] < 80
    assert samoa[6] < 110 and samoa[6] - samoa[4] < 110
    assert nobody[0].startswith("M")


def test_no_line_crosses_the_map():
    for code, shape in world().shapes.items():
        for steps in re.findall("l([^z]*)z", shape.path):
            across = [int(number) for number in re.findall(r"-?\d+", steps)][::2]
            assert max(map(abs, [*across, sum(across)])) < 300, code


def test_map_has_every_state_but_antarctica():
    assert {"KAZ", "RUS", "VAT", "TUV", "XKX"} <= world().shapes.keys()
    assert len(world().shapes) > 230 and not {"ATA", "SUN"} & world().shapes.keys()
    assert "public domain" in json.loads(WORLD.read_text())["origin"]
    assert WORLD.stat().st_size < 80_000
