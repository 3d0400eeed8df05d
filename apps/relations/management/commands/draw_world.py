"""Makes `apps/relations/geometry/world.json`, the shapes of the world map, from TopoJSON files of Natural Earth.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    manage.py draw_world package/countries-50m.json package/countries-10m.json

Run once, and again only when borders are drawn otherwise: the site reads what it wrote.
"""

import json
from pathlib import Path

from django.core.management.base import BaseCommand

from apps.relations.geometry import WORLD
from apps.relations.geometry.drawing import drawn

ORIGIN = (
    "Natural Earth 4.1.0 (public domain, https://www.naturalearthdata.com/), from the npm package world-atlas 2.0.2 "
    "(https://github.com/topojson/world-atlas), in the Equal Earth projection, simplified."
)


class Command(BaseCommand):
    help = "Draws the shapes of the world map from TopoJSON files; what the first file lacks is taken from the next."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--output", type=Path, default=WORLD)

    def handle(self, *, files, output, **options):
        world = {"origin": ORIGIN} | drawn([json.loads(file.read_text("utf-8")) for file in files])
        output.write_text(written(world), "utf-8")
        self.stdout.write(f"{len(world['shapes'])} shapes, {len(world['others'])} without a code.")


def written(world):
    """As JSON, a line for each shape, so that a difference between two versions can be read."""
    text = json.dumps(world, ensure_ascii=False, separators=(",", ":"))
    return text.replace('],"', '],\n"').replace("],[", "],\n[").replace("{", "{\n") + "\n"
