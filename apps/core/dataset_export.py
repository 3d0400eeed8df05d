"""The public data as a Data Package (datapackage.org): a CSV file for each model, and `datapackage.json`.

It holds what the public may see and nothing that leads elsewhere: published entries, their parts and citations, and
the tables that these need. The same rows give the same bytes on every database: they stand in the order of the
columns that tell them apart, sign by sign, and nothing tells when or where the package was made.
"""

import hashlib
import json
import os
from contextlib import closing
from tempfile import TemporaryDirectory

from django.conf import settings
from django.utils import translation

from apps.core.csv_text import lines
from apps.core.dataset_schema import schema, table_name
from apps.core.fixtures import fixture_models
from apps.core.lookups import Lookups
from apps.core.public_rows import key_order, public
from apps.core.snapshots import snapshot
from apps.core.table_cells import cells_of, read, told
from apps.core.tables import columns

DESCRIPTOR = "datapackage.json"


def export(directory, *, extra=None):
    """Writes the package to a directory, made if need be, and returns what its datapackage.json says.

    `extra` is added to that: a version, a revision. Read such a thing, and call this, in one `snapshot()`. Whatever
    else the directory holds stays; the files are put in place once all are written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with (
        snapshot(),
        translation.override("en"),
        TemporaryDirectory(dir=directory, prefix=".partial-") as made,
    ):
        package = _head() | {"resources": [_resource(model, made) for model in fixture_models()]}
        package |= extra or {}
        with open(os.path.join(made, DESCRIPTOR), "w", encoding="utf-8") as file:
            file.write(json.dumps(package, ensure_ascii=False, indent=2) + "\n")
        for name in [*map(table_name, fixture_models()), DESCRIPTOR]:
            os.replace(os.path.join(made, name), directory / name)
    return package


def _head():
    return {
        "profile": "tabular-data-package",
        "name": f"foreign-relations-{settings.FOCUS_STATE.lower()}",
    }


def _resource(model, directory):
    """Writes the table of a model and describes it."""
    path = os.path.join(directory, table_name(model))
    count = _write(model, path)
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "profile": "tabular-data-resource",
        "name": model._meta.model_name,
        "title": str(model._meta.verbose_name_plural),
        "path": table_name(model),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": os.path.getsize(path),
        "hash": f"sha256:{digest}",
        "records": count,
        "schema": schema(model),
    }


def _write(model, path):
    """The number of rows written."""
    count, lookups = 0, Lookups()
    cells = [cells_of(column, lookups) for column in columns(model)]
    with (
        open(path, "w", encoding="utf-8", newline="") as file,
        closing(read(public(model).order_by(*key_order(model)), cells)) as chunks,
    ):
        file.write(lines([[column.name] for column in columns(model)]))
        for chunk in chunks:
            found = told(cells, chunk)
            file.write(lines(found))
            count += len(found[0])
    return count
