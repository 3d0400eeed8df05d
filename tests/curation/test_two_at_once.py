"""Two curators who have the same entry open: the second to save is told, and nothing of either is lost."""

import threading

import pytest
from django.db import connection
from django.test import Client

from apps.curation.editing import sealed
from apps.curation.models import Pending, Step
from apps.curation.versions import version_of
from apps.people.models import Person
from apps.visits.models import Visit
from tests.adminpages import address, errors, fields_of, page_of, saved
from tests.curation.conftest import member_of
from tests.factories import cite, passage, person, place, visit

ROUNDS = 6


def logged_in(role, name):
    client = Client()
    client.force_login(member_of(role, name))
    return client


def opened(client, row):
    return fields_of(client.get(page_of(type(row), row.pk)))


def line_added(sent, cited):
    number = int(sent["citations-TOTAL_FORMS"])
    row = {"passage": cited.pk, "stance": "supports", "field": "", "claim": "", "note": ""}
    added = {f"citations-{number}-{name}": value for name, value in row.items()}
    return added | {"citations-TOTAL_FORMS": number + 1}


def change(sent, mark, ours):
    """What one of the two does on the page: a field, a link, a new part, a word in a part that is there."""
    field, note = ours
    met, cited = person(), passage()
    sent = {**sent, **line_added(sent, cited), field: mark, note: mark}
    sent["met"] = [*sent.get("met", []), met.pk]
    return sent, (field, note, mark, met, cited)


def is_there(row, done):
    """Whether all of it is in the database."""
    field, note, mark, met, cited = done
    row.refresh_from_db()
    parts = list(row.citations.order_by("pk"))
    return (
        getattr(row, field) == mark
        and parts[int(note.split("-")[1])].note == mark
        and met in row.met.all()
        and any(part.passage_id == cited.pk for part in parts)
    )


def until_saved(client, row, sent):
    """Saves, and saves again what the page shows where somebody was faster; how often it was told so."""
    told = 0
    while (response := client.post(page_of(Visit, row.pk), sent)).status_code == 409:
        told += 1
        assert told < 5
        sent = fields_of(response)
    assert saved(response), errors(response)
    return told


def entry_of_two_citations():
    row = visit(status="draft")
    cite(row), cite(row)
    return row


FIRST, SECOND = ("occasion", "citations-0-note"), ("discussed", "citations-1-note")


@pytest.mark.exhaustive
@pytest.mark.django_db
def test_nothing_is_lost_whoever_saves_first():
    first, second = logged_in("editor", "first"), logged_in("editor", "second")
    lost, told = 0, 0
    for number in range(ROUNDS):
        row = entry_of_two_citations()
        page = opened(first, row)
        one = change(page, f"one {number}", FIRST)
        other = change(page, f"other {number}", SECOND)
        turns = [(first, *one), (second, *other)][:: (-1) ** number]
        for client, sent, _done in turns:
            told += until_saved(client, row, sent)
        lost += sum(not is_there(row, done) for _client, _sent, done in turns)
    assert (lost, told) == (0, ROUNDS)


@pytest.mark.exhaustive
@pytest.mark.once
@pytest.mark.django_db
def test_control_without_the_version_of_the_page_all_are_lost():
    """What is sent says that it was drawn from what is there now, so that nobody is told."""
    first, second = logged_in("editor", "first"), logged_in("editor", "second")
    lost = 0
    for number in range(ROUNDS):
        row = entry_of_two_citations()
        page = opened(first, row)
        one = change(page, f"one {number}", FIRST)
        other = change(page, f"other {number}", SECOND)
        assert saved(first.post(page_of(Visit, row.pk), one[0]))
        sent = other[0] | {"_seen": sealed(version_of(row))}
        assert saved(second.post(page_of(Visit, row.pk), sent))
        lost += not is_there(row, one[1])
    assert lost == ROUNDS


def at_the_same_time(*calls):
    """What each call returns, all begun at once, each with a connection of its own."""
    answers, start = [None] * len(calls), threading.Barrier(len(calls))

    def run(number, call):
        start.wait()
        try:
            answers[number] = call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return answers


only_where_two_write = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="the database of the tests is in memory, where threads share it"
)


@only_where_two_write
@pytest.mark.django_db(transaction=True)
def test_of_two_that_save_at_the_same_moment_one_is_told():
    first, second = logged_in("editor", "first"), logged_in("editor", "second")
    row = entry_of_two_citations()
    for number in range(5):
        one = change(opened(first, row), f"one {number}", FIRST)
        other = change(opened(second, row), f"other {number}", SECOND)
        told = at_the_same_time(
            lambda sent=one[0]: until_saved(first, row, sent),
            lambda sent=other[0]: until_saved(second, row, sent),
        )
        assert sorted(told) == [0, 1]
        assert is_there(row, one[1]) and is_there(row, other[1])


