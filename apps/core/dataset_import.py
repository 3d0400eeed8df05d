"""Bringing a dataset, or tables of the same layout made by others, into the database: all of it or nothing.

The tables are read in the order in which they refer to each other, some rows at a time, and written as they are read;
as soon as anything is wrong, all of it is undone, but the rest is still checked. What a curator changed is
overwritten, since whoever imports is a curator, with a reason. Rows that the files do not have stay.
"""

from collections import Counter
from dataclasses import dataclass, field as attribute

from django.db import transaction

from apps.core.changes import together
from apps.core.circles import in_circles, own_kind_fields
from apps.core.curated import NOT_CURATED
from apps.core.dataset_files import Reader, tables
from apps.core.dataset_schema import table_name
from apps.core.fixtures import Problems, fixture_models, frozen, spelled
from apps.core.public_rows import public
from apps.core.references import References
from apps.core.table_import import TableImport
from apps.core.tables import value_text
from apps.core.writing import UNCITED, Writer, in_bulk, uncited


class Refused(Exception):
    """Something is wrong with the files and nothing was written; `str()` says what, a line each."""


@dataclass
class Report:
    """What an import did, or would do, by model; of changes and of rows that the files do not have, the first."""

    SHOWN = 50

    added: Counter = attribute(default_factory=Counter)
    changed: Counter = attribute(default_factory=Counter)
    unchanged: Counter = attribute(default_factory=Counter)
    removed: Counter = attribute(default_factory=Counter)
    tables: list = attribute(default_factory=list)
    # (file name, number of the line, {column: (cell before, cell after)}) and (file name, natural key)
    changes: list = attribute(default_factory=list)
    missing: list = attribute(default_factory=list)

    def note(self, table, draft, *, added):
        """Counts a row that was written, or that needed nothing."""
        counter = self.added if added else self.changed if draft.changes else self.unchanged
        counter[table.model] += 1
        if draft.changes and len(self.changes) < self.SHOWN:
            fields = {name: table.model._meta.get_field(name) for name in draft.changes}
            told = {
                name: tuple(value_text(fields[name], value) for value in values)
                for name, values in draft.changes.items()
            }
            self.changes.append((table.name, draft.line.number, told))


def import_dataset(path, *, reason, user=None, dry_run=False, progress=lambda table, position: None):
    """Writes what the files of a directory or a ZIP file say that the database does not; returns a Report.

    Raises Refused, having written nothing, where a file is wrong. `reason` stands in the history of each row that is
    added or changed, with `user` if there is one. Nobody else can write until it is done. `progress` is called with a
    Table and the number of its bytes that were read, and with None when only the index is left to be written.
    """
    if reason in NOT_CURATED:
        raise ValueError(f"“{reason}” marks what no curator changed")
    # The first lines are read before, and nobody waits for what is no dataset.
    run = _Import(path, Writer(reason=reason, user=user), progress)
    with in_bulk(), together():
        report = run.report()
        progress(None, 0)
        if dry_run:
            transaction.set_rollback(True)
    return report


class _Import:
    """What the tables of one import share."""

    def __init__(self, path, writer, progress):
        self.problems, self.writer, self.progress = Problems(), writer, progress
        self.result, self.references = Report(), References()
        # {model: {primary key: number of its line}}
        self.written = {}
        # {model: {primary keys of entries of which a part is refused}}; that they lack a citation need not be said too.
        self.spared = {}
        self.readers = [Reader(table, self.problems) for table in tables(path, self.problems)]
        if self.problems.unreadable:
            raise Refused(str(self.problems))

    def report(self):
        for reader in self.readers:
            self.result.tables.append(reader.table)
            TableImport(self, reader).write()
            if self.problems.unreadable:
                break  # What refers to the rows that were not read would only seem wrong.
        else:
            self._refuse_uncited()
            self._refuse_circles()
        if self.problems:
            raise Refused(str(self.problems))
        for reader in self.readers:
            self._find_removed(reader.table)
        return self.result

    def _refuse_uncited(self):
        """Of what is written now; no citation that is there can lose what it says by an import, as that is its key."""
        for model in fixture_models():
            written, spared = self.written.get(model, {}), self.spared.get(model, ())
            for row in uncited(model).iterator() if written else ():
                if row.pk in written and row.pk not in spared:
                    citations = table_name(model._meta.get_field("citations").related_model)
                    where = (table_name(model), f"line {written[row.pk]}", "column status", "“published”")
                    self.problems.add(*where, what=f"{UNCITED} {citations}")

    def _refuse_circles(self):
        """Of rows that refer to one of their own kind, those that come back to themselves, other tables or not."""
        for model, written in self.written.items():
            for field in own_kind_fields(model):
                rows = model._base_manager.exclude(**{field.name: None})
                for pk in in_circles(dict(rows.values_list("pk", field.attname))) & written.keys():
                    where = (table_name(model), f"line {written[pk]}", f"column {field.name}")
                    self.problems.add(*where, what="it refers to a row that refers, in the end, to it")

    def _find_removed(self, table):
        """Notes what the public sees of the table that the file has not."""
        model, written = table.model, self.written[table.model]
        pks = public(model).order_by("pk").values_list("pk", flat=True)
        gone = [pk for pk in pks.iterator() if pk not in written]
        self.result.removed[model] = len(gone)
        shown = model._base_manager.filter(pk__in=gone[: Report.SHOWN]).order_by("pk")
        self.result.missing += [(table.name, spelled(frozen(row.natural_key()))) for row in shown]
