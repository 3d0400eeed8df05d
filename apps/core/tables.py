"""Tables as text: what the cells of a CSV file hold for each column of a model, both ways.

A row of another table is named by its natural key, the parts parted by slashes: `KAZ`, `akiner/states-3`. Several of
them are parted by semicolons. In a part of a key a backslash stands before a slash, a semicolon, a blank and a
backslash, so that any value comes back as it was. A blank cell is nothing, or, where a column must have a value and
has a default, the default.
"""

import re
from dataclasses import dataclass
from functools import cache

from django.db import models
from django.utils.translation import gettext as _

from apps.core.fields import PartialDateField
from apps.core.fixture_files import Wrong, required, storable
from apps.core.fixtures import frozen, json_value, kept_fields

KEY_SEPARATOR = "/"
LIST_SEPARATOR = ";"
_SPECIAL = re.compile(r"[\\/;\s]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_INTEGER, _DECIMAL = re.compile(r"-?[0-9]{1,30}"), re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOOLEANS = {"true": True, "false": False}
# With what a spreadsheet may take a cell for a formula, after any number of the apostrophes that keep it from doing so.
FORMULA = r"'*(?:[\s\ufeff\u200b]*[=+\-@]|[\t\r\n])"
_FORMULA = re.compile(FORMULA)


def safe_cell(text):
    """The text with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unsafe_cell(text):
    """What `safe_cell` was given."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text


def key_text(key):
    """A natural key, whatever is nested in it, as one text."""
    parts = list(_flat(key))
    if any(map(_SPECIAL.search, parts)):
        parts = [_SPECIAL.sub(r"\\\g<0>", part) for part in parts]
    return KEY_SEPARATOR.join(parts)


def _flat(key):
    for part in key:
        if isinstance(part, (list, tuple)):
            yield from _flat(part)
        else:
            yield str(part)


def read_key(text):
    """The parts of a natural key, as a tuple; raises Wrong."""
    return tuple(_ESCAPED.sub(r"\1", part) for part in _parted(text, KEY_SEPARATOR))


def read_list(text):
    """The natural keys in a cell of a column that may name several rows; raises Wrong."""
    return [read_key(part) for part in _parted(text, LIST_SEPARATOR)] if text.strip() else []


def _parted(text, separator):
    """What stands between the separators, backslashes kept, the blanks around it dropped."""
    if "\\" not in text:
        return [part.strip() for part in text.split(separator)]
    parts, begin, escaped = [], 0, False
    for place, sign in enumerate(text):
        if sign == separator and not escaped:
            parts.append(text[begin:place])
            begin = place + 1
        escaped = sign == "\\" and not escaped
    parts.append(text[begin:])
    if escaped:
        raise Wrong(_("ends with a backslash, which has to stand before a sign"))
    return [_stripped(part) for part in parts]


def _stripped(part):
    """Without the blanks around it, but for one that has a backslash before it."""
    part = part.lstrip()
    end = part.rstrip()
    backslashes = len(end) - len(end.rstrip("\\"))
    return part[: len(end) + 1] if backslashes % 2 else end


# The first that fits a field.
_TYPES = (
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
    (models.DecimalField, "number"),
    (models.DateField, "date"),
    (models.Field, "string"),
)


@cache
def column_type(field):
    """What its cells are, in the terms of Table Schema (datapackage.org)."""
    return "string" if field.is_relation else next(name for kind, name in _TYPES if isinstance(field, kind))


@dataclass(frozen=True)
class Column:
    """One column of the file of a model."""

    field: models.Field

    @property
    def name(self):
        return self.field.name

    @property
    def refers(self):
        """Whether its cells name rows of a table."""
        return self.field.is_relation

    @property
    def is_required(self):
        """Whether a file must have it, and a value in every row."""
        return required(self.field)

    def cell(self, row):
        """What the row has here as text. What is not public is not named.

        Reads what it refers to, and of that what its title names: load these with the row.
        """
        if self.field.many_to_many:
            return list_text(
                target.natural_key() for target in getattr(row, self.name).all() if shown(target)
            )
        if self.refers:
            target = getattr(row, self.name)
            return key_text(target.natural_key()) if target is not None and shown(target) else ""
        return self.text(row)

    def text(self, row):
        """The cell of a column that refers to nothing."""
        return plain_text(json_value(self.field, row))

    def read(self, text):
        """The value that a cell stands for: of a row referred to its natural key, of several a list of them.

        Raises Wrong, or the ValidationError of the field, as `clean_fields` would.
        """
        if not (text if self._keeps_blanks else text.strip()):
            return self._blank()
        text = storable(text)
        if self.field.many_to_many:
            return _without_repeats(read_list(text))
        if self.refers:
            return read_key(text)
        return self.field.clean(self._python(text), None)

    def _blank(self):
        if self.field.many_to_many:
            return []
        if self.field.null:
            return None
        if self.field.blank:
            return self.field.to_python("")
        if self.field.has_default():
            return self.field.get_default()
        raise Wrong(_("missing"))

    @property
    def _keeps_blanks(self):
        """Whether a cell of nothing but blanks has a value."""
        kind = column_type(self.field)
        return kind == "string" and not self.refers and not isinstance(self.field, PartialDateField)

    def _python(self, text):
        """What the field is to be given to clean, which takes much that is no plain way to write a number."""
        match column_type(self.field):
            case "boolean":
                if text.strip().lower() not in _BOOLEANS:
                    raise Wrong(_("write true or false"))
                return _BOOLEANS[text.strip().lower()]
            case "integer" if not _INTEGER.fullmatch(text.strip()):
                raise Wrong(_("write a whole number in digits, such as 12"))
            case "number" if not _DECIMAL.fullmatch(text.strip()):
                raise Wrong(_("write a number in digits, without an exponent, such as 27000000000 or 12.50"))
            case "date" if not _DAY.fullmatch(text.strip()):
                raise Wrong(_("write a day as 2016-05-31"))
            case "string":
                return text
        return text.strip()


def _without_repeats(keys):
    if len(set(keys)) < len(keys):
        raise Wrong(_("names one row twice"))
    return keys


def shown(row):
    return getattr(row, "is_public", True)


def list_text(keys):
    """Natural keys as one text, in their order."""
    return LIST_SEPARATOR.join(key_text(key) for key in sorted(frozen(key) for key in keys))


def plain_text(value):
    """A value of a column that refers to nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def value_text(field, value):
    """The cell of a value as an instance has it: of what refers to others, the primary key or a list of them."""
    if not field.is_relation:
        return plain_text(value)
    rows = field.related_model._base_manager.in_bulk(value if field.many_to_many else [value])
    return list_text(row.natural_key() for row in rows.values())


@cache
def columns(model):
    """The columns of the file of a model, in order."""
    return tuple(Column(field) for field in kept_fields(model))
