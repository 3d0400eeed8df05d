"""Two versions that were made of the same one, brought together (a three-way merge; of entries: `curation.merge`)."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import UniqueConstraint

from apps.core.fixtures import whole_field

GONE = None


@dataclass(frozen=True)
class Conflict:
    """One value that both changed, in different ways; `part` and `key` are "" for the entry's own."""

    name: str
    part: str = ""
    key: str = ""


def merged(base, mine, theirs):
    """(version, conflicts): what both changed since `base`; where they disagree, as `mine` has it.

    A part that one took away and the other changed is kept, as a conflict. A part that both added is one part.
    """
    mine = with_their_keys(base, mine, theirs)
    own, conflicts = _merged_values(base["own"], mine["own"], theirs["own"])
    found = [Conflict(name) for name in conflicts]
    parts = {}
    for label in base["parts"]:
        rows = [version["parts"].get(label, {}) for version in (base, mine, theirs)]
        parts[label] = {}
        for key in sorted({*rows[0], *rows[1], *rows[2]}, key=int):
            values, names = _merged_part(*(each.get(key, GONE) for each in rows))
            found += [Conflict(name, label, key) for name in names]
            if values is not GONE:
                parts[label][key] = values
    return {"own": own, "parts": parts}, found


def _merged_part(base, mine, theirs):
    if mine == theirs or theirs == base:
        return mine, []
    if mine == base:
        return theirs, []
    if mine is GONE or theirs is GONE:
        return mine or theirs, [""]
    return _merged_values(base or {}, mine, theirs)


def _merged_values(base, mine, theirs):
    values, conflicts = {}, []
    for name, value in mine.items():
        before, other = base.get(name), theirs[name]
        if isinstance(value, list):
            # Links: what either added is there, what either took away is not.
            taken = ({*before} - {*value}) | ({*before} - {*other})
            values[name] = sorted(({*value} | {*other}) - taken)
        elif value in (before, other):
            values[name] = other
        else:
            values[name] = value
            if other != before:
                conflicts.append(name)
    return values, conflicts


def with_their_keys(base, mine, theirs):
    """`mine`, its parts that both added under the primary key that they have in `theirs`.

    By the unique constraints of the parts: two rows that cannot be there together are one.
    """
    parts = {label: {**rows} for label, rows in mine["parts"].items()}
    for label, rows in parts.items():
        model = apps.get_model(label)
        known = base["parts"].get(label, {})
        added = {key: row for key, row in theirs["parts"].get(label, {}).items() if key not in known}
        for key in [key for key in rows if key not in known and key not in added]:
            twin = next((other for other, row in added.items() if are_one(model, row, rows[key])), None)
            if twin is not None:
                rows[twin] = rows.pop(key)
                _follow(parts, model, key, twin)
    return {**mine, "parts": parts}


def _follow(parts, model, key, twin):
    """Parts of the part that has another key now hang on it there."""
    for label, rows in parts.items():
        field = whole_field(apps.get_model(label))
        if field.related_model is model:
            parts[label] = {
                part: {**row, field.attname: int(twin)} if str(row[field.attname]) == key else row
                for part, row in rows.items()
            }


def are_one(model, row, other):
    """Whether a unique constraint of the parts would refuse the one beside the other."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields:
            names = [model._meta.get_field(name).attname for name in constraint.fields]
            if all(row[name] == other[name] and row[name] is not None for name in names):
                return True
    return row == other
