"""The columns of a sheet of entries: those that the kind has in a dataset, and some for what belongs to an entry.

All but the status, which is a matter of the way to readers. `cites` names passages that support the entry as a whole;
`parties` or `participants` the states, organizations and people that have a part in it. These only add: whatever an
entry has besides stays, and with it what a sheet has no room for (a role, a claim, a field that is cited).
"""

from functools import cache

from django.db.models import CheckConstraint
from django.utils.translation import gettext as _

from apps.core.admin_forms import constraint_fields
from apps.core.fields import PartialDateField
from apps.core.fixture_files import Wrong, storable
from apps.core.fixtures import whole_field
from apps.core.languages import either
from apps.core.layout import ColumnLayout
from apps.core.models import Recorded
from apps.core.public_rows import key_fields
from apps.core.tables import column_type, columns, key_text, list_text, read_list
from apps.curation.sheet_files import Day, Odd


class Unknown(Wrong):
    """A key of no row of any of these models."""

    def __init__(self, key, models):
        super().__init__(key_text(key))
        self.key, self.models = key, models


class OwnColumn:
    """A column of the table of the model. `field.attname` holds what it says, and no query is needed."""

    def __init__(self, column):
        self.column, self.field, self.name = column, column.field, column.name

    @property
    def is_required(self):
        return self.column.is_required

    @property
    def layout(self):
        return ColumnLayout(self.column)

    # Whose rows its cells name, and what `cell` reads of these: arguments of select_related and prefetch_related.
    models, joined, fetched = (), (), ()

    @property
    def takes_days(self):
        return column_type(self.field) == "date" or isinstance(self.field, PartialDateField)

    def read(self, text):
        """What a cell says: of those that it names the keys. Raises Wrong or ValidationError."""
        if isinstance(text, Odd):
            raise Wrong(text.why)
        if isinstance(text, Day) and not self.takes_days:
            raise Wrong(_("a date of the spreadsheet in a column that has no dates; write it as text"))
        # Blanks around a name that is typed are no part of it.
        return self.column.read(text.strip() if self.field.unique else text)

    def keys(self, said):
        return ()

    def value(self, said, named):
        """What the entry is to have, given {model: {key: primary key}} of all that is named; raises Wrong."""
        return said

    def has(self, entry, value):
        """Whether the entry is so already. A text sent by a browser has its lines parted by two signs."""
        before = getattr(entry, self.field.attname)
        return before == value or (isinstance(before, str) and before.replace("\r\n", "\n") == value)

    def put(self, entry, value):
        """Before the entry is saved; returns what `write` needs to know of it."""
        setattr(entry, self.field.attname, value)

    def write(self, entry, value, stamp):
        """After it was saved; `stamp` tells the history of a row who writes it and why."""

    def cell(self, entry):
        return self.column.text(entry).replace("\r\n", "\n")

    def cell_after(self, entry, said):
        """The cell as it will be; None where the entry itself says it, once the value is put."""


class KeyColumn(OwnColumn):
    """A foreign key. Unlike in a dataset, what is not public is named too: the sheet is for curators."""

    def __init__(self, column):
        super().__init__(column)
        self.models, self.joined = (self.field.related_model,), (self.name,)

    def keys(self, said):
        return [said] if said else []

    def value(self, said, named):
        return _one(said, self.field.related_model, named) if said else None

    def cell(self, entry):
        target = getattr(entry, self.name)
        return key_text(target.natural_key()) if target else ""

    def cell_after(self, entry, said):
        return key_text(said) if said else ""


class LinksColumn(KeyColumn):
    """A many-to-many field."""

    def __init__(self, column):
        super().__init__(column)
        self.joined, self.fetched = (), (self.name,)

    def keys(self, said):
        return said

    def value(self, said, named):
        return {_one(key, self.field.related_model, named) for key in said}

    def has(self, entry, value):
        return {target.pk for target in self._linked(entry)} == value

    def put(self, entry, value):
        return value

    def write(self, entry, value, stamp):
        getattr(entry, self.name).set(value)

    def _linked(self, entry):
        return [] if entry._state.adding else getattr(entry, self.name).all()

    def cell(self, entry):
        return list_text(target.natural_key() for target in self._linked(entry))

    def cell_after(self, entry, said):
        return list_text(said)


