"""Versions: all that an entry says, with its parts, as one value that can be kept, compared, merged and written back.

A version is made of dicts, lists, texts and numbers only, so that it is the same after JSON:

    {"own": {"slug": "...", "date": "1993-02", "host_id": 7, "places": [3, 9]},
     "parts": {"visits.visitcitation": {"12": {"passage_id": 4, "stance": "supports", ...}}}}

`own` has the editable fields but the status, which is the workflow's, and links as sorted primary keys. `parts` has a
dict for each kind of part (citations, parties, their actions), wholes before their parts, by primary key. Rows of other
tables are told by primary keys too: unlike slugs these never change, and what an entry refers to cannot be deleted. A
version that was kept may go on to name what is gone since (Lost).
"""

import json
from functools import cache
from hashlib import sha256

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DataError, IntegrityError, connection, models
from django.utils.translation import gettext as _

from apps.core.changes import together, undone
from apps.core.fixtures import default, fixture_models, json_value, kept_fields, whole_field

# Of the workflow, not of what is said.
NOT_SAID = {"status"}


class Lost(Exception):
    """A version names a row that is no longer there; the text is a sentence that says of which kind."""


# What `apply` raises where the version cannot be written: it names what is gone, the database refuses it, or it is from
# before an upgrade and has a value that its field takes no more. Not what a database says that is locked, or gone for a
# moment.
CANNOT_BE = (Lost, IntegrityError, DataError, ObjectDoesNotExist, ValidationError)


def why_not(error):
    """Of one of CANNOT_BE, what to tell a curator."""
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


@cache
def part_models(model):
    """The kinds of parts that entries of this kind have, and parts of these, each after what it is a part of."""
    return tuple(part for part in fixture_models() if part is not model and whole_path(part, model))


@cache
def whole_path(part, model):
    """The lookup from a part to the entry, "party__agreement"; "" where it is no part of one of `model`."""
    names = []
    while (field := whole_field(part)) and part is not model:
        names.append(field.name)
        part = field.related_model
    return "__".join(names) if part is model else ""


@cache
def said_fields(model):
    return tuple(field for field in kept_fields(model) if field.name not in NOT_SAID)


def key_in_version(field):
    return field.name if field.many_to_many else field.attname


def version_of(entry):
    """What the database has of the entry now; None if it has none. A query each for the row, its links and parts."""
    model = type(entry)
    row = model._base_manager.filter(pk=entry.pk).first()
    if row is None:
        return None
    parts = {}
    for part in part_models(model):
        rows = part._base_manager.filter(**{whole_path(part, model): entry.pk}).order_by("pk")
        parts[part._meta.label_lower] = {str(row.pk): values_of(row, part) for row in rows}
    return {"own": values_of(row, model), "parts": parts}


def values_of(row, model, fields=None):
    """The values of a row, or of a record of its history, as a version has them; of some `fields` only, if given."""
    return {key_in_version(field): _value(field, row) for field in fields or said_fields(model)}


def whole(model, version):
    """A version that was kept, perhaps before an upgrade: with the fields that came since, without those that went."""
    labels = {part: part._meta.label_lower for part in part_models(model)}
    parts = {
        label: {key: _filled(part, row) for key, row in version["parts"].get(label, {}).items()}
        for part, label in labels.items()
    }
    return {"own": _filled(model, version["own"]), "parts": parts}


def _filled(model, values):
    names = {key_in_version(field): field for field in said_fields(model)}
    return {name: values[name] if name in values else default(field) for name, field in names.items()}


def digest(version):
    """A short text that is another one for every other version."""
    return sha256(json.dumps(version, sort_keys=True).encode()).hexdigest()[:24]


def _value(field, row):
    if field.many_to_many:
        return linked(field, row)
    return getattr(row, field.attname) if field.is_relation else json_value(field, row)


def linked(field, row):
    """Sorted primary keys of what a row, or a record of its history, is linked to in a many-to-many field."""
    if isinstance(row, field.model):
        return sorted(getattr(row, field.name).order_by().values_list("pk", flat=True))
    return sorted(getattr(row, field.name).values_list(f"{field.m2m_reverse_field_name()}_id", flat=True))


