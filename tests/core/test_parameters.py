"""Each kind of parameter: what it takes, what it refuses, and in which words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from apps.agreements.filters import AgreementFilter
from apps.agreements.models import Agreement
from apps.figures.filters import FigureFilter
from apps.figures.models import Figure
from apps.organizations.filters import MembershipFilter
from apps.organizations.models import Membership
from apps.sources.filters import SourceFilter
from apps.sources.models import Source
from apps.states.filters import StateFilter
from apps.states.models import State
from apps.visits.filters import VisitFilter
from apps.visits.models import Visit
from tests import factories

pytestmark = pytest.mark.django_db

MODELS = {
    AgreementFilter: Agreement,
    FigureFilter: Figure,
    MembershipFilter: Membership,
    SourceFilter: Source,
    StateFilter: State,
    VisitFilter: Visit,
}


def asked(filterset_class, **query):
    address = QueryDict(mutable=True)
    address.update(query)
    return filterset_class(address, MODELS[filterset_class].objects.all())


def found(filterset_class, **query):
    filterset = asked(filterset_class, **query)
    assert filterset.errors == {}
    return list(filterset.qs)


def refusal(filterset_class, name, **query):
    """What is said of the one parameter that is wrong."""
    (fault,) = asked(filterset_class, **query).faults
    assert fault.parameter == name
    return fault.detail


# certainty


def test_certainty_keeps_the_certain_or_the_merely_possible():
    certain = factories.membership(start="1992", end="2005")
    possible = factories.membership(start="[1992..]")
    factories.membership(start="2001")
    assert found(MembershipFilter, as_of="2000") == [certain, possible]
    assert found(MembershipFilter, as_of="2000", certainty="certain") == [certain]
    assert found(MembershipFilter, as_of="2000", certainty="possible") == [possible]


def test_certainty_of_what_happens_at_a_time():
    certain, possible = factories.visit(date="1993-02"), factories.visit(date="[1992..1997]")
    factories.visit(date="1998")
    assert found(VisitFilter, as_of="1995", certainty="certain") == [certain]
    assert found(VisitFilter, as_of="1995", certainty="possible") == [possible]


def test_certainty_needs_a_day():
    assert (
        refusal(MembershipFilter, "certainty", certainty="certain")
        == "It needs the parameter as_of beside it."
    )


def test_certainty_takes_two_words_only():
    detail = "This value is not known here. Allowed: certain, possible."
    assert refusal(MembershipFilter, "certainty", certainty="both", as_of="2000") == detail


# updated_since


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T12:30Z", datetime(2026, 1, 31, 12, 30, tzinfo=UTC)),
        ("2026-01-31T12:30:05.123456Z", datetime(2026, 1, 31, 12, 30, 5, 123456, tzinfo=UTC)),
        ("2026-01-31T12:30:05+05:00", datetime(2026, 1, 31, 7, 30, 5, tzinfo=UTC)),
        ("2026-01-31T00:00:00-05:00", datetime(2026, 1, 31, 5, tzinfo=UTC)),
        ("0001-01-01", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_updated_since_reads_dates_and_moments(value, moment):
    filterset = asked(VisitFilter, updated_since=value)
    assert filterset.given("updated_since") == moment
    assert list(filterset.qs) == []


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("2026-01-31T12:30:05", "put Z behind it for UTC"),
        ("2026-01-31T12:30", "put Z behind it for UTC"),
        ("2026-01-31T12:30:05 05:00", "the + of an offset is written %2B"),
        ("2026-02-30", "Give a date"),
        ("2026-01-31 12:30Z", "Give a date"),
        ("2026-01-31T24:01Z", "Give a date"),
        ("2026-01-31T12:30:05.1234567Z", "Give a date"),
        ("2026-01-31t12:30z", "Give a date"),
        ("20260131", "Give a date"),
        ("2026-W05-6", "Give a date"),
        ("2026-01", "Give a date"),
        ("2026", "Give a date"),
        ("0000-01-01", "Give a date"),
        ("0001-01-01T00:00:00+05:00", "Give a date"),
        ("9999-12-31T23:59:59-05:00", "Give a date"),
        ("٢٠٢٦-01-31", "Give a date"),
        ("yesterday", "Give a date"),
    ],
)
def test_updated_since_refuses_with_advice(value, advice):
    assert advice in refusal(VisitFilter, "updated_since", updated_since=value)


def test_updated_since_includes_that_very_moment():
    visit = factories.visit()
    at = visit.updated_at
    written = at.isoformat().replace("+00:00", "Z")
    after = (at + timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")
    assert found(VisitFilter, updated_since=written) == [visit]
    assert found(VisitFilter, updated_since=after) == []


@pytest.mark.parametrize("make", [factories.source, factories.place, factories.visit])
def test_every_save_is_a_change(make):
    row = make()
    before = row.updated_at
    row.save()
    assert type(row).objects.get().updated_at > before


# dating


@pytest.fixture
def of_the_nineties():
    dates = {"year": "1993", "day": "1993-05-01", "over": "[1992..1997]", "open": "[1993-02..]", "none": ""}
    dates |= {"later": "1995", "until": "[..1993]"}
    return {name: factories.visit(date=date) for name, date in dates.items()}


def test_dating_tells_what_lies_within_from_what_may(of_the_nineties, subtests):
    for query, names in [
        ({"year": "1993", "dating": "within"}, ["year", "day"]),
        ({"from": "1993-05", "to": "1995", "dating": "within"}, ["day", "later"]),
        ({"from": "1993-02", "year": "1993", "dating": "within"}, ["day"]),
        ({"to": "1993", "dating": "within"}, ["year", "day", "until"]),
        ({"year": "1993", "dating": "across"}, ["over", "open", "until"]),
        ({"from": "1992", "to": "1997", "dating": "across"}, ["open", "until"]),
        ({"from": "1992", "to": "1997", "dating": "spanning"}, ["over"]),
        ({"from": "1993", "dating": "spanning"}, ["open"]),
        ({"to": "1993", "dating": "spanning"}, ["until"]),
        ({"dating": "undated"}, ["none"]),
        ({"year": "1993", "dating": "undated"}, ["none"]),
    ]:
        with subtests.test(query=query):
            assert {*found(VisitFilter, **query)} == {of_the_nineties[name] for name in names}


@pytest.mark.parametrize("value", ["within", "across", "spanning"])
def test_dating_needs_a_time(value):
    assert refusal(VisitFilter, "dating", dating=value) == "It needs a time beside it: year, from or to."
    advice = "It takes from and to beside it, and no year."
    assert refusal(VisitFilter, "dating", dating="spanning", year="1993") == advice


# source and passage


def test_source_finds_entries_that_cite_it_once():
    here, elsewhere = factories.passage(anchor="a-1"), factories.passage()
    visit = factories.visit()
    factories.cite(visit, here)
    factories.cite(visit, here, field="date")
    factories.cite(visit, factories.passage(source=here.source), stance="contradicts", claim="1994")
    factories.cite(factories.visit(), elsewhere)
    assert found(VisitFilter, source=here.source.slug) == [visit]
    assert found(VisitFilter, source=here.source.slug, passage="a-1") == [visit]


def test_passage_is_one_of_the_source():
    here, there = factories.passage(anchor="a-1"), factories.passage(anchor="b-1")
    factories.cite(factories.visit(), here)
    detail = "The source has no passage with this anchor."
    assert refusal(VisitFilter, "passage", source=there.source.slug, passage="a-1") == detail
    assert found(VisitFilter, source=there.source.slug, passage="b-1") == []
    assert refusal(VisitFilter, "passage", passage="a-1") == "It needs the parameter source beside it."


def test_unknown_source_is_refused():
    assert refusal(VisitFilter, "source", source="none") == "No published source has this identifier (slug)."


# Dates besides the main one.


@pytest.mark.parametrize(
    ("value", "is_found"), [("1999", True), ("1999-06", True), ("199X", True), ("2000", False)]
)
def test_date_is_found_where_it_is_possible(value, is_found):
    agreement = factories.agreement(in_force="1999-06~")
    factories.agreement()
    factories.agreement(in_force="..")
    assert found(AgreementFilter, in_force=value) == [agreement] * is_found


def test_date_of_a_span_goes_by_its_bounds():
    began = factories.membership(start="[1992..]", attested="1995")
    factories.membership(attested="1995")
    assert found(MembershipFilter, start="1995") == [began]
    assert found(MembershipFilter, start="1996") == []
    ended = factories.membership(end="[2001..2003]")
    factories.membership(end="..")
    assert found(MembershipFilter, end="2002") == [ended]


# Numbers, codes, flags.


@pytest.mark.parametrize(
    "value", ["1" * 16, "1.123", "-1", "+1", "1e9", "1_0", "1 0", "١", ".5", "1.", "0x1", "NaN"]
)
def test_numbers_are_plain(value):
    for name in ("amount_from", "amount_to"):
        detail = refusal(AgreementFilter, name, currency="USD", **{name: value})
        assert detail.startswith("Give a number in plain digits")


def test_numbers_include_their_ends():
    agreement = factories.agreement(amount="5.25", currency="USD")
    free = factories.agreement(amount=0, currency="EUR")
    factories.agreement()
    assert found(AgreementFilter, currency="USD", amount_from="5.25", amount_to="5.25") == [agreement]
    assert found(AgreementFilter, currency="USD", amount_from="5.26") == []
    assert found(AgreementFilter, currency="USD", amount_to="5.24") == []
    assert found(AgreementFilter, currency="eur", amount_to="0") == [free]
    assert found(AgreementFilter, currency="USD", amount_from="9" * 15) == []


def test_numbers_say_what_they_need():
    assert (
        refusal(AgreementFilter, "amount_to", amount_to="0") == "It needs the parameter currency beside it."
    )
    detail = refusal(AgreementFilter, "amount_to", currency="USD", amount_from="2", amount_to="1.5")
    assert detail == "1.5 is less than 2."


def test_codes_are_taken_in_small_letters_and_refused_in_words():
    state = factories.state(alpha2="QQ", wikidata_id="Q232")
    assert found(StateFilter, alpha2="qq") == found(StateFilter, wikidata="q232") == [state]
    assert refusal(StateFilter, "alpha2", alpha2="QQQ") == "Give two letters, such as CN."
    assert refusal(StateFilter, "numeric", numeric="4") == "Give three digits, such as 156."
    assert refusal(StateFilter, "wikidata", wikidata="232") == "Give an identifier of Wikidata, such as Q232."


def test_language_is_taken_as_it_is_written():
    source = factories.source(language="en")
    assert found(SourceFilter, language="en") == found(SourceFilter, language="EN") == [source]


def test_flag_is_yes_or_no():
    target, result = factories.figure(target=True), factories.figure()
    assert found(FigureFilter, target="yes") == [target]
    assert found(FigureFilter, target="no") == [result]
    assert "Allowed: yes, no." in refusal(FigureFilter, "target", target="true")


# Entries typed in.


def test_identifier_is_typed_in_and_asks_the_database_for_nothing(django_assert_num_queries):
    factories.person(name_en="SECRET")
    field = asked(VisitFilter).form["visitor"]
    with django_assert_num_queries(0):
        shown = str(field)
    assert 'type="text"' in shown and "SECRET" not in shown


def test_identifier_of_what_is_not_public_is_as_one_of_nothing():
    before = refusal(VisitFilter, "visitor", visitor="somebody")
    factories.visit(visitor=factories.person(slug="somebody", status="draft"))
    assert refusal(VisitFilter, "visitor", visitor="somebody") == before
