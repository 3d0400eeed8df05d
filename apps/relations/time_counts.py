"""How many ties there are by kind and time, counted by the database: for a time picture of more than can be read.

The rows of an answer are as many as there are ways to lie between quarters; how much there is in each stretch of an
axis follows from sums of them, so that no tie is ever read.
"""

from collections import defaultdict
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, F, Func, IntegerField, Q

from apps.core.dates import EARLIEST, LATEST
from apps.relations.time_bars import Tally, place_of

# When something is known of when it was; the rest has no place in a picture of time.
DATED = (
    Q(earliest__gt=EARLIEST)
    | Q(latest__lt=LATEST)
    | Q(lasting=True, certain_from__lt=LATEST)
    | Q(lasting=True, certain_until__gt=EARLIEST)
)
FIRST_QUARTER, LAST_QUARTER = (day.year * 4 + (day.month - 1) // 3 for day in (EARLIEST, LATEST))


class Quarter(Func):
    """Quarters since the year 0. Of a date that is text, as SQLite has it, without asking Python of each row."""

    output_field = IntegerField()
    template = (
        "(CAST(EXTRACT(YEAR FROM %(expressions)s) AS integer) * 4"
        " + (CAST(EXTRACT(MONTH FROM %(expressions)s) AS integer) - 1) / 3)"
    )

    def as_sqlite(self, compiler, connection, **context):
        template = (
            "(CAST(substr(%(expressions)s, 1, 4) AS integer) * 4"
            " + (CAST(substr(%(expressions)s, 6, 2) AS integer) - 1) / 3)"
        )
        return self.as_sql(compiler, connection, template=template, **context)


def counted(ties):
    """How many ties there are of each kind and role from each quarter to each, and how many that are dated; one query.

    Rows of {kind, roles, lasting, first, last, certain_first, certain_last, n, dated}: between which quarters it may
    have been, and, of what lasted, in which it certainly did, if in any.
    """
    whens = {"first": "earliest", "last": "latest"}
    whens |= {"certain_first": "certain_from", "certain_last": "certain_until"}
    ties = ties.order_by().annotate(**{name: Quarter(F(column)) for name, column in whens.items()})
    # Of a quarter in which something may have begun and ended, what is certain is not known by its quarters.
    ties = ties.annotate(held=Q(lasting=True, certain_from__lte=F("certain_until")))
    groups = ties.values("kind", "roles", "lasting", "held", *whens)
    return list(groups.annotate(n=Count("pk"), dated=Count("pk", filter=DATED)))


def within(groups):
    """That a tie is of one of the kinds and roles."""
    roles = defaultdict(set)
    for row in groups:
        roles[row["kind"]].add(row["roles"])
    return reduce(or_, (Q(kind=kind, roles__in=found) for kind, found in roles.items()), Q(pk__in=[]))


def days_of(groups):
    """The days that an axis has to show for what is counted."""
    for row in groups:
        quarters = [(row["first"], 1), (row["last"], 3)]
        if row["lasting"]:
            quarters += [(row["certain_first"], 3), (row["certain_last"], 1)]
        for quarter, month in quarters:
            if FIRST_QUARTER < quarter < LAST_QUARTER:
                yield date(quarter // 4, quarter % 4 * 3 + month, 1)


def tally_of(groups, axis):
    """The Tally of what was `counted`."""

    def ends(row, first, last):
        return place_of(row[first] * 3, axis), place_of(row[last] * 3, axis)

    tally = Tally()
    for row in groups:
        part = tally.lasting if row["lasting"] else tally.happened
        part[ends(row, "first", "last")] += row["dated"]
        if row["held"]:
            tally.certain[ends(row, "certain_first", "certain_last")] += row["dated"]
    return tally
