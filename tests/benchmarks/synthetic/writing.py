"""Writing what was drawn, some entries at a time, each with all of its parts, through the project's own bulk path."""

import sys
import time
from collections import defaultdict
from itertools import islice

from apps.core.bulk import insert
from apps.core.changes import tell, together
from apps.core.recording import add_links, record
from apps.core.writing import in_bulk

# Entries to a transaction.
BATCH = 5000
REASON = "Synthetic data."


class Row:
    """A row to be written; `links` are {many-to-many field: primary keys}, as `recording.add_links` wants them."""

    __slots__ = ("instance", "links")

    def __init__(self, instance, **links):
        self.instance, self.links = instance, links


def write(name, entries, *, history):
    """Writes what `entries` yields, each a list of an entry's Rows, the entry first; says how fast."""
    entries, count, begun = iter(entries), 0, time.perf_counter()
    while some := list(islice(entries, BATCH)):
        tables = defaultdict(list)
        for rows in some:
            for row in rows:
                tables[type(row.instance)].append(row)
        with in_bulk(), together():
            for model, rows in tables.items():
                _write_table(model, rows, history)
        count += len(some)
        print(f"{name:<14}{count:>8}{count / (time.perf_counter() - begun):>8.0f} a second", file=sys.stderr)


def _write_table(model, rows, history):
    instances = [row.instance for row in rows]
    for field in [field for field in model._meta.concrete_fields if field.many_to_one]:
        for instance in instances:
            if getattr(instance, field.attname) is None and (of := getattr(instance, field.name)):
                # It has its key only since it was written, a moment ago.
                setattr(instance, field.attname, of.pk)
    values = insert(model, instances)
    add_links(model, rows)
    keys = [instance.pk for instance in instances]
    if history:
        record(model, keys, kind="+", reason=REASON, values=values)
    tell(model, set(keys), new=True)
