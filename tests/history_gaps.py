"""Whether history tells of all that was written: tables before and after, against the records written in between."""

from typing import NamedTuple

from django.apps import apps
from django.db.models import Max
from simple_history.models import HistoricalRecords

from apps.core.models import Recorded

RECORDED = [model for model in apps.get_models() if issubclass(model, Recorded)]


class Table(NamedTuple):
    """The rows by primary key, each as its columns and links, and the key of the last record of history."""

    rows: dict
    last: int


def snapshot(models=RECORDED):
    return {model: _table(model) for model in models}


def _table(model):
    rows = {row["id"]: (row, {}) for row in model._base_manager.values()}
    for field in model._meta.many_to_many:
        _add_links(rows, field, field.remote_field.through, by=f"{field.m2m_field_name()}_id")
    return Table(rows, model.history.aggregate(last=Max("history_id"))["last"] or 0)


def _add_links(rows, field, table, by, **of):
    """Puts the links in the table among those of the rows that they belong to, as a set for each field."""
    for _columns, links in rows.values():
        links[field.name] = set()
    pairs = table._base_manager.filter(**of).values_list(by, f"{field.m2m_reverse_field_name()}_id")
    for key, target in pairs:
        rows[key][1][field.name].add(target)


def written(before, after):
    """[(model, primary key, "+", "~" or "-")] of all rows that differ, links included."""
    found = []
    for model in before:
        old, new = before[model].rows, after[model].rows
        found += [(model, pk, "+") for pk in new.keys() - old.keys()]
        found += [(model, pk, "-") for pk in old.keys() - new.keys()]
        found += [(model, pk, "~") for pk in old.keys() & new.keys() if old[pk] != new[pk]]
    return found


def gaps(before, after):
    """What history does not tell of what was written between two snapshots, a sentence each; [] if it tells all.

    For each row there is a new record of that kind, and the last of its new records has the values and links that the
    row has now, or had when it was deleted.
    """
    found, changes = [], written(before, after)
    for model in {model for model, _pk, _kind in changes}:
        records = _records(model, before[model].last)
        for of, pk, kind in changes:
            if of is not model:
                continue
            kinds = [one for one, _version in records.get(pk, [])]
            there = (before if kind == "-" else after)[model].rows[pk]
            if kind not in kinds:
                found.append(f"{model.__name__} {pk}: no record of {kind}, only {kinds}")
            elif (lost := _differences(there, records[pk][-1][1])) and not (kind == "-" and "~" in kinds):
                found.append(f"{model.__name__} {pk}: the last record has not {lost}")
    return found


def _records(model, last):
    """{primary key of the row: [(kind, its columns and links)]} of records after the last one, in their order."""
    versions = {row["history_id"]: (row, {}) for row in model.history.filter(history_id__gt=last).values()}
    for field in model._meta.many_to_many:
        table = HistoricalRecords.m2m_models[field]
        _add_links(versions, field, table, by="history_id", history_id__gt=last)
    found = {}
    for _key, version in sorted(versions.items()):
        found.setdefault(version[0]["id"], []).append((version[0]["history_type"], version))
    return found


def _differences(row, version):
    (columns, links), (kept, kept_links) = row, version
    lost = {name: (value, kept[name]) for name, value in columns.items() if kept[name] != value}
    return lost | {name: (links[name], kept_links[name]) for name in links if links[name] != kept_links[name]}
