"""What is read from the counts that are kept is what counting the ties themselves tells."""

from collections import Counter, defaultdict

import pytest
from django.db import transaction

from apps.core.dates import EARLIEST, LATEST, PartialDate
from apps.relations.counting import Ties, TiesOfPartners, by_periods, by_years, entries_in_common, numbers
from apps.relations.models import Tie
from tests.relations.test_index import Curator

pytestmark = pytest.mark.django_db
NAMES = ("kind", "roles")
DAYS = [
    "",
    "1993",
    "1993-02",
    "1993-02-13",
    "1993-02-14",
    "1992-01-01",
    "1995-12-31",
    "2001-10",
    "2001-11-30",
]
DAYS += ["2007-04-15", "2012", "2013-07-01", "2015-03-31", "0001", "9999-12-31"]


@pytest.fixture(scope="module")
def curator(django_db_setup, django_db_blocker):
    """What one curator left behind, made once, since no test here changes it."""
    with django_db_blocker.unblock(), transaction.atomic():
        curator = Curator(1)
        for _step in range(150):
            curator.act()
        yield curator
        transaction.set_rollback(True)


def plain(ties, day):
    """{(kind, roles): (n, certain, low, high)} by going through the ties one by one."""
    rows = ties.as_of(day.earliest, day.latest) if day else ties
    told = defaultdict(lambda: [0, 0, set(), set()])
    for row in rows:
        line = told[row.kind, row.roles]
        line[0] += 1
        line[1] += getattr(row, "holds", "certain") == "certain"
        line[2] |= {row.earliest.year} - {EARLIEST.year}
        line[3] |= {row.latest.year} if row.lasting or row.latest != LATEST else set()
    return {
        key: (n, sure, min(low, default=None), max(high, default=None))
        for key, (n, sure, low, high) in told.items()
    }


def kept(ties, day):
    told = defaultdict(lambda: [0, 0, set(), set()])
    for row in numbers(ties, NAMES, day):
        line = told[row["kind"], row["roles"]]
        line[0] += row["n"]
        line[1] += row["certain"]
        line[2] |= {row["low"]} - {None}
        line[3] |= {row["high"]} - {None}
    return {
        key: (n, sure, min(low, default=None), max(high, default=None))
        for key, (n, sure, low, high) in told.items()
    }


@pytest.mark.exhaustive
@pytest.mark.parametrize("day", DAYS)
def test_any_day_counts_what_the_ties_say(curator, day):
    day = PartialDate.parse(day) if day else None
    focus = curator.states[0]
    in_time = Tie.objects.in_time()
    for state in curator.states:
        of_state = in_time.concerning(state)
        assert kept(Ties.of(state), day) == plain(of_state, day)
        assert kept(Ties.of(state, with_focus=True), day) == plain(of_state.also_concerning(focus), day)
        assert kept(Ties.of(state, with_focus=False), day) == plain(of_state.not_concerning(focus), day)
        assert kept(Ties.of(state, kind="visit"), day) == plain(of_state.filter(kind="visit"), day)
    assert kept(Ties.of(None), day) == plain(in_time.one_each(), day)
    others = in_time.concerning(focus).of_states_concerned().exclude(state=focus)
    assert kept(TiesOfPartners(focus), day) == plain(others, day)
    told = (others.as_of(day.earliest, day.latest) if day else others).by_years("state", "kind")
    assert years(by_years(TiesOfPartners(focus), ["state", "kind"], day)) == years(told)
    for length, origin in ((1, 0), (5, 1991), (20, 0), (10, 3)):
        periods = by_periods(TiesOfPartners(focus), ["state", "kind"], length, origin, day)
        assert years(periods) == years(in_periods(told, length, origin))


@pytest.mark.exhaustive
@pytest.mark.parametrize("day", DAYS)
def test_on_any_day_two_states_have_in_common_what_the_ties_say(curator, day):
    day = PartialDate.parse(day) if day else None
    for state in curator.states:
        ties = Tie.objects.in_time().concerning(state)
        ties = ties.as_of(day.earliest, day.latest) if day else ties
        entries = ties.values("entry").order_by()
        others = Tie.objects.filter(entry__in=entries, state__isnull=False).exclude(state=state)
        assert entries_in_common(state, day) == Counter(others.values_list("state", flat=True))


def in_periods(rows, length, origin):
    for state, kind, first, last, n in rows:
        begins = {(year - origin) // length * length + origin for year in (first, last)}
        is_placed = len(begins) == 1 and not {first, last} & {1, 9999}
        yield state, kind, begins.pop() if is_placed else None, n


def years(rows):
    counted = Counter()
    for *key, n in rows:
        counted[tuple(key)] += n
    return +counted
