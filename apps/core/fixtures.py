"""Fixtures: the tables as files that people read, compare and review.

One file per model, `<model>.json`, in the format of Django's JSON serializer, with natural keys and without primary
keys. `write` gives the one canonical form: rows in the order of their natural keys; fields in the order of the model,
after the slug or code, or the whole that a row is part of; a field that has its default value left out, as are the
columns that follow from others or say when and by whom a row was saved.
"""

import json
from dataclasses import dataclass, field as attribute
from decimal import Decimal
from functools import cache
from graphlib import TopologicalSorter

from django.apps import apps
from django.db import models


class Problems:
    """What is wrong with the fixtures, one sentence each."""

    SHOWN = 50
    # Signs of each part of a sentence; a cell may have a million.
    LONGEST = 1000

    def __init__(self):
        # The first of them, and how many there are in all.
        self.found, self.count = [], 0
        # Whether a whole file could not be read.
        self.unreadable = False

    def add_unreadable(self, *where, what):
        self.unreadable = True
        self.add(*where, what=what)

    def add(self, *where, what):
        self.count += 1
        if not self.full:
            self.found.append(": ".join(self._shown(str(part)) for part in [*where, what]))

    def _shown(self, part):
        """Short enough, and nothing in it that a terminal would obey."""
        text = part if len(part) <= self.LONGEST else f"{part[: self.LONGEST]}..."
        return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)

    @property
    def full(self):
        """Whether what is added from now on will not be shown."""
        return len(self.found) >= self.SHOWN

    def __bool__(self):
        return bool(self.count)

    def __str__(self):
        rest = self.count - len(self.found)
        more = [f"... and {rest} more, {self.count} in all"] if rest else []
        return "\n".join(self.found + more)


@dataclass(eq=False, slots=True)
class Row:
    """A row of the fixtures or of the database, with the rows that it refers to many to many."""

    instance: models.Model
    name: str
    many: dict[str, list[models.Model]] = attribute(default_factory=dict)

    @property
    def model(self):
        return type(self.instance)

    def as_json(self):
        """The fields in canonical form, names to JSON values."""
        values = {}
        for field in kept_fields(self.model):
            value = self._many(field.name) if field.many_to_many else json_value(field, self.instance)
            if value != default(field):
                values[field.name] = value
        return values

    def _many(self, name):
        return sorted(listed(target.natural_key()) for target in self.many.get(name, []))


@cache
def fixture_models():
    """The models that have a fixture file, each after those that it refers to."""
    ours = [config for config in apps.get_app_configs() if config.name.startswith("apps.")]
    found = [model for config in ours for model in config.get_models() if hasattr(model, "natural_key")]
    return list(TopologicalSorter({model: _referred(model) for model in found}).static_order())


def _referred(model):
    targets = [field.related_model for field in kept_fields(model) if field.is_relation]
    return [target for target in targets if target is not model]


def identifier_of(model):
    """The name of the field by which addresses know a row, whether the model has one or not."""
    return getattr(model, "public_id_field", "slug")


@cache
def kept_fields(model):
    """The fields of a model that mean something by themselves, many-to-many ones included."""
    meta, whole, public_id = model._meta, whole_field(model), identifier_of(model)
    kept = [field for field in meta.concrete_fields if field.editable and not field.primary_key]
    kept.sort(key=lambda field: field is not whole and field.name != public_id)
    return [*kept, *meta.many_to_many]


@cache
def whole_field(model):
    """The foreign key to what a row is part of (a citation's entry, an action's party), or None."""
    keys = [field for field in model._meta.concrete_fields if field.many_to_one]
    return next((field for field in keys if field.remote_field.on_delete is models.CASCADE), None)


def file_name(model):
    return f"{model._meta.model_name}.json"


def frozen(key):
    """A natural key, nested lists and all, as tuples."""
    return tuple(frozen(part) if isinstance(part, (list, tuple)) else part for part in key)


def listed(key):
    return [listed(part) if isinstance(part, (list, tuple)) else part for part in key]


def spelled(key):
    """A natural key for people: its parts that are not blank, parted by slashes."""
    parts = [spelled(part) if isinstance(part, tuple) else str(part) for part in key]
    return " / ".join(part for part in parts if part)


@cache
def default(field):
    """The JSON value of a field that is left out."""
    if field.many_to_many:
        return []
    value = field.get_default()
    return value if value is None or isinstance(value, (bool, int)) else str(value)


def json_value(field, instance):
    """The JSON value of a field that is not many-to-many."""
    if field.is_relation:
        target = getattr(instance, field.name)
        return None if target is None else listed(target.natural_key())
    return json_of(field, field.value_from_object(instance))


def json_of(field, value):
    """The JSON value of a field that refers to nothing."""
    value = field.to_python(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    return f"{value:.{field.decimal_places}f}" if isinstance(value, Decimal) else str(value)


def stored_rows():
    """Every row of the database, as {model: {natural key: Row}}; one query per table."""
    rows, by_pk = {}, {}
    for model in fixture_models():
        instances = by_pk[model] = {row.pk: row for row in model._base_manager.order_by("pk")}
        _link(model, instances, by_pk)
        many = {field: _linked(field, by_pk) for field in model._meta.many_to_many}
        rows[model] = {}
        for pk, instance in instances.items():
            key = frozen(instance.natural_key())
            values = {field.name: targets.get(pk, []) for field, targets in many.items()}
            rows[model][key] = Row(instance, spelled(key), values)
    return rows


def _link(model, instances, by_pk):
    """Fills the foreign keys' caches, so that natural keys cost no queries."""
    for field in kept_fields(model):
        if field.many_to_one:
            for instance in instances.values():
                pk = getattr(instance, field.attname)
                if pk is not None:
                    field.set_cached_value(instance, by_pk[field.related_model][pk])


def _linked(field, by_pk):
    """{primary key: [instances]} of a many-to-many field."""
    names = (f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id")
    targets = {}
    for pk, target in field.remote_field.through._base_manager.values_list(*names):
        targets.setdefault(pk, []).append(by_pk[field.related_model][target])
    return targets


def write(directory):
    """Writes the database to the files of `directory`, in canonical form; returns {model: number of rows}.

    A model without rows gets a file too, with an empty list.
    """
    directory.mkdir(parents=True, exist_ok=True)
    stored = stored_rows()
    for model, rows in stored.items():
        entries = [{"model": model._meta.label_lower, "fields": rows[key].as_json()} for key in sorted(rows)]
        text = json.dumps(entries, ensure_ascii=False, indent=1)
        (directory / file_name(model)).write_text(text + "\n", encoding="utf-8")
    return {model: len(rows) for model, rows in stored.items()}