def apply(entry, version, *, user=None, reason=""):
    """Makes the entry say what the version says, row by row, each with its record; returns whether it was different.

    The entry's `updated_by` becomes the user. One that is gone is there again, as a draft. Raises one of CANNOT_BE.
    """
    with together():
        current = version_of(entry)
        if current == version:
            return False
        if current:
            row = type(entry)._base_manager.get(pk=entry.pk)
        else:
            row = type(entry)(pk=entry.pk, created_by=user)
            current = {"own": {}, "parts": {part._meta.label_lower: {} for part in part_models(type(entry))}}
        _require_there(type(entry), current, version)
        writing = _Writing(type(entry), user, reason or None)
        row.updated_by = user
        writing.save(row, version["own"])
        for part in reversed(part_models(type(entry))):
            writing.delete_others(part, current, version)
        for part in part_models(type(entry)):
            writing.save_parts(part, current, version)
    return True


class _Writing:
    """Writes rows on behalf of a user, for a reason."""

    def __init__(self, model, user, reason):
        self.model, self.user, self.reason = model, user, reason

    def save(self, row, values):
        self._sign(row)
        for field in said_fields(type(row)):
            if not field.many_to_many and key_in_version(field) in values:
                value = values[key_in_version(field)]
                setattr(row, field.attname, value if field.is_relation else field.to_python(value))
        row.save()
        for field in type(row)._meta.many_to_many:
            if field.name in values and linked(field, row) != values[field.name]:
                getattr(row, field.name).set(values[field.name])

    def delete_others(self, part, current, version):
        label = part._meta.label_lower
        gone = current["parts"][label].keys() - version["parts"].get(label, {}).keys()
        for row in part._base_manager.filter(pk__in=gone):
            self._sign(row)
            row.delete()

    def save_parts(self, part, current, version):
        label = part._meta.label_lower
        for key, values in version["parts"].get(label, {}).items():
            if current["parts"][label].get(key) != values:
                row = part._base_manager.filter(pk=key).first() or part(pk=int(key))
                self.save(row, values)

    def _sign(self, row):
        row._history_user, row._change_reason = self.user, self.reason


def tried(entry, version, then):
    """What `then()` returns while the entry says what the version says, which is undone at once.

    Primary keys that rows got meanwhile are given to no others, as a version may go on to name them.
    """
    with undone():
        if version is not None:
            apply(entry, version)
        result = then()
        last = _last_keys(part_models(type(entry)))
    keep_keys(last)
    return result


def _last_keys(models_):
    """The last primary key given in each table; on SQLite only, as no transaction undoes those of PostgreSQL."""
    if connection.vendor != "sqlite":
        return {}
    return {model: model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0 for model in models_}


def keep_keys(last):
    """No row gets a primary key up to the last one named for its table, {model: key}."""
    with connection.cursor() as cursor:
        for model, key in last.items():
            table = model._meta.db_table
            cursor.execute("UPDATE sqlite_sequence SET seq = MAX(seq, %s) WHERE name = %s", [key, table])
            if not cursor.rowcount and key:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, key])


def _require_there(model, current, version):
    """Raises Lost where the version refers to rows, others than the entry does now, that are gone."""
    known = references_of(model, current)
    for target, keys in references_of(model, version).items():
        asked = keys - known.get(target, set())
        if asked and target._base_manager.filter(pk__in=asked).count() < len(asked):
            words = {"kind": target._meta.verbose_name}
            raise Lost(_("It names a row of the kind “%(kind)s” that was deleted since.") % words)


def references_of(model, version):
    """{model: primary keys} of all that a version of an entry of this kind refers to."""
    found = {}
    for kind, rows in _rows(model, version):
        for field in said_fields(kind):
            if not field.is_relation or (kind is not model and field is whole_field(kind)):
                continue
            for values in rows:
                value = values.get(key_in_version(field))
                keys = value if isinstance(value, list) else [value]
                found.setdefault(field.related_model, set()).update(key for key in keys if key is not None)
    return found


def _rows(model, version):
    yield model, [version["own"]]
    for part in part_models(model):
        yield part, list(version["parts"].get(part._meta.label_lower, {}).values())
