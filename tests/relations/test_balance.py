"""The page of the balance: what counts where, how shares and the concentration are worked out, what is behind them."""

from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.dates import PartialDate
from apps.relations.balance import MOST_PERIODS, Balance
from apps.relations.counting import TiesOfPartners, by_periods
from tests.factories import agreement, at_once, event, membership, organization, state, visit
from tests.sampling import sample


@pytest.fixture
@at_once
def tied(focus, china):
    """Ties with three states: of China 3 in 1991-1995 and 1 in 1996-2000, of Russia 1 and 1, of France 1 and 0."""
    focus.begin = PartialDate.parse("[1991-03..1991-12]")
    focus.save()
    russia, france = (
        state("RUS", name_en="Russia", region="151"),
        state("FRA", name_en="France", region="155"),
    )
    visit(sent_by_state=focus, host=china, date="1993")
    visit(sent_by_state=china, host=focus, date="[1992..1995]")
    agreement(parties=[focus, china, russia], signed="1995-12-31")
    event(participants=[focus, france], date="1991")
    event(participants=[focus, russia, china], date="1996")
    # Not to be placed, and not of the two.
    visit(sent_by_state=focus, host=china, date="[1995..1996]")
    agreement(parties=[focus, russia])
    agreement(parties=[focus, organization()], signed="1993")
    event(participants=[china, russia], date="1993")
    event(participants=[focus, china], date="1969")
    return {"china": china, "russia": russia, "france": france}


def test_counts_what_lies_certainly_within_a_period(tied, focus):
    balance = Balance(focus)
    assert [period.label for period in balance.periods] == ["1991–1995", "1996–2000"]
    numbers = {row.state.code: (row.numbers, row.all, row.unplaced) for row in balance.partners}
    assert numbers == {"CHN": ([3, 1], 4, 1), "RUS": ([1, 1], 2, 1), "FRA": ([1, 0], 1, 0)}
    assert (balance.placed, balance.unplaced, balance.earlier) == (7, 2, 1)


def test_concentration_is_the_sum_of_squared_shares(tied, focus):
    first, second = Balance(focus).spreads
    # 3 of 5, 1 of 5, 1 of 5; then two with the same.
    assert first.concentration == pytest.approx(0.36 + 0.04 + 0.04)
    assert first.effective_partners == pytest.approx(1 / 0.44)
    assert (second.partners, second.effective_partners) == (2, pytest.approx(2))


def test_regions_have_their_shares(client, tied, focus):
    shares = {row.name: [(share.n, share.of_all) for share in row.shares] for row in Balance(focus).regions}
    assert shares == {
        "Eastern Asia": [(3, 0.6), (1, 0.5)],
        "Eastern Europe": [(1, 0.2), (1, 0.5)],
        "Western Europe": [(1, 0.2), (0, 0)],
    }
    page = " ".join(client.get("/balance/").content.decode().split())
    assert "<title>1991–1995, Eastern Asia: 60% (3)</title>" in page
    assert (
        "cannot be placed in one, and are in no share: 2." in page
        and "Before 1991, and not shown: 1." in page
    )
    alone = client.get("/balance/?region=151").context["chart"]
    assert [row.state.code for row in alone.partners] == ["RUS"]


def test_every_number_is_that_of_the_list_behind_it(client, tied, subtests):
    for query in ["", "?kind=visit&years=1", "?years=20&as_of=1995"]:
        with subtests.test(query=query):
            rows = [row for row in client.get(f"/balance.json{query}").json()["results"] if row["api_url"]]
            assert rows
            for row in rows:
                parts = urlsplit(row["api_url"])
                assert client.get(f"{parts.path}?{parts.query}").json()["count"] == row["ties"]
                assert client.get(urlsplit(row["page_url"]).path).status_code == 200


