"""Which entries look like one and the same, and that curators tell them apart for good."""

import pytest

from apps.core.alike import likely_duplicates, twins_of
from apps.core.models import Entry
from apps.curation.duplicates import pairs_to_look_at, tell_apart
from apps.curation.models import NotTheSame
from apps.curation.workflow import Refused
from apps.people.models import Person
from apps.states.models import State
from apps.visits.models import Visit
from tests import factories
from tests.adminpages import messages, submit
from tests.curation.conftest import member_of
from tests.factories import (
    agreement,
    event,
    figure,
    membership,
    office,
    organization,
    person,
    project,
    state,
    succession,
    visit,
)

pytestmark = pytest.mark.django_db


def are_alike(first, second):
    """By every way in which it is asked; and neither is like itself."""
    model = type(first)
    pairs = likely_duplicates(model, 100)
    twins = twins_of(first), twins_of(second)
    assert twins in (([second], [first]), ([], []))
    assert pairs == ([tuple(sorted([first.pk, second.pk]))] if twins[0] else [])
    return bool(pairs)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("1993", "1993", True),
        ("1993-02", "1993", True),
        ("1993", "1993-02", True),
        ("199X", "1993-02-14", True),
        ("[1992..1997]", "1996/1999", True),
        ("1993-02-14/1993-02-16", "1993-02-16", True),
        ("1993-02-14", "1993-02-15", False),
        ("1993", "1994", False),
        ("", "", True),
        # What is not dated is not the same as all that is.
        ("", "1993", False),
        ("[1992..]", "1993", False),
        ("[..1997]", "[..1999]", False),
        ("[1992..]", "[1992..]", True),
    ],
)
def test_visits_of_one_person_to_one_host_on_dates_that_may_be_one(one, other, alike):
    who, host = person(), state()
    assert are_alike(*(visit(visitor=who, host=host, date=date) for date in (one, other))) == alike


def test_visits_of_others_or_to_others_are_not_alike():
    who, host = person(), state()
    visit(visitor=who, host=host, date="1993")
    visit(visitor=who, date="1993")
    visit(host=host, date="1993")
    visit(visitor=who, host=host, date="1993", status="withdrawn")
    assert likely_duplicates(Visit, 100) == []


def test_each_pair_of_many_is_found_once_and_no_more_than_are_asked_for():
    who, host = person(), state()
    keys = [visit(visitor=who, host=host, date=date).pk for date in ("1993", "199X", "1993-02", "1993")]
    pairs = [(keys[a], keys[b]) for a in range(4) for b in range(a + 1, 4)]
    assert likely_duplicates(Visit, 100) == pairs
    assert len(likely_duplicates(Visit, 3)) == 3


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({"title": "Treaty of  Friendship"}, {"title": "TREATY OF FRIENDSHIP"}, True),
        ({"title": "Traité d’amitié"}, {"title": "Traite d’amitie"}, True),
        ({"title": "A"}, {"title": "B"}, False),
        ({"title": "A", "signed": "1994"}, {"title": "A", "signed": "1995"}, False),
        ({"title": "A", "signed": "1994"}, {"title": "A"}, True),
        ({"title": "A", "parties": ["CHN"]}, {"title": "A", "parties": ["CHN"]}, True),
        ({"title": "A", "parties": ["CHN", "KAZ"]}, {"title": "A", "parties": ["KAZ", "CHN"]}, True),
        ({"title": "A", "parties": ["CHN", "KAZ"]}, {"title": "A", "parties": ["CHN"]}, False),
        ({"title": "A", "parties": ["CHN"]}, {"title": "A", "parties": ["CHN", "KAZ"]}, False),
        ({"title": "A", "parties": ["CHN"]}, {"title": "A", "parties": ["KAZ"]}, False),
    ],
)
def test_agreements_of_one_title_and_the_same_parties(one, other, alike):
    rows = []
    for fields in (one, other):
        parties = [
            State.objects.filter(code=code).first() or state(code) for code in fields.get("parties", ())
        ]
        rows.append(agreement(**{**fields, "parties": parties}))
    assert are_alike(*rows) == alike


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({}, {}, True),
        ({"start": "1992", "end": "2001"}, {"start": "2001-06"}, False),
        ({"start": "1992", "end": "2001"}, {"start": "2000"}, True),
        ({"start": "1992"}, {"start": "1999", "standing": "observer"}, True),
        ({"start": "2001", "end": "2001"}, {"start": "2001", "end": "2001", "standing": "observer"}, True),
        ({"end": "1999"}, {"start": "2000"}, False),
        ({"end": "1999"}, {}, True),
    ],
)
def test_memberships_of_one_member_in_one_organization_at_one_time(one, other, alike):
    body = organization()
    # Two that are the same in all are refused by the database.
    other = {"standing": "partner", **other}
    for member in ({"member_state": state()}, {"member_organization": organization()}):
        rows = [membership(organization=body, **member, **fields) for fields in (one, other)]
        membership(organization=body), membership(**member)
        assert are_alike(*rows) == alike
        for row in rows:
            row.delete()


def test_offices_are_alike_by_holder_role_and_body():
    who, where = person(), state()
    one = office(holder_person=who, body_state=where, start="1991")
    other = office(holder_person=who, body_state=where, start="1992")
    office(holder_person=who, body_state=state(), start="1992")
    office(holder_person=who, body_organization=organization(), start="1992")
    office(holder_person=who, body_state=where, role="minister", start="1992")
    assert are_alike(one, other)


