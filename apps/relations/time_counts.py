"""How many ties there are by kind and time, counted by the database: for a time picture of more than can be read.

The rows of an answer are as many as there are ways to lie between quarters; how much there is in each stretch of an
axis follows from sums of them, so that no tie is ever read.
"""

from collections import Counter, defaultdict
from datetime import date
from functools import cache, reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Count, F, Q, Sum

from apps.core.dates import EARLIEST, LATEST
from apps.relations.counting import QUARTER, Ties
from apps.relations.pairs import Pair
from apps.relations.stretches import PARTS, Stretch, stretch
from apps.relations.tie_counts import DATES
from apps.relations.time_bars import Tally, place_of

# When something is known of when it was; the rest has no place in a picture of time.
DATED = (
    Q(earliest__gt=EARLIEST)
    | Q(latest__lt=LATEST)
    | Q(lasting=True, certain_from__lt=LATEST)
    | Q(lasting=True, certain_until__gt=EARLIEST)
)
# The same of counts by quarters.
DATED_STRETCHES = (
    Q(first__gt=stretch(EARLIEST, QUARTER))
    | Q(last__lt=stretch(LATEST, QUARTER))
    | Q(lasting=True, certain_first__lt=stretch(LATEST, QUARTER))
    | Q(lasting=True, certain_last__gt=stretch(EARLIEST, QUARTER))
)
NAMES = ("kind", "roles", "lasting", "held")
FIRST_QUARTER, LAST_QUARTER = (day.year * 4 + (day.month - 1) // 3 for day in (EARLIEST, LATEST))


class Group(NamedTuple):
    """How many ties there are of a kind and role from some quarters to others, `n`, and how many that are dated.

    Between `first` and `last` it may have been, and, of what lasted, between the certain ones it certainly did, if in
    any. `held` is what did so on some day: a quarter in which something may have begun and ended does not tell.
    """

    kind: str
    roles: str
    lasting: bool
    held: bool
    first: int
    last: int
    certain_first: int
    certain_last: int
    n: int
    dated: int


def counted(ties):
    """The Groups of ties, a queryset, a Pair, or `counting.Ties`; one query."""
    if isinstance(ties, Pair):
        return _counted_here(ties.found)
    if isinstance(ties, Ties):
        groups, number = ties.counts(QUARTER), Sum("ties")
        quarters, dated = {name: F(name) for name in DATES}, Sum("ties", filter=DATED_STRETCHES, default=0)
    else:
        held = Q(lasting=True, certain_from__lte=F("certain_until"))
        groups, number = ties.order_by().annotate(held=held), Count("pk")
        quarters = {name: Stretch(column, QUARTER) for name, column in DATES.items()}
        dated = Count("pk", filter=DATED)
    groups = groups.annotate(**{f"in_{name}": quarter / PARTS for name, quarter in quarters.items()})
    rows = groups.values_list(*NAMES, *(f"in_{name}" for name in DATES)).annotate(n=number, dated=dated)
    return [Group(*row) for row in rows]


def _counted_here(ties):
    """The same of ties that are at hand."""
    numbers, dated = Counter(), Counter()
    for tie in ties:
        held = tie.lasting and tie.certain_from <= tie.certain_until
        days = (tie.earliest, tie.latest, tie.certain_from, tie.certain_until)
        group = (tie.kind, tie.roles, tie.lasting, held, *(stretch(day, QUARTER) // PARTS for day in days))
        numbers[group] += 1
        dated[group] += _is_dated(tie)
    return [Group(*group, n, dated[group]) for group, n in numbers.items()]


def _is_dated(tie):
    """As DATED."""
    is_held = tie.lasting and (tie.certain_from < LATEST or tie.certain_until > EARLIEST)
    return tie.earliest > EARLIEST or tie.latest < LATEST or is_held


def within(groups):
    """That a tie is of one of the kinds and roles."""
    roles = defaultdict(set)
    for row in groups:
        roles[row.kind].add(row.roles)
    return reduce(or_, (Q(kind=kind, roles__in=found) for kind, found in roles.items()), Q(pk__in=[]))


def days_of(groups):
    """The days that an axis has to show for what is counted."""
    quarters = set()
    for row in groups:
        quarters |= {(row.first, 1), (row.last, 3)}
        if row.lasting:
            quarters |= {(row.certain_first, 3), (row.certain_last, 1)}
    for quarter, month in quarters:
        if FIRST_QUARTER < quarter < LAST_QUARTER:
            yield date(quarter // 4, quarter % 4 * 3 + month, 1)


def tally_of(groups, axis):
    """The Tally of what was `counted`."""
    place = cache(lambda quarter: place_of(quarter * 3, axis))
    tally = Tally()
    for row in groups:
        part = tally.lasting if row.lasting else tally.happened
        part[place(row.first), place(row.last)] += row.dated
        if row.held:
            tally.certain[place(row.certain_first), place(row.certain_last)] += row.dated
    return tally