def test_memberships_are_those_that_both_certainly_had_on_the_last_day(client, tied, focus):
    club, other = organization(), organization()
    membership(member_state=focus, organization=club, start="1992", end="..", attested="2004")
    membership(member_state=focus, organization=other, start="1992")
    membership(member_state=tied["china"], organization=club, start="1994", end="1999")
    membership(member_state=tied["russia"], organization=club, start="2000-12-31", end="2005")
    membership(member_state=tied["russia"], organization=other, start="1992", end="2004")
    rows = client.get("/balance.json?kind=membership").json()["results"]
    assert [(row["from"], row["code"], row["ties"]) for row in rows] == [
        ("", "RUS", 1),
        ("1991", "CHN", 1),
        ("1996", "RUS", 1),
    ]
    for row in rows[1:]:
        parts = urlsplit(row["api_url"])
        shared = client.get(f"{parts.path}?{parts.query}").json()["shared_memberships"]
        assert sum(found["holds"] == "certain" for found in shared) == row["ties"]
    assert client.get("/balance/?kind=membership&as_of=1994").status_code == 200


ODD = [["0001", "9999-12-31"], [], ["", "[1995..]"], ["9998"], ["0001"]]


@pytest.mark.parametrize("dates", sample(ODD, ODD[:1]))
@pytest.mark.parametrize("years", [1, 20])
def test_odd_years_are_drawn_within_bounds(client, focus, china, dates, years):
    for date in dates:
        visit(sent_by_state=focus, host=china, date=date)
    answer = client.get(f"/balance/?years={years}")
    assert answer.status_code == 200 and len(answer.context["chart"].periods) <= MOST_PERIODS
    for row in client.get(f"/balance.json?years={years}").json()["results"]:
        parts = urlsplit(row["api_url"])
        assert not row["api_url"] or client.get(f"{parts.path}?{parts.query}").json()["count"] == row["ties"]


def test_periods_are_rounded_down_before_the_first_year(focus, china):
    # The year 2 lies in the period from -7; SQL, which rounds towards 0, would say in the one from 3.
    for date in ("0002", "[0002..0003]", "0003", "9998", "[0001..0002]"):
        visit(sent_by_state=focus, host=china, date=date)
    rows = by_periods(TiesOfPartners(focus), ["kind"], 10, 3)
    assert sorted(rows, key=str) == [
        ("visit", -7, 1),
        ("visit", 3, 1),
        ("visit", 9993, 1),
        ("visit", None, 2),
    ]


def test_period_of_a_span_of_years_as_of_a_day_within_it(focus, china):
    visit(sent_by_state=focus, host=china, date="[1997-03..1998-04]")
    visit(sent_by_state=focus, host=china, date="[1997-03..2001-04]")
    rows = by_periods(TiesOfPartners(focus), ["kind"], 5, 1996, PartialDate.parse("1997-06-15"))
    assert sorted(rows, key=str) == [("visit", 1996, 1), ("visit", None, 1)]


def test_wrong_parameter_is_refused_and_named(client, focus, subtests):
    for query, named in [
        ("kind=office", "kind"),
        ("years=3", "years"),
        ("years=5&years=5", "years"),
        ("region=x", "region"),
        ("as_of=now", "as_of"),
        ("state=CHN", "state"),
    ]:
        with subtests.test(query=query):
            page = client.get(f"/balance/?{query}")
            assert page.status_code == 400
            assert f"<code>{named}</code>" in page.content.decode() and page.context["reference"] is None
            faults = client.get(f"/balance.csv?{query}").json()["errors"]
            assert [fault["parameter"] for fault in faults] == [named]


@pytest.mark.once
@pytest.mark.parametrize("kind", ["", "membership"])
def test_costs_the_same_for_more_ties(client, focus, kind):
    @at_once
    def add():
        where = organization()
        membership(member_state=focus, organization=where, start="1992", end="2012")
        for year in range(1992, 1998):
            other = state(region="151")
            visit(sent_by_state=focus, host=other, date=str(year))
            membership(member_state=other, organization=where, start=str(year), end="2012")

    def cost():
        add()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/balance/?kind={kind}").status_code == 200
        return len(captured)

    assert cost() == cost() <= 5
