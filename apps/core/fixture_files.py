"""Reading fixture files: whatever they hold, either entries of the right shape or sentences that say what is wrong."""

import json
from difflib import get_close_matches
from os.path import commonprefix
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext

from apps.core.fixtures import file_name, fixture_models, identifier_of, kept_fields, spelled
from apps.core.text import NOT_XML

# The first that fits a field says how JSON must give its value.
_JSON_TYPES = (
    (models.BooleanField, bool, "true or false"),
    (models.IntegerField, int, "a whole number, without quotes"),
    (models.DecimalField, str, 'a number in quotes, such as "12.50"'),
    (models.Field, str, "text in quotes"),
)


class Wrong(ValueError):
    """A value that a field cannot have; `str()` says what would be right."""


class Entry(NamedTuple):
    """What a file says of one row: fields of right names and JSON types, natural keys as tuples.

    `faulty` names the fields that are missing or wrong, which `problems` tells of; they are not among `fields`.
    """

    model: type[models.Model]
    name: str
    fields: dict
    faulty: set


def read(directory, problems):
    """Yields every Entry of the files, models in the order of their dependencies; adds to `problems`."""
    known = {file_name(model): model for model in fixture_models()}
    for path in sorted(directory.glob("*.json")):
        if path.name not in known:
            problems.add(path.name, what=f"no model has fixtures of this name{nearest(path.name, known)}")
    there = [(model, directory / name) for name, model in known.items() if (directory / name).exists()]
    listed = [(model, _entries(path, problems)) for model, path in there]
    if problems.unreadable:
        return  # What refers to the entries of that file would only seem wrong.
    for model, entries in listed:
        for number, entry in enumerate(entries, 1):
            checked = _checked(model, f"entry {number}", entry, problems)
            if checked:
                yield checked


def _entries(path, problems):
    try:
        entries = json.loads(
            path.read_text(encoding="utf-8"), object_pairs_hook=_without_repeats, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        problems.add_unreadable(f"{path.name}, line {error.lineno}", what=f"not JSON: {error.msg}")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.add_unreadable(f"{path.name}, line {line}", what="not UTF-8: save the file in that encoding")
    except RecursionError:
        problems.add_unreadable(path.name, what="nested too deeply: a file is a list of entries")
    except (OSError, ValueError) as error:
        problems.add_unreadable(path.name, what=error)
    else:
        if isinstance(entries, list):
            return entries
        problems.add_unreadable(path.name, what="not a list of entries: write [ ... ] around them")
    return []


def _without_repeats(pairs):
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise Wrong(
            f"“{repeated}” is given twice in the entry with {json.dumps(pairs[0], ensure_ascii=False)}"
        )
    return fields


def _no_constant(name):
    raise Wrong(f"{name} is no value of any field")


def _checked(model, where, entry, problems):
    """The Entry, or None where there is nothing to check further."""
    file, label = file_name(model), model._meta.label_lower
    if not isinstance(entry, dict) or not isinstance(entry.get("fields"), dict):
        what = f'not an entry: write {{"model": "{label}", "fields": {{...}}}}'
        problems.add(file, where, what=what)
        return None
    where = _name(model, entry["fields"]) or where
    if entry.get("model") != label:
        problems.add(file, where, "model", what=f"{_json(entry.get('model'))} in the place of “{label}”")
        return None
    for name in sorted(entry.keys() - {"model", "fields"}):
        problems.add(file, where, name, what="has no place here: natural keys identify the rows")
    return Entry(model, where, *_checked_fields(model, where, entry["fields"], problems))


def _name(model, fields):
    """What identifies an entry, as far as it can be told before the fields are checked."""
    for name in (identifier_of(model), "anchor", "entry", "agreement", "party"):
        value = fields.get(name)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            return f"of {spelled(tuple(value))}"
    return ""


def _checked_fields(model, where, given, problems):
    """(fields, names of the faulty ones)"""
    file, fields = file_name(model), {field.name: field for field in kept_fields(model)}
    for name in sorted(given.keys() - fields.keys()):
        problems.add(file, where, name, what=f"no such field{nearest(name, fields)}")
    checked, faulty = {}, set()
    for name, field in fields.items():
        try:
            if name in given:
                checked[name] = _value(field, given[name])
            elif required(field):
                raise Wrong("missing")
        except Wrong as error:
            problems.add(file, where, name, what=error)
            faulty.add(name)
    return checked, faulty


def required(field):
    """Whether every row must give it a value."""
    return not (field.blank or field.null or field.has_default())


def _value(field, value):
    if field.many_to_many:
        if not isinstance(value, list):
            raise Wrong("a list of natural keys is wanted, [] for none")
        keys = [_key(field, key) for key in value]
        if len(set(keys)) < len(keys):
            raise Wrong("names one row twice")
        return keys
    if value is None and field.null:
        return None
    if field.is_relation:
        return _key(field, value)
    _kind, kind, wanted = next(row for row in _JSON_TYPES if isinstance(field, row[0]))
    if type(value) is not kind:
        raise Wrong(f"{_json(value)} in the place of {wanted}")
    return storable(value) if kind is str else value


def _key(field, value):
    """A natural key as a tuple: of states and whatever has a slug, one text; of parts, those of the whole first."""
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value) or not value:
        example = '["akiner", "states-3"]' if field.name == "passage" else '["..."]'
        raise Wrong(
            f"{_json(value)} in the place of the natural key of a {field.related_model._meta.verbose_name}, {example}"
        )
    return tuple(storable(part) for part in value)


def storable(value):
    """The text, if every database can keep it; raises Wrong."""
    if "\0" in value:
        raise Wrong(gettext("holds a NUL byte, which no database keeps"))
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Wrong(gettext("holds half a character (a lone surrogate)")) from None
    if NOT_XML.search(value):
        raise Wrong(gettext("holds a control character, which no page shows"))
    return value


def _json(value):
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def nearest(name, known):
    """A suggestion to end a sentence with; "" where nothing is near."""
    near = nearest_name(name, known)
    return gettext("; did you mean “%(near)s”?") % {"near": near} if near else ""


def nearest_name(name, known):
    """That of the known names which is most like it; "" for none, and for what is too long to be compared."""
    if len(name) > 200:
        return ""
    found = get_close_matches(name, known, 5)
    # Of those that are equally near, that which begins alike.
    return max(found, key=lambda other: len(commonprefix([name, other])), default="")
