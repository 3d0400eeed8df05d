"""One table of a dataset on its way into the database; see `dataset_import`."""

from dataclasses import dataclass, field as attribute
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import models

from apps.core.bulk import batches
from apps.core.dataset_files import Line
from apps.core.fixture_files import Wrong
from apps.core.fixtures import whole_field
from apps.core.models import Entry
from apps.core.public_rows import key_fields
from apps.core.references import REFUSED
from apps.core.table_complaints import Complaints
from apps.core.writing import WAITING, in_rounds, in_words

# Rows that are checked and written at a time.
BATCH = 2000
# Of each column, so many texts of at most this length are read only once.
KEPT, LONG = 5000, 40
# The columns of an entry that say who made it what it is.
STAMPS = ("created_by", "updated_by")


@dataclass(eq=False, slots=True)
class Draft:
    """A line of the file: the values of its columns, of those that refer to others the natural keys."""

    line: Line
    values: dict
    key: tuple | None = None
    # Whether a column has an error of its own, and whether the row is given up for this or for what it refers to.
    faulty: bool = False
    refused: bool = False
    instance: models.Model | None = None
    # {column: primary keys of what it refers to}, and of these what is to be written to many-to-many fields.
    targets: dict = attribute(default_factory=dict)
    links: dict = attribute(default_factory=dict)
    # {column: (value before, after)}, of a row that is there already.
    changes: dict = attribute(default_factory=dict)


