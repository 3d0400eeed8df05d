"""How many ties there are by kind and time, counted by the database: for a time picture of more than can be read.

The rows of an answer are as many as there are kinds, and pairs of quarters between which anything lies; what lies
where follows from sums of them, so that no tie is ever read.
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
    """How many ties there are, and how many that are dated, of each kind and role from each quarter to each; one query.

    Rows of {kind, roles, lasting, first, last, n, dated}.
    """
    groups = grouped(ties, "earliest", "latest")
    return list(groups.annotate(n=Count("pk"), dated=Count("pk", filter=DATED)))


def held(ties, groups):
    """The same of the time that what lasted certainly did, of some kinds and roles; one query."""
    wanted = within(groups) & Q(lasting=True, certain_from__lte=F("certain_until"))
    return list(grouped(ties.filter(wanted), "certain_from", "certain_until").annotate(n=Count("pk")))


def grouped(ties, first, last):
    ties = ties.order_by().annotate(first=Quarter(F(first)), last=Quarter(F(last)))
    return ties.values("kind", "roles", "lasting", "first", "last")


def within(groups):
    """That a tie is of one of the kinds and roles."""
    roles = defaultdict(set)
    for row in groups:
        roles[row["kind"]].add(row["roles"])
    return reduce(or_, (Q(kind=kind, roles__in=found) for kind, found in roles.items()), Q(pk__in=[]))


def days_of(groups):
    """The days that an axis has to show for what is counted."""
    for row in groups:
        for quarter, month in ((row["first"], 1), (row["last"], 3)):
            if FIRST_QUARTER < quarter < LAST_QUARTER:
                yield date(quarter // 4, quarter % 4 * 3 + month, 1)


def tally_of(groups, held, axis):
    """The Tally of what was counted: `groups` by `counted`, `held` by `held`."""
    tally = Tally()
    for row in groups:
        part = tally.lasting if row["lasting"] else tally.happened
        part[ends_of(row, axis)] += row["dated"]
    for row in held:
        tally.certain[ends_of(row, axis)] += row["n"]
    return tally


def ends_of(row, axis):
    return place_of(row["first"] * 3, axis), place_of(row["last"] * 3, axis)
