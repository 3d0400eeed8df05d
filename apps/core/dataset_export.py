"""The public data as a Data Package (datapackage.org): a CSV file for each model, and `datapackage.json`.

It holds what the public may see and nothing that leads elsewhere: published entries, their parts and citations, and
the tables that these need. The same rows give the same bytes on every database: they stand in the order of the
columns that tell them apart, sign by sign, and nothing tells when or where the package was made.
"""

import csv
import hashlib
import json
import os
from tempfile import TemporaryDirectory

from django.conf import settings
from django.utils import translation

from apps.core.dataset_schema import schema, table_name
from apps.core.fixtures import fixture_models, kept_fields
from apps.core.public_rows import key_order, public, public_id
from apps.core.snapshots import snapshot
from apps.core.tables import columns, key_text, list_text

DESCRIPTOR = "datapackage.json"
CHUNK = 1000
# So many keys of one table are kept in memory.
KEPT = 20_000


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
    count, keys = 0, Keys()
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(column.name for column in columns(model))
        for rows in chunks(public(model).order_by(*key_order(model))):
            writer.writerows(lines(model, rows, keys))
            count += len(rows)
    return count


def chunks(queryset):
    rows = []
    for row in queryset.iterator(chunk_size=CHUNK):
        rows.append(row)
        if len(rows) == CHUNK:
            yield rows
            rows = []
    if rows:
        yield rows


def lines(model, rows, keys):
    """The cells of each row; the rows that they refer to are looked up for all at once."""
    found = [_references(column.field, rows, keys) if column.refers else None for column in columns(model)]
    for row in rows:
        yield [
            column.text(row) if texts is None else texts.get(row.pk, "")
            for column, texts in zip(columns(model), found, strict=True)
        ]


def _references(field, rows, keys):
    """{primary key of a row: its cell}"""
    if field.many_to_many:
        return {pk: list_text(targets) for pk, targets in linked(field, rows, keys).items()}
    return {pk: key_text(target) for pk, target in referred(field, rows, keys).items()}


def referred(field, rows, keys):
    """{primary key of a row: natural key of what its foreign key leads to}; of what is not public, nothing."""
    pks = {row.pk: getattr(row, field.attname) for row in rows}
    known = keys.of(field.related_model, pks.values())
    return {pk: known[target] for pk, target in pks.items() if target in known}


def linked(field, rows, keys):
    """{primary key of a row: natural keys of those that it is linked to}; of what is not public, nothing."""
    one, other = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    links = field.remote_field.through._base_manager.filter(**{f"{one}__in": [row.pk for row in rows]})
    links = links.values_list(one, other)
    known, named = keys.of(field.related_model, [target for _pk, target in links]), {}
    for pk, target in links:
        if target in known:
            named.setdefault(pk, []).append(known[target])
    return named


class Keys:
    """Natural keys of public rows, by primary key. Those of a table that is small are asked for once."""

    def __init__(self):
        self._kept = {}

    def of(self, model, pks):
        kept = self._kept.setdefault(model, {})
        if len(kept) > KEPT:
            kept.clear()
        wanted = {*pks} - kept.keys() - {None}
        kept.update(dict.fromkeys(wanted))
        kept.update(_natural_keys(model, wanted))
        return {pk: kept[pk] for pk in pks if pk is not None and kept[pk]}


def _natural_keys(model, pks):
    rows = public(model).filter(pk__in=pks)
    if name := public_id(model):
        return {pk: (value,) for pk, value in rows.values_list("pk", name)}
    near = [field.name for field in kept_fields(model) if field.many_to_one]
    return {row.pk: row.natural_key() for row in rows.select_related(*near)}
