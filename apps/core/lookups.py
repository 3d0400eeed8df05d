"""What a file says of rows that its own rows refer to: found for many at once, and kept while the file is written.

Where a row may refer to several, the database puts their keys together in one text, which comes with the row.
"""

import re
from functools import cache, partial
from string import ascii_uppercase

from django.db import models
from django.db.models import Func, OuterRef, Subquery

from apps.core.fixtures import frozen, kept_fields
from apps.core.public_rows import key_fields, public, public_id
from apps.core.statements import Statement
from apps.core.tables import KEY_SEPARATOR, LIST_SEPARATOR, key_text, list_text

# So many answers to a question are kept in memory.
KEPT = 10_000
# For so many rows, by their primary keys, the database is asked at once; SQLite has a limit.
ASKED = 5000
# What stands before a natural key, and between the parts of one, where the database puts them together.
_KEY, _PART = "\x02", "\x01"
_IS_ONE = re.compile(rf"{_KEY}[^\\/;\s{_KEY}]*").fullmatch


class Lookups:
    """What was found, for as long as a file is written."""

    def __init__(self):
        self._kept = {}

    def each(self, question, wanted, find):
        """The answers to a question for each of `wanted`. `find` takes a set of these and gives {wanted: answer}."""
        kept = self._kept.setdefault(question, {})
        try:
            return list(map(kept.__getitem__, wanted))
        except KeyError:
            self._learn(kept, {*wanted}, find)
        return list(map(kept.__getitem__, wanted))

    def _learn(self, kept, wanted, find):
        unknown = wanted - kept.keys()
        if len(kept) + len(unknown) > KEPT:
            kept.clear()
            unknown = wanted
        kept.update(find(unknown))

    def texts(self, model, pks):
        """The natural key of each row; blank where there is none, or none that is public."""
        return self.each(("text", model), pks, partial(_key_texts, model))

    def lists(self, targets, found):
        """For each text of `ids_of` the natural keys, in their order; `targets` are the models, one for each column."""
        return self.each(("list", targets), found, partial(self._lists, targets))

    def linked(self, model, found):
        """For each text of `ids_of` one column, the natural keys, each as a text."""
        return self.each(("linked", model), found, partial(self._linked, model))

    def _lists(self, targets, found):
        keys = self._keys(targets, found)
        return {
            text: LIST_SEPARATOR.join([key for _order, key in sorted(some)]) for text, some in keys.items()
        }

    def _linked(self, model, found):
        return {text: sorted(key for _, key in some) for text, some in self._keys((model,), found).items()}

    def _keys(self, targets, found):
        """{text of `ids_of`: natural keys of what it names, each with its text}, public ones only."""
        named = {text: text[1:].split(",") if text else [] for text in found}
        names = list({name for some in named.values() for name in some})
        keys = self.each(("key", targets), names, partial(_named, targets))
        known = dict(zip(names, keys, strict=True))
        return {text: {known[name] for name in some} - {None} for text, some in named.items()}


def _named(targets, names):
    """{"B12": (natural key of the row 12 of the second of the models, its text)}, None for what is not public."""
    found = dict.fromkeys(names)
    for letter, model in zip(ascii_uppercase, targets, strict=False):
        pks = {int(name[1:]) for name in names if name[:1] == letter}
        found |= {f"{letter}{pk}": key for pk, key in _keys(model, pks).items()}
    return found


def _key_texts(model, pks):
    return {pk: key[1] if key else "" for pk, key in _keys(model, pks).items()}


def _keys(model, pks):
    """{primary key: (natural key, its text)}, None for what is not public."""
    found, asked = dict.fromkeys(pks), list(pks - {None})
    for first in range(0, len(asked), ASKED):
        for pk, key in _natural_keys(model, asked[first : first + ASKED]):
            found[pk] = frozen(key), key_text(key)
    return found


def _natural_keys(model, pks):
    if public_id(model):
        return [(pk, (value,)) for pk, value in zip(*_public_ids(model).columns_of(pks), strict=True)]
    rows = public(model).filter(pk__in=pks).order_by()
    near = [field.name for field in kept_fields(model) if field.many_to_one]
    return [(row.pk, row.natural_key()) for row in rows.select_related(*near)]


@cache
def _public_ids(model):
    """Compiled once: a file asks for those of some hundred rows with each of some hundred batches of its own."""
    return Statement(public(model).order_by(), "pk", [public_id(model)])


class Joined(Func):
    """Columns of several rows as one text, each value behind the sign of its column: ",A3,B12,A4"."""

    output_field = models.TextField()

    def __init__(self, *columns, signs):
        super().__init__(*columns)
        self.signs = signs

    def as_sql(self, compiler, connection, **_unused):
        columns, params = zip(*map(compiler.compile, self.source_expressions), strict=True)
        values = zip(self.signs, columns, strict=False)
        row = " || ".join(f"COALESCE('{sign}' || CAST({column} AS TEXT), '')" for sign, column in values)
        function = "STRING_AGG" if connection.vendor == "postgresql" else "GROUP_CONCAT"
        return f"{function}({row}, '')", [param for some in params for param in some]


def ids_of(rows, *names):
    """An expression: these foreign keys of all of the rows, which are, by an OuterRef, those of one."""
    signs = [f",{letter}" for letter in ascii_uppercase]
    return Subquery(rows.order_by().annotate(joined=Joined(*names, signs=signs)).values("joined"))


def keys_of(rows, name):
    """An expression: the natural keys to which the foreign key of that name leads, as `key_lists` reads them."""
    paths = [f"{name}__{path}" for path in joined_key(rows.model._meta.get_field(name).related_model)]
    signs = [_KEY, *(_PART for _path in paths[1:])]
    return Subquery(rows.order_by().annotate(joined=Joined(*paths, signs=signs)).values("joined"))


def key_lists(found):
    """Natural keys, in their order, for each text of `keys_of`."""
    return [
        text[1:].replace(_PART, KEY_SEPARATOR) if text and _IS_ONE(text) else _key_list(text)
        for text in found
    ]


def _key_list(text):
    return list_text({tuple(key.split(_PART)) for key in text[1:].split(_KEY)}) if text else ""


@cache
def joined_key(model):
    """Where the columns are that make up natural keys of the model; () where rows may not be public, or have others."""
    fields = key_fields(model)
    if public(model).query.where or any(field.null for field in fields):
        return ()
    nested = [(field, joined_key(field.related_model) if field.is_relation else ("",)) for field in fields]
    paths = [f"{field.name}__{path}".removesuffix("__") for field, some in nested for path in some]
    return tuple(paths) if all(some for _field, some in nested) else ()


def linked_ids(field):
    """An expression: the primary keys of what a many-to-many field leads to."""
    links = field.remote_field.through._base_manager.filter(**{field.m2m_field_name(): OuterRef("pk")})
    return ids_of(links, field.m2m_reverse_field_name())
