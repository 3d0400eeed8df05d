"""Keeping the counts of ties (`models.TieCount`) in step with the index of ties, in the same transaction.

What an entry adds to them is known when its ties are written, so that a change costs a row of counts for each of its
ties, and a million ties as many rows as they have different dates.
"""

from collections import Counter
from itertools import chain

from django.db import connection
from django.db.models import BooleanField, Count, F, IntegerField, Q, Value
from django.db.models.functions import Coalesce

from apps.relations.models import Tie, TieCount
from apps.relations.querysets import SUBJECTS
from apps.relations.stretches import Stretch, stretch

WHOLE, YEAR, QUARTER = TieCount.Grain
# Columns of a count, the number last, and the dates of a tie that are the last of the others.
COLUMNS = ("grain", "with_focus", "of", "kind", "roles", "lasting", "held")
DATES = {
    "first": "earliest",
    "last": "latest",
    "certain_first": "certain_from",
    "certain_last": "certain_until",
}
# Of one statement, and those that are kept before they are written.
ROWS, MOST_KEPT = 300, 100_000


def grains_of(of, kind, with_focus):
    """How closely such ties are counted: by quarters what is asked for day by day, all of it at once."""
    if kind in SUBJECTS:
        # The part that a state has in one of them is no tie in time.
        return () if of else (WHOLE,)
    return (WHOLE, YEAR, QUARTER) if with_focus or not of else (WHOLE, YEAR)


def counts_of(tie):
    """The keys of the counts that have the tie, given as values of its columns."""
    if tie["organization_id"] or tie["person_id"]:
        return
    of, kind, lasting = tie["state_id"] or 0, tie["kind"], tie["lasting"]
    held = lasting and tie["certain_from"] <= tie["certain_until"]
    for grain in grains_of(of, kind, tie["with_focus"]):
        told = (lasting, held) if grain else (False, False)
        dates = (stretch(tie[column], grain) for column in DATES.values())
        yield (int(grain), tie["with_focus"], of, kind, tie["roles"], *told, *dates)


class TieCounts:
    """How the counts change with the ties that are written; nothing of it, where they are not to be kept."""

    def __init__(self, *, is_kept=True):
        self._is_kept, self._change = is_kept, Counter()

    def change(self, old, new):
        """Of an entry: `old` are rows of the index, before they are changed, `new` values by column."""
        if not self._is_kept:
            return
        change = Counter(chain.from_iterable(map(counts_of, new)))
        change.subtract(chain.from_iterable(counts_of(vars(tie)) for tie in old))
        self._change.update({key: number for key, number in change.items() if number})
        if len(self._change) > MOST_KEPT:
            self.write()

    def write(self):
        """In one order, and no row that would have none."""
        rows = sorted((*key, number) for key, number in self._change.items() if number)
        self._change.clear()
        table = connection.ops.quote_name(TieCount._meta.db_table)
        names = [*COLUMNS, *DATES]
        values = f"({', '.join(['%s'] * (len(names) + 1))})"
        with connection.cursor() as cursor:
            for first in range(0, len(rows), ROWS):
                some = rows[first : first + ROWS]
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(names)}, ties) VALUES {', '.join([values] * len(some))} "
                    f"ON CONFLICT ({', '.join(names)}) DO UPDATE SET ties = {table}.ties + EXCLUDED.ties",
                    [value for row in some for value in row],
                )
            fewer = [row[:-1] for row in rows if row[-1] < 0]
            same = " AND ".join(f"{name} = %s" for name in names)
            cursor.executemany(f"DELETE FROM {table} WHERE {same} AND ties = 0", fewer)


def settle(*, check):
    """Whether the counts were not what the index of ties says; makes them so, unless it is only to `check`.

    The database counts, and what it counts never comes here.
    """
    fresh, params = _fresh()
    table = connection.ops.quote_name(TieCount._meta.db_table)
    names = ", ".join([*COLUMNS, *DATES, "ties"])
    stored = f"SELECT {names} FROM {table}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT * FROM ({fresh}) AS a EXCEPT {stored}) "
            f"OR EXISTS ({stored} EXCEPT SELECT * FROM ({fresh}) AS b)",
            [*params, *params],
        )
        (differs,) = cursor.fetchone()
        if differs and not check:
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(f"INSERT INTO {table} ({names}) {fresh}", params)
    return bool(differs)


def _fresh():
    """(SQL, parameters) of all counts, made of the ties; columns are in the order of a count's."""
    of_states = Tie.objects.filter(organization=None, person=None)
    in_time = of_states.exclude(kind__in=SUBJECTS)
    parts = (
        (WHOLE, of_states.filter(Q(state=None) | ~Q(kind__in=SUBJECTS))),
        (YEAR, in_time),
        (QUARTER, in_time.filter(Q(state=None) | Q(with_focus=True))),
    )
    compiled = [_counted(grain, ties).query.sql_with_params() for grain, ties in parts]
    return " UNION ALL ".join(sql for sql, _params in compiled), [
        p for _sql, found in compiled for p in found
    ]


def _counted(grain, ties):
    told = {
        "alike_lasting": F("lasting"),
        "alike_held": Q(lasting=True, certain_from__lte=F("certain_until")),
    }
    if not grain:
        told = dict.fromkeys(told, Value(False, output_field=BooleanField()))
    ties = ties.order_by().annotate(
        grain=Value(int(grain), output_field=IntegerField()),
        of=Coalesce("state_id", 0),
        **told,
        **{f"alike_{name}": Stretch(column, grain) for name, column in DATES.items()},
    )
    names = ("grain", "with_focus", "of", "kind", "roles", *told, *(f"alike_{name}" for name in DATES))
    return ties.values_list(*names).annotate(number=Count("pk"))
