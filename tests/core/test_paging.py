from datetime import date
from functools import partial

import pytest
from django.db import connection
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings, strategies as st

from apps.core.keysets import MOST_AT_ONCE, BadCursor, Keyset
from apps.core.paging import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    MOST_COUNTED,
    BadLimit,
    Instances,
    Page,
    instances,
    read_limit,
)
from apps.core.shapes import BOUNDS, Asked
from apps.organizations.models import Membership
from apps.visits.models import Visit
from tests import factories

pytestmark = pytest.mark.django_db

LATEST_FIRST = ("-date_earliest", "pk")
ORDERS = [LATEST_FIRST, ("date_earliest", "-pk"), ("-kind", "date_earliest", "-pk"), ("host__code", "pk")]


def page(queryset, columns=LATEST_FIRST, scattered=False, **query):
    address = QueryDict(mutable=True)
    address.update(query)
    return Page.of(
        Asked.once(queryset), columns, address, Instances(partial(instances, queryset)), scattered=scattered
    )


def walked(queryset, columns, limit, start="", step="next_cursor", scattered=False):
    """The rows of each page from `start` on, the number of pages being bounded."""
    cursor, pages = start, []
    while len(pages) < 50:
        shown = page(queryset, columns, scattered, limit=str(limit), cursor=cursor)
        pages.append(shown)
        cursor = getattr(shown, step)
        if not cursor:
            return pages
    raise AssertionError("the pages never end")


@pytest.fixture
@factories.at_once
def visits():
    """A handful of rows to which dates and kinds are given at will."""
    common = {
        "visitor": factories.person(),
        "sent_by_state": factories.state(),
    }
    hosts = [factories.state("QQA"), factories.state("QQB")]
    return [factories.visit(host=hosts[number % 2], **common) for number in range(9)]


# Few dates and kinds, so that most rows are tied with others.
dated = st.lists(
    st.tuples(st.sampled_from(["", "1993", "1993-02", "1995"]), st.sampled_from(["state", "working"])),
    min_size=9,
    max_size=9,
)


@pytest.mark.exhaustive
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dates=dated, limit=st.integers(1, 10), columns=st.sampled_from(ORDERS), scattered=st.booleans())
def test_page_walk_gives_every_row_once_both_ways(visits, dates, limit, columns, scattered):
    for visit, (written, kind) in zip(visits, dates, strict=True):
        visit.date, visit.kind = written, kind
    Visit.objects.bulk_update(visits, ["date", "kind"])
    everything = list(Visit.objects.order_by(*columns))

    forwards = walked(Visit.objects.all(), columns, limit, scattered=scattered)
    assert [row for shown in forwards for row in shown.rows] == everything
    assert {shown.count for shown in forwards} == {9}

    back = walked(
        Visit.objects.all(), columns, limit, forwards[-1].previous_cursor, "previous_cursor", scattered
    )
    if forwards[-1].previous_cursor:
        assert [row for shown in reversed(back) for row in shown.rows] + forwards[-1].rows == everything
        again = walked(Visit.objects.all(), columns, limit, back[-1].next_cursor, scattered=scattered)
        assert back[-1].rows + [row for shown in again for row in shown.rows] == everything


def test_page_has_no_links_where_all_rows_fit(visits):
    shown = page(Visit.objects.all())
    assert len(shown.rows) == shown.count == 9
    assert (shown.next_query, shown.previous_query) == ("", "")


def test_page_of_nothing():
    shown = page(Visit.objects.all())
    assert (shown.rows, shown.count, shown.next_query, shown.previous_query) == ([], 0, "", "")


def test_page_links_keep_the_other_parameters_and_drop_empty_ones(visits):
    shown = page(Visit.objects.all(), limit="2", kind="", state="QQA")
    assert shown.next_query.startswith("?limit=2&state=QQA&cursor=")


def test_page_after_a_deleted_row_goes_on(visits):
    first = page(Visit.objects.all(), limit="3")
    first.rows[-1].delete()
    second = page(Visit.objects.all(), limit="3", cursor=first.next_cursor)
    assert second.rows == visits[3:6]


def test_page_at_the_end_whose_rows_are_gone_leads_back(visits):
    first = page(Visit.objects.all(), limit="3")
    Visit.objects.exclude(pk__in=[row.pk for row in first.rows]).delete()
    empty = page(Visit.objects.all(), limit="3", cursor=first.next_cursor)
    assert empty.rows == []
    assert page(Visit.objects.all(), limit="3", cursor=empty.previous_cursor).rows == first.rows[:2]