def test_figures_of_one_title_of_the_same_and_one_time():
    china, kazakhstan = state(), state()
    same = {"title": "Trade", "of_state": kazakhstan, "with_state": china}
    one, other = figure(date="2010", **same), figure(date="2010-06", **same)
    for odd in (
        {"date": "2011"},
        {"date": ""},
        {"date": "2010", "with_state": None},
        {"date": "2010", "measure": "rank"},
    ):
        figure(**same | odd)
    assert are_alike(one, other)


@pytest.mark.parametrize("make", [event, project], ids=["event", "project"])
def test_what_has_a_title_is_alike_by_it(make):
    one, other = make(title="SCO Summit"), make(title="SCO summit")
    make(title="SCO summit in Astana")
    assert are_alike(one, other)


def test_events_of_one_title_in_different_years_are_a_series():
    event(title="SCO summit", date="2005"), event(title="SCO summit", date="2011")
    assert likely_duplicates(event()._meta.model, 9) == []


def test_successions_of_the_same_two():
    before, after = organization(), organization()
    one, other = (succession(predecessor=before, successor=after, kind=kind) for kind in ("renamed", "grew"))
    succession(predecessor=after, successor=before)
    assert are_alike(one, other)


@pytest.mark.parametrize("make", [person, state, organization], ids=["person", "state", "organization"])
@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({"name_en": "Türkiye"}, {"name_en": "turkiye"}, True),
        ({"name_en": "Türkiye"}, {"name_en": "Turkey", "aliases": "Republic of Turkey\nTürkiye"}, True),
        ({"name_en": "A", "name_ru": "Иван"}, {"name_en": "B", "name_ru": "иван"}, True),
        ({"name_en": "Guinea"}, {"name_en": "Guinea-Bissau", "aliases": "Portuguese Guinea"}, False),
        ({"name_en": "Niger"}, {"name_en": "Nigeria"}, False),
    ],
)
def test_a_name_that_is_a_name_of_the_other(make, one, other, alike):
    assert are_alike(make(**one), make(**other)) == alike


@pytest.mark.exhaustive
def test_every_kind_says_when_two_are_alike():
    for model in Entry.__subclasses__():
        assert model.alike, model
        assert twins_of(getattr(factories, model._meta.model_name)()) == []


# Two after all


def twins():
    return person(name_en="Ivan"), person(name_en="Ivan")


def test_two_that_are_told_apart_are_not_shown_again_but_beside_a_third():
    one, other = twins()
    editor = member_of("editor")
    tell_apart(other, one, user=editor, why="father and son")
    row = NotTheSame.objects.get()
    assert (row.kind, row.key, row.other, row.by, row.why) == (
        "people.person",
        one.pk,
        other.pk,
        editor,
        "father and son",
    )
    assert pairs_to_look_at([Person], 10) == []
    third = person(name_en="Ivan")
    assert pairs_to_look_at([Person], 10) == [(Person, one.pk, third.pk), (Person, other.pk, third.pk)]
    assert pairs_to_look_at([Person], 1) == [(Person, one.pk, third.pk)]


def test_kinds_take_turns_so_that_none_hides_the_others():
    for _ in range(3):
        person(name_en="Ivan")
    state(name_en="Congo"), state(name_en="Congo")
    found = [model for model, *_keys in pairs_to_look_at([Person, State], 3)]
    assert found == [Person, State, Person]


@pytest.mark.parametrize(("role", "why"), [("viewer", "two"), ("editor", " "), ("editor", "a\0b")])
def test_they_are_told_apart_by_who_may_change_them_and_says_why(role, why):
    with pytest.raises(Refused):
        tell_apart(*twins(), user=member_of(role), why=why)
    assert not NotTheSame.objects.exists()


def test_they_are_told_apart_once():
    rows, editor = twins(), member_of("editor")
    tell_apart(*rows, user=editor, why="father and son")
    with pytest.raises(Refused, match="told apart already"):
        tell_apart(*rows, user=editor, why="father and son")


# Adding what is there


def test_who_adds_what_is_there_is_told_so_with_a_link(as_role):
    row = visit(visitor=person(name_en="<b>Ivan</b>"), date="1993-02", status="draft")
    editor = as_role("editor")
    values = {
        "visitor": row.visitor,
        "capacity": "head_of_state",
        "host": row.host,
        "sent_by_state": row.sent_by_state,
        "date": "1993",
    }
    response = submit(editor, Visit, **values)
    assert response.status_code == 302
    page = editor.get(response.url)
    assert "It looks like what is there already" in messages(page)
    assert f'<a href="/admin/visits/visit/{row.pk}/change/">&lt;b&gt;Ivan' in page.content.decode()
    assert Visit.objects.count() == 2
    page = editor.get(submit(editor, Visit, **values | {"date": "1995"}).url)
    assert "was added successfully" in messages(page) and "looks like" not in messages(page)


@pytest.mark.parametrize(("step", "is_told"), [("_save", True), ("_send", False)])
def test_who_adds_a_draft_is_told_that_readers_do_not_see_it(as_role, step, is_told):
    editor = as_role("editor")
    added = submit(editor, Person, name_en="Ivan", sort_name="Ivan", **{step: "x"})
    assert ("It is a draft: readers do not see it" in messages(editor.get(added.url))) == is_told