@only_where_two_write
@pytest.mark.django_db(transaction=True)
def test_of_two_that_make_the_same_key_the_second_is_told_at_its_field():
    typed = {"slug": "twin", "name_en": "Twin", "basis": "stated", "citations-TOTAL_FORMS": 0}
    typed |= {"citations-INITIAL_FORMS": 0}
    for _round in range(5):
        clients = [logged_in("editor", "first"), logged_in("editor", "second")]
        answers = at_the_same_time(*(lambda c=c: c.post(page_of(Person), typed) for c in clients))
        assert sorted(answer.status_code for answer in answers) == [200, 302]
        [refused] = [answer for answer in answers if answer.status_code == 200]
        assert errors(refused).keys() == {"slug"}
        Person.objects.get(slug="twin").delete()


@pytest.mark.django_db
def test_both_versions_are_shown_where_both_changed_the_same():
    first, second = logged_in("editor", "first"), logged_in("editor", "second")
    row = visit(status="draft", occasion="a summit")
    pages = [opened(first, row), opened(second, row)]
    assert saved(first.post(page_of(Visit, row.pk), pages[0] | {"occasion": "a dinner"}))
    told = second.post(page_of(Visit, row.pk), pages[1] | {"occasion": "a congress"})
    assert told.status_code == 409
    [line] = told.context["clash"][0].lines
    assert (line.label, line.texts) == ("Occasion", ("a summit", "a dinner", "a congress"))
    page = told.content.decode()
    assert "first saved it after you had opened it" in page and "yours stands" in page
    assert saved(second.post(page_of(Visit, row.pk), fields_of(told)))
    row.refresh_from_db()
    assert row.occasion == "a congress"


@pytest.mark.django_db
def test_part_that_the_other_took_away_while_it_was_changed_is_kept_and_told():
    first, second = logged_in("editor", "first"), logged_in("editor", "second")
    row = entry_of_two_citations()
    pages = [opened(first, row), opened(second, row)]
    assert saved(first.post(page_of(Visit, row.pk), pages[0] | {"citations-1-DELETE": "on"}))
    told = second.post(page_of(Visit, row.pk), pages[1] | {"citations-1-note": "the day"})
    assert told.status_code == 409
    assert [line.texts for line in told.context["clash"][0].lines] == [("there", "not there", "there")]
    assert saved(second.post(page_of(Visit, row.pk), fields_of(told)))
    assert sorted(row.citations.values_list("note", flat=True)) == ["", "the day"]


@pytest.mark.django_db
def test_same_passage_cited_by_both_is_one_citation():
    first, second = logged_in("editor", "first"), logged_in("editor", "second")
    row, cited = visit(status="draft"), passage()
    pages = [opened(first, row), opened(second, row)]
    assert saved(first.post(page_of(Visit, row.pk), pages[0] | line_added(pages[0], cited)))
    told = second.post(
        page_of(Visit, row.pk), pages[1] | line_added(pages[1], cited) | {"citations-0-note": "¶"}
    )
    assert saved(second.post(page_of(Visit, row.pk), fields_of(told)))
    assert list(row.citations.values_list("passage", "note")) == [(cited.pk, "¶")]


@pytest.mark.django_db
def test_two_who_revise_what_is_public_are_told_of_each_other():
    first, second = logged_in("editor", "first"), logged_in("editor", "second")
    row = visit(occasion="a summit")
    cite(row)
    pages = [opened(first, row), opened(second, row)]
    reason = {"change_reason": "the communiqué"}
    assert saved(first.post(page_of(Visit, row.pk), pages[0] | reason | {"occasion": "a dinner"}))
    told = second.post(page_of(Visit, row.pk), pages[1] | reason | {"places": [place().pk]})
    assert told.status_code == 409
    assert saved(second.post(page_of(Visit, row.pk), fields_of(told)))
    pending = Pending.objects.get()
    assert pending.version["own"]["occasion"] == "a dinner" and len(pending.version["own"]["places"]) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("seen", ["", "x", "x:y:z"])
def test_page_that_does_not_say_what_it_was_drawn_from_is_refused(seen):
    row = visit(status="draft")
    client = logged_in("editor", "first")
    sent = opened(client, row) | {"_seen": seen, "occasion": "a dinner"}
    assert client.post(page_of(Visit, row.pk), sent).status_code == 400
    row.refresh_from_db()
    assert row.occasion == ""


@pytest.mark.django_db
def test_step_taken_on_a_deleted_draft_is_a_404():
    client, row = logged_in("editor", "first"), visit(status="draft")
    where = address(Visit, "step", row.pk)
    row.delete()
    assert client.post(where, {"step": "send"}).status_code == 404


@only_where_two_write
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", ["delete", "changelist"])
def test_draft_that_is_published_while_it_is_deleted_is_one_or_the_other(page):
    editor, reviewer = logged_in("editor", "first"), logged_in("reviewer", "second")
    for _round in range(5):
        row = visit(status="in_review")
        cite(row)
        where = address(Visit, page, row.pk) if page == "delete" else address(Visit, page)
        sent = {"post": "yes", "action": "delete_selected", "_selected_action": [row.pk]}
        at_the_same_time(
            lambda row=row: reviewer.post(address(Visit, "step", row.pk), {"step": "publish"}),
            lambda where=where, sent=sent: editor.post(where, sent),
        )
        published = Step.objects.filter(kind="visits.visit", key=row.pk, step="published").exists()
        assert Visit.objects.filter(pk=row.pk).exists() == published
