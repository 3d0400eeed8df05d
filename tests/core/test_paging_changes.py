"""Pages of a list that changes while somebody reads it: no row twice, none lost of those that stood throughout."""

from datetime import timedelta
from functools import partial

import pytest
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings, strategies as st

from apps.core.paging import Instances, Page, instances
from apps.core.shapes import Asked
from apps.visits.filters import VisitFilter
from apps.visits.models import Visit
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]

NOW = timezone.now()
# Every order of the list, and some of more columns, of text and over a relation.
ORDERS = [order.columns for order in VisitFilter.orderings.values()] + [
    ("-kind", "date_earliest", "-pk"),
    ("host__name_en", "-date_earliest", "pk"),
]
HOSTS = ["Ұлытау", "ulytau", "Üly", "Uly 100%"]

# Few values of each column, so that most rows are tied with others; times a microsecond apart, and alike.
rows = st.fixed_dictionaries(
    {
        "date": st.sampled_from(["", "1993", "1993-02", "[1993..1995]", "1995"]),
        "kind": st.sampled_from(["state", "working"]),
        "host": st.integers(0, len(HOSTS) - 1),
        "updated": st.integers(0, 3),
    }
)
# Between two pages: rows that come, and places, in the list of all, of rows that go.
changes = st.lists(
    st.tuples(st.lists(rows, max_size=3), st.lists(st.integers(0, 30), max_size=3)), min_size=1, max_size=6
)


@pytest.fixture
@factories.at_once
def world(db):
    return {
        "visitor": factories.person(),
        "sent_by_state": factories.state(),
        "hosts": [factories.state(name_en=name) for name in HOSTS],
    }


def plain():
    return QuerySet(Visit)


def add(world, described):
    """Rows as described, written past the index of ties, which this is not about; their keys."""
    made = [
        Visit(
            slug=f"visit-{next(factories._numbers)}",
            status="published",
            visitor=world["visitor"],
            sent_by_state=world["sent_by_state"],
            capacity="head_of_state",
            host=world["hosts"][row["host"]],
            date=row["date"],
            kind=row["kind"],
        )
        for row in described
    ]
    plain().bulk_create(made)
    for visit, row in zip(made, described, strict=True):
        moment = NOW + timedelta(microseconds=row["updated"])
        plain().filter(pk=visit.pk).update(updated_at=moment)
    return {visit.pk for visit in made}


def page(columns, limit, cursor):
    query = QueryDict(mutable=True)
    query.update({"limit": str(limit), "cursor": cursor})
    rows = Visit.objects.all()
    return Page.of(Asked.once(rows), columns, query, Instances(partial(instances, rows)))


def walk(columns, limit, step, cursor="", between=lambda: None):
    """The keys of the rows of each page, in the order in which they are shown, with changes between the pages."""
    seen = []
    for _ in range(60):
        shown = page(columns, limit, cursor)
        keys = [row.pk for row in shown.rows]
        seen.append(keys)
        cursor = getattr(shown, step)
        if not cursor:
            return [key for keys in (seen if step == "next_cursor" else reversed(seen)) for key in keys]
        between()
    raise AssertionError("the pages never end")


def changing(world, plan, stood):
    """A function that makes the next change of the plan, and takes what goes out of `stood`."""
    steps = iter(plan)

    def change():
        come, go = next(steps, ([], []))
        there = sorted(Visit.objects.values_list("pk", flat=True))
        gone = {there[place % len(there)] for place in go} if there else set()
        plain().filter(pk__in=gone)._raw_delete("default")
        stood.difference_update(gone)
        add(world, come)

    return change


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(rows, min_size=2, max_size=12),
    plan=changes,
    limit=st.integers(1, 5),
    columns=st.sampled_from(ORDERS),
    backwards=st.booleans(),
)
def test_walk_through_a_list_that_changes(world, first, plan, limit, columns, backwards):
    plain()._raw_delete("default")
    stood = add(world, first)
    step, cursor = "next_cursor", ""
    if backwards:
        # To the end first, where nothing changes yet, and from the last page back.
        last = ""
        while following := page(columns, limit, last).next_cursor:
            last = following
        step, cursor = "previous_cursor", last
    seen = walk(columns, limit, step, cursor, changing(world, plan, stood))
    assert len(seen) == len(set(seen))
    in_order = [key for key in Visit.objects.order_by(*columns).values_list("pk", flat=True) if key in stood]
    assert [key for key in seen if key in stood] == in_order


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(rows, min_size=2, max_size=12),
    touched=st.lists(st.lists(st.integers(0, 30), max_size=2), min_size=1, max_size=6),
    limit=st.integers(1, 5),
)
def test_walk_by_changes_sees_the_last_state_of_every_row(world, first, touched, limit):
    """In the order `updated` a row that is changed meanwhile comes again; none is missed, and none left as it was."""
    plain()._raw_delete("default")
    add(world, first)
    steps = iter(touched)

    def touch():
        there = sorted(Visit.objects.values_list("pk", flat=True))
        for place in next(steps, []):
            plain().filter(pk=there[place % len(there)]).update(updated_at=timezone.now())

    last_seen, cursor = {}, ""
    for _ in range(60):
        shown = page(("updated_at", "pk"), limit, cursor)
        last_seen |= {row.pk: row.updated_at for row in shown.rows}
        cursor = shown.next_cursor
        if not cursor:
            break
        touch()
    assert last_seen == dict(Visit.objects.values_list("pk", "updated_at"))