class PartsColumn:
    """States, organizations and people that have a part in the entry, by their public identifiers, whoever they are."""

    is_required, joined = False, ()

    def __init__(self, relation, bearers):
        self.model, self.whole, self.bearers = relation.related_model, relation.field, bearers
        self.name = self.accessor = relation.get_accessor_name()
        self.models = tuple(bearer.related_model for bearer in bearers)
        self.fetched = tuple(f"{self.accessor}__{bearer.name}" for bearer in bearers)

    @property
    def layout(self):
        """What a `ColumnLayout` says of other columns."""
        targets = either(model._meta.model_name for model in self.models)
        return {"name": self.name, "meaning": self.meaning, "type": _("list of keys"), "target": targets}

    @property
    def meaning(self):
        role = next((field.get_default() for field in self.model._meta.fields if field.name == "role"), "")
        said = _("%(parts)s that are added, as “%(role)s”.") if role else _("%(parts)s that are added.")
        return said % {"parts": self.model._meta.verbose_name_plural, "role": role}

    def read(self, text):
        if isinstance(text, Odd):
            raise Wrong(text.why)
        said = read_list(storable(text))
        if len(set(said)) < len(said):
            raise Wrong(_("names one row twice"))
        return said

    def keys(self, said):
        return said

    def value(self, said, named):
        """[(name of a foreign key of the part, primary key)]"""
        return [self._bearer(key, named) for key in said]

    def _bearer(self, key, named):
        pairs = [(bearer.attname, named[bearer.related_model].get(key)) for bearer in self.bearers]
        found = [pair for pair in pairs if pair[1]]
        if not found:
            raise Unknown(key, self.models)
        if len(found) > 1:
            why = _("“%(key)s” is the name of several; add the one that is meant on the page of the entry")
            raise Wrong(why % {"key": key_text(key)})
        return found[0]

    def has(self, entry, value):
        return not self._missing(entry, value)

    def _missing(self, entry, value):
        there = {
            (bearer.attname, getattr(row, bearer.attname))
            for row in self._rows(entry)
            for bearer in self.bearers
        }
        return [pair for pair in value if pair not in there]

    def _rows(self, entry):
        rows = [] if entry._state.adding else getattr(entry, self.accessor).all()
        return [row for row in rows if self._counts(row)]

    def _counts(self, row):
        return True

    def put(self, entry, value):
        return self._missing(entry, value)

    def write(self, entry, value, stamp):
        for name, pk in value:
            part = self.model(**{self.whole.attname: entry.pk, name: pk})
            stamp(part)
            part.save()

    def cell(self, entry):
        return list_text(self._there(entry))

    def cell_after(self, entry, said):
        return list_text({*self._there(entry), *said})

    def _there(self, entry):
        """The keys of those that have a part, each once, whatever part."""
        bearers = (getattr(row, bearer.name) for row in self._rows(entry) for bearer in self.bearers)
        return {bearer.natural_key() for bearer in bearers if bearer}


class CitesColumn(PartsColumn):
    """The passages that support the entry as a whole, as `source/anchor`."""

    def __init__(self, relation):
        passage = relation.related_model._meta.get_field("passage")
        super().__init__(relation, [passage])
        self.name, self.fetched = "cites", (f"{self.accessor}__passage__source",)

    @property
    def meaning(self):
        return _("passages that support the entry as a whole, added as citations: source/anchor.")

    def _counts(self, row):
        return row.stance == row.Stance.SUPPORTS and not row.field


def _one(key, model, named):
    if key not in named[model]:
        raise Unknown(key, (model,))
    return named[model][key]


@cache
def sheet_columns(model):
    """The columns of the sheet of a kind of entries, by name, that of the public identifier first."""
    own = [_own(column) for column in columns(model) if column.name != "status"]
    return {column.name: column for column in [*own, *_parts(model)]}


def sheet_rules(model):
    """What every row has to meet, as far as it is about columns of the sheet, in the words of the refusal."""
    names = sheet_columns(model).keys()
    checks = [rule for rule in model._meta.constraints if isinstance(rule, CheckConstraint)]
    own = [rule for rule in checks if constraint_fields(model, rule) <= names]
    return list(dict.fromkeys(str(rule.get_violation_error_message()) for rule in own))


def _own(column):
    kind = LinksColumn if column.field.many_to_many else KeyColumn if column.refers else OwnColumn
    return kind(column)


def _parts(model):
    """Of what is part of an entry of the kind, that which one foreign key says and for the rest its defaults."""
    for relation in model._meta.related_objects:
        part, whole = relation.related_model, relation.field
        if not issubclass(part, Recorded) or whole_field(part) is not whole:
            continue
        if any(field.name == "passage" for field in part._meta.fields):
            yield CitesColumn(relation)
        elif bearers := [field for field in key_fields(part) if field.many_to_one and field.null]:
            yield PartsColumn(relation, bearers)