class TableImport:
    """Reads, checks and writes the rows of one file; `run` is the import that it is part of."""

    def __init__(self, run, reader):
        self.run, self.reader, self.model = run, reader, reader.table.model
        self.complaints = Complaints(run.problems, reader)
        self.columns = reader.columns
        self.given = {column.name for column in self.columns}
        self.relations = [column for column in self.columns if column.refers]
        self.plain = [column.field for column in self.columns if not column.field.many_to_many]
        self.many = [column.field for column in self.columns if column.field.many_to_many]
        self.read = {column: {} for column in self.columns}  # {text: value}
        self.lines = {}  # {natural key: number of its line}
        self.was_empty = not self.model._base_manager.exists()
        self.written = run.written.setdefault(self.model, {})
        self.is_entry = issubclass(self.model, Entry)

    def write(self):
        lines, left = self.reader.lines(), []
        while batch := list(islice(lines, BATCH)):
            left += self._save([self._draft(line) for line in batch])
            self.run.progress(self.reader.table, self.reader.position)
        self._give_up(in_rounds([draft for draft, _error in reversed(left)], self._save))

    # Reading

    def _draft(self, line):
        draft = Draft(line, {})
        for column, text in zip(self.columns, line.cells, strict=True):
            try:
                draft.values[column.name] = self._value(column, text)
            except Wrong as error:
                self.complaints.add(draft, column.name, what=error)
            except ValidationError as error:
                self.complaints.add_all(draft, ValidationError({column.name: error.error_list}))
        draft.key = self._key(draft)
        if draft.key and (before := self.lines.setdefault(draft.key, line.number)) != line.number:
            name = key_fields(self.model)[0].name
            self.complaints.add(draft, name, what=f"given twice: line {before} is of the same row")
        return draft

    def _value(self, column, text):
        if len(text) > LONG:
            return column.read(text)
        known = self.read[column]
        if text not in known:
            if len(known) > KEPT:
                known.clear()
            known[text] = column.read(text)
        return known[text]

    def _key(self, draft):
        """The natural key, whatever is nested in it in a row; None where a part of it is faulty."""
        key = []
        for field in key_fields(self.model):
            if field.name in self.given and field.name not in draft.values:
                return None
            value = draft.values.get(field.name, field.get_default())
            key += (value or ()) if field.is_relation else (str(value),)
        return tuple(key)

    # References

    def _save(self, drafts):
        """[(draft, error)] of those that are not done with: written, as they should be already, or given up."""
        found = {column: self._found(column, drafts) for column in self.relations}
        left, ready = [], []
        for draft in drafts:
            waits = [self._refer(draft, column, found[column]) for column in self.relations]
            if draft.faulty or draft.refused:
                self._refuse(draft)
            elif any(waits):
                left.append((draft, WAITING))
            else:
                ready.append(draft)
        return left + self._write(ready)

    def _found(self, column, drafts):
        """{natural key: primary key} of what the drafts refer to in a column."""
        keys = {key for draft in drafts for key in self._keys(draft, column)}
        return self.run.references.find(column.field.related_model, keys)

    def _keys(self, draft, column):
        value = draft.values.get(column.name) or ()
        return value if column.field.many_to_many or not value else (value,)

    def _refer(self, draft, column, found):
        """Notes the primary keys of what the draft refers to; returns whether it waits for a row of its own kind."""
        keys = self._keys(draft, column)
        missing = [key for key in keys if key not in found]
        if missing and column.field.related_model is self.model:
            return True
        for key in missing:
            self.complaints.add_unknown(draft, column, key, self.run.references)
        draft.targets[column.name] = pks = [found[key] for key in keys if key in found]
        draft.refused |= REFUSED in pks
        return False

    # Writing

    def _write(self, drafts):
        self._make([draft for draft in drafts if draft.instance is None])
        ready = [draft for draft in drafts if draft.changes or draft.instance._state.adding]
        new = {id(draft) for draft in ready if draft.instance._state.adding}
        left = self.run.writer.write(self.model, ready)
        failed = {id(draft) for draft, _error in left}
        for draft in drafts:
            if id(draft) not in failed:
                self._note(draft, added=id(draft) in new)
        return left

    def _make(self, drafts):
        """Gives each draft its instance: a new one, or that of the database with what is to be different."""
        stored = {} if self.was_empty else self._stored(drafts)
        links = {field: linked(field, stored.values()) for field in self.many}
        blank = self.model(**(dict.fromkeys(STAMPS, self.run.writer.user) if self.is_entry else {}))
        blanks = [(field, field.value_from_object(blank)) for field in self.model._meta.concrete_fields]
        for draft in drafts:
            draft.instance = stored.get(self._identity(draft)) if stored else None
            if draft.instance:
                self._change(draft, links)
            else:
                draft.instance = self._new(draft, blanks)
                draft.links = {field.name: draft.targets[field.name] for field in self.many}

    def _new(self, draft, blanks):
        """By position, which takes a fraction of the time that a model takes with names."""
        given = self.given
        return self.model(
            *[self._final(draft, field) if field.name in given else blank for field, blank in blanks]
        )

    def _change(self, draft, links):
        """Columns that the file has not stay as they are."""
        row = draft.instance
        for field in self.plain:
            before, after = getattr(row, field.attname), self._final(draft, field)
            if before != after:
                draft.changes[field.name] = (before, after)
                setattr(row, field.attname, after)
        for field in self.many:
            before, after = links[field].get(row.pk, []), draft.targets[field.name]
            if {*before} != {*after}:
                draft.changes[field.name] = (before, after)
                draft.links[field.name] = after
        if draft.changes and self.is_entry:
            row.updated_by = self.run.writer.user

    def _final(self, draft, field):
        """The value of a column of the database."""
        if field.is_relation:
            return next(iter(draft.targets[field.name]), None)
        return draft.values[field.name]

    def _identity(self, draft):
        """As `_stored` has it."""
        fields = key_fields(self.model)
        return tuple(self._final(draft, f) if f.name in self.given else f.get_default() for f in fields)

    def _stored(self, drafts):
        """The rows of the database that have the keys of these drafts, by the values of their keys' columns."""
        names = [field.attname for field in key_fields(self.model)]
        by = whole_field(self.model) or key_fields(self.model)[0]
        found = {}
        for batch in batches({self._final(draft, by) for draft in drafts}):
            for row in self.model._base_manager.filter(**{f"{by.name}__in": batch}):
                found[tuple(getattr(row, name) for name in names)] = row
        return found

    def _note(self, draft, *, added):
        """Notes that the row is as the file says."""
        self.written[draft.instance.pk] = draft.line.number
        self.run.references.add(self.model, draft.key, draft.instance.pk)
        self.run.result.note(self.reader.table, draft, added=added)

    # Giving up

    def _give_up(self, left):
        waiting = [draft for draft, error in left if error is WAITING]
        for draft, error in sorted(left, key=lambda pair: pair[0].line.number):
            if error is WAITING:
                self._complain_of_waiting(draft, alone=len(waiting) == len(left))
            elif self.run.problems.full:
                self.complaints.add(draft, what=error)
            else:
                self.complaints.add_all(draft, in_words(draft.instance, error))
            self._refuse(draft)

    def _complain_of_waiting(self, draft, *, alone):
        """With `alone`, nothing is left but rows that wait for each other."""
        for column in self.relations:
            found = self._found(column, [draft])
            for key in (key for key in self._keys(draft, column) if key not in found):
                if key not in self.lines:
                    self.complaints.add_unknown(draft, column, key, self.run.references)
                elif alone:
                    what = "it refers to a row that refers, in the end, to it"
                    self.complaints.add(draft, column.name, what=what)

    def _refuse(self, draft):
        draft.refused, whole = True, whole_field(self.model)
        if draft.key and self.lines[draft.key] == draft.line.number:
            self.run.references.add(self.model, draft.key, REFUSED)
        if whole:
            self.run.spared.setdefault(whole.related_model, set()).update(draft.targets.get(whole.name, ()))


def linked(field, rows):
    """{primary key: [primary keys]} of what a many-to-many field of these rows links."""
    one, other = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    links = {}
    for batch in batches(row.pk for row in rows):
        through = field.remote_field.through._base_manager.filter(**{f"{one}__in": batch}).order_by("pk")
        for pk, target in through.values_list(one, other):
            links.setdefault(pk, []).append(target)
    return links
