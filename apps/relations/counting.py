"""How many ties there are, and how many there were on a day: read from what is kept (`models.TieCount`).

What is kept is told by stretches of time. On a day, most ties are before or after by their stretches; those that have
a day in the very stretch are read one by one, by an index of the order of time. So the cost of a number does not grow
with what is recorded of other years.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Case, Count, F, Max, Min, Q, Sum, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from apps.core.dates import EARLIEST, LATEST
from apps.core.models import Span
from apps.core.spans import Holds
from apps.relations.models import KINDS, PairCount, PairYearCount, Tie, TieCount
from apps.relations.querysets import SUBJECTS, YearOf
from apps.relations.stretches import PARTS, days_between, is_between, stretch

# The years that stand for a limit that is not known.
UNDATED = (EARLIEST.year, LATEST.year)
WHOLE, YEAR, QUARTER = TieCount.Grain


@dataclass(frozen=True)
class Ties:
    """Those of a state (of None, each entry once), or of those that meet `where`, a condition on ties and on counts.

    `grain` is that by which their numbers are read where a day is asked for, or years.
    """

    state: object = None
    where: Q = field(default_factory=Q)
    grain: int = QUARTER

    @classmethod
    def of(cls, state, with_focus=None, **where):
        """With `with_focus`, those whose entries concern the focal state too, or those whose do not."""
        # As a list, since SQLite finds no plain boolean by an index, and nothing that comes after it there.
        where["with_focus__in"] = [False, True] if with_focus is None else [with_focus]
        # By quarters is kept only what concerns the focal state.
        return cls(state, Q(**where), QUARTER if state is None or with_focus or state.is_focus else YEAR)

    def counts(self, grain):
        counts = TieCount.objects.in_time().filter(self.where, grain=grain)
        return counts.of_state(self.state) if self.state else counts.one_each()

    def rows(self, which):
        """The ties that meet a condition."""
        ties = Tie.objects.in_time().filter(self.where, which)
        return ties.concerning(self.state) if self.state else ties.one_each()


@dataclass(frozen=True)
class TiesOfPartners(Ties):
    """Those of all other states whose entries concern the focal state, `state`, too: `state` is a column of them."""

    grain: int = YEAR

    def counts(self, grain):
        counts = TieCount.objects.in_time().filter(self.where, grain=grain, with_focus__in=[True])
        return counts.filter(of__gt=0).exclude(of=self.state.pk).annotate(state=F("of"))

    def rows(self, which):
        # By way of the focal state: its ties have the same days, and an index in their order.
        ours = Tie.objects.in_time().filter(self.where, which).concerning(self.state)
        return ours.of_states_concerned().exclude(state=self.state)


def numbers(ties, names, day=None):
    """Rows of {each of the columns `names`, n, certain, low, high}; several may be of the same.

    `low` and `high` are the years of the first and of the last day that is known of any, `high` that of LATEST where
    something was still going on. With `day`, a PartialDate, as of it; otherwise what is recorded counts as certain.
    """
    rows = [row for counted, unit in _parts(ties, day) for row in _numbers(counted, unit, names, day)]
    return [row for row in rows if row["n"]]


def _numbers(counted, unit, names, day):
    first, last, n = (unit[name] for name in ("first", "last", "n"))
    return counted.values(*names).annotate(
        n=n(),
        certain=n(filter=Q(holds=Holds.CERTAIN)) if day else n(),
        low=Min(unit["first_year"], filter=~Q(**{first: unit["earliest"]})),
        high=Max(unit["last_year"], filter=Q(lasting=True) | ~Q(**{last: unit["latest"]})),
    )


def by_years(ties, names, day=None):
    """Tuples of the columns `names`, the years between which a tie may lie, and how many; several may be of the same.

    As `TieQuerySet.by_years`: the years 1 and 9999 stand for a limit that is not known.
    """
    rows = []
    for counted, unit in _parts(ties, day):
        years = counted.annotate(first_year=unit["first_year"], last_year=unit["last_year"])
        rows += years.values_list(*names, "first_year", "last_year").annotate(n=unit["n"]())
    return rows


def by_periods(ties, names, length, origin, day=None):
    """Tuples of the columns `names`, a year, and how many there are; several may be of the same.

    The year is the first of the period in which a tie certainly lies, None where that is not known. Periods are of
    `length` years, and one begins in the year `origin`; the first may begin before the year 1.
    """
    rows, begin = [], origin % length
    for counted, unit in _parts(ties, day):
        years = counted.annotate(first_year=unit["first_year"], last_year=unit["last_year"])
        # From 0, since SQL rounds towards it.
        first, last = ((F(name) + (length - begin)) / length for name in ("first_year", "last_year"))
        unknown = Q(first_year__in=UNDATED) | Q(last_year__in=UNDATED)
        period = Case(When(~unknown & Q(Exact(first, last)), then=first * length + (begin - length)))
        rows += years.annotate(period=period).values_list(*names, "period").annotate(n=unit["n"]())
    return rows


def totals(names, **where):
    """Tuples of the columns `names` and how many there are in all time, whatever the kind."""
    counts = TieCount.objects.filter(grain=WHOLE, **where)
    return counts.values_list(*names).annotate(n=Sum("ties"))


def entries_in_common(state, day=None):
    """{primary key of another state: how many entries concern it and this one}; with `day`, a PartialDate, as of it."""
    if not day:
        pairs = PairCount.objects.filter(one=state.pk, entries__gt=0)
        return Counter(dict(pairs.values_list("other", "entries")))
    limits = [stretch(limit, YEAR) for limit in (day.latest, day.earliest)]
    counts = PairYearCount.objects.filter(one=state.pk, first__lte=limits[0], until__gte=limits[1])
    # All kinds are named, since an index has them before the days.
    in_time = [kind for kind in KINDS if kind not in SUBJECTS]
    lasting = [kind for kind in in_time if issubclass(KINDS[kind], Span)]
    ties = Ties.of(state).rows(Q(kind__in=in_time)).as_of(day.earliest, day.latest)
    found = Counter()
    for stretches, column, number, which in (
        ("first", "earliest", limits[0], Q()),
        ("until", "possible_until", limits[1], Q(kind__in=lasting)),
    ):
        if is_between(number):
            counts = counts.exclude(**{stretches: number})
            inside = _inside((column,), [days_between(number, YEAR)])
            found.update(_others(ties.filter(inside, which), state))
            ties = ties.exclude(inside)
    found.update(dict(counts.values_list("other").annotate(Sum("entries"))))
    return found


def _others(ties, state):
    """{primary key of another state: how many of the entries of these ties concern it}"""
    others = ties.of_states_concerned().exclude(state=state).order_by()
    return dict(others.values_list("state").annotate(number=Count("*")))


def _parts(ties, day):
    """(what is to be counted, by which columns): the counts that are kept, and where they do not say, ties."""
    grain = ties.grain if day else YEAR
    counts, unit = ties.counts(grain), _of_counts(grain)
    if not day:
        yield counts, unit
        return
    stretches = [stretch(limit, grain) for limit in (day.earliest, day.latest)]
    unsure = {number for number in stretches if is_between(number)}
    if not unsure:
        yield counts.as_of(*stretches), unit
        return
    yield counts.apart_from(unsure).as_of(*stretches), unit
    for which in _unsure(counts.across(unsure), unsure, grain):
        yield ties.rows(which).as_of(day.earliest, day.latest), OF_TIES


def _unsure(counts, unsure, grain):
    """Conditions that meet the ties counted in these counts alone, each by an index: what happened, and what lasted."""
    limits = [days_between(number, grain) for number in unsure]
    unknown = stretch(EARLIEST, grain)
    position = Case(When(first=unknown, then=F("certain_first")), default=F("first"))
    groups = list(counts.values("lasting", "kind").annotate(low=Min(position), high=Max(position)))
    happened = [row for row in groups if not row["lasting"]]
    if happened:
        first = days_between(min(row["low"] for row in happened), grain)[0]
        last = days_between(max(row["high"] for row in happened), grain)[1]
        days = _inside(("earliest", "latest", "certain_from", "certain_until"), limits)
        yield days & Q(lasting=False, position__range=(first, last))
    if lasted := [row["kind"] for row in groups if row["lasting"]]:
        # Of what begins in the stretch, its position tells; of the rest, an index of each day, one after the other.
        begun = _inside(("position",), limits) & _inside(("earliest",), limits)
        yield begun & Q(lasting=True, kind__in=lasted)
        known = _inside(("earliest",), limits)
        for column in ("certain_from", "certain_until", "latest"):
            inside = _inside((column,), limits)
            yield inside & ~known & Q(lasting=True, kind__in=lasted)
            known |= inside


def _inside(columns, limits):
    """That one of the columns is a day between two limits, and neither of them."""
    return reduce(
        or_,
        (
            Q(**{f"{column}__gt": first, f"{column}__lt": last})
            for column in columns
            for first, last in limits
        ),
    )


def _of_counts(grain):
    return {
        "first": "first",
        "last": "last",
        "first_year": F("first") / (PARTS * grain),
        "last_year": F("last") / (PARTS * grain),
        "earliest": stretch(EARLIEST, grain),
        "latest": stretch(LATEST, grain),
        "n": lambda **which: Coalesce(Sum("ties", **which), 0),
    }


OF_TIES = {
    "first": "earliest",
    "last": "latest",
    "first_year": YearOf("earliest"),
    "last_year": YearOf("latest"),
    "earliest": EARLIEST,
    "latest": LATEST,
    "n": lambda **which: Count("pk", **which),
}