@pytest.mark.parametrize("start", ["", "next"])
def test_page_asks_as_many_queries_for_many_rows_as_for_few(visits, django_assert_num_queries, start):
    cursor = page(Visit.objects.all(), limit="1").next_cursor if start else ""
    for limit in ("1", "7"):
        with django_assert_num_queries(4 if start else 3):
            page(Visit.objects.all(), limit=limit, cursor=cursor)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads few rows without an index.")
@pytest.mark.parametrize("backwards", [False, True])
def test_page_after_many_rows_of_one_date_is_found_by_an_index(backwards):
    keyset = Keyset(Visit, LATEST_FIRST)
    tied, others = (
        keyset.ordered(Visit.objects.filter(stretch), backwards).values_list("pk").explain()
        for stretch in keyset.stretches([date(1993, 2, 1), 7], backwards)
    )
    assert f"visits_visit_by_date (date_earliest=? AND id{'<>'[not backwards]}?)" in tied
    assert f"visits_visit_by_date (date_earliest{'<>'[backwards]}?)" in others
    assert "TEMP" not in tied + others


def test_keyset_order_must_end_in_the_primary_key():
    with pytest.raises(ValueError, match="primary key"):
        Keyset(Visit, ("-date_earliest",))


def test_cursor_round_trip_of_every_type_of_column():
    keyset = Keyset(Membership, ("organization__name_en", "-start_earliest", "pk"))
    position = ["Ұйым “x” +/=", date(1992, 1, 1), 2**62]
    for backwards in (False, True):
        assert keyset.read(keyset.cursor(position, backwards)) == (position, backwards)


def test_cursor_changed_in_any_place_is_refused():
    keyset = Keyset(Visit, LATEST_FIRST)
    for number in (7, 70, 700):  # Each leaves other bits of the last character unused.
        cursor = keyset.cursor([date(1993, 1, 1), number])
        for place, original in enumerate(cursor):
            for other in {*"A09QRS123"} - {original}:
                with pytest.raises(BadCursor, match="not a cursor of this list"):
                    keyset.read(cursor[:place] + other + cursor[place + 1 :])


@pytest.mark.parametrize("columns", [("date_earliest", "-pk"), ("-date_earliest", "-pk")])
def test_cursor_of_another_order_is_refused(columns):
    cursor = Keyset(Visit, columns).cursor([date(1993, 1, 1), 7])
    with pytest.raises(BadCursor):
        Keyset(Visit, LATEST_FIRST).read(cursor)


def test_cursor_of_another_list_is_refused():
    cursor = Keyset(Membership, ("pk",)).cursor([7])
    with pytest.raises(BadCursor):
        Keyset(Visit, ("pk",)).read(cursor)


@pytest.mark.parametrize(
    "cursor", ["x", "AAAA", "A" * 5000, "ä" * 20, "A" * 16, "=" * 20, "A" * 17, " " * 20]
)
def test_cursor_that_is_none_is_refused(cursor):
    with pytest.raises(BadCursor):
        Keyset(Visit, LATEST_FIRST).read(cursor)


@settings(max_examples=200)
@given(st.text())
def test_cursor_of_any_text_is_refused_and_never_worse(text):
    with pytest.raises(BadCursor):
        Keyset(Visit, LATEST_FIRST).read(text)


def test_statements_are_bound_to_what_pages_ask_for():
    """One row more than they show or count, by which they know that there are more; 20 are many short ones."""
    assert BOUNDS == (2, 20 + 1, DEFAULT_LIMIT + 1, MAX_LIMIT + 1, MOST_COUNTED + 1)
    assert MOST_AT_ONCE + 1 in BOUNDS


def test_limit_left_out_is_the_usual_one():
    assert read_limit("") == DEFAULT_LIMIT


@pytest.mark.parametrize(("text", "limit"), [("1", 1), ("200", 200), ("007", 7)])
def test_limit_within_bounds(text, limit):
    assert read_limit(text) == limit


@pytest.mark.parametrize("text", ["0", "201", "-1", "1.5", "1e2", "+5", "1_0", "١٢", " 5", "all", "9" * 30])
def test_limit_out_of_bounds_is_refused(text):
    with pytest.raises(BadLimit, match="1 to 200"):
        read_limit(text)
