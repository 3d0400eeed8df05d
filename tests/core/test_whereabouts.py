"""What an address answers that somebody has cited, and where nothing public stands any more."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from apps.core.whereabouts import whereabouts
from apps.sources.models import Source
from apps.states.models import Place, State
from apps.visits.models import Visit
from tests.factories import (
    membership,
    office,
    organization,
    person,
    place,
    source,
    state,
    succession,
    visit,
)
from tests.sampling import sample

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def focus(db):
    return state("KAZ")


def change(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def withdraw(row, because="It never took place.", at=DAY, **fields):
    return change(row, status="withdrawn", withdrawn_because=because, withdrawn_at=at, **fields)


def words_of(answer):
    return " ".join(answer.content.decode().split())


def test_renamed_leads_to_the_new_address_with_its_query(client):
    row = organization(slug="old")
    change(change(row, slug="newer"), slug="new")
    for old in ("old", "newer"):
        answer = client.get(f"/organizations/{old}/?as_of=2012")
        assert (answer.status_code, answer["Location"]) == (301, "/organizations/new/?as_of=2012")
        assert answer["Cache-Control"] == "no-store"
        answer = client.get(f"/api/v1/organizations/{old}/?format=jsonld")
        assert (answer.status_code, answer["Location"]) == (301, "/api/v1/organizations/new/?format=jsonld")
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.get("/organizations/new/").status_code == 200


def test_withdrawn_says_why_and_when_and_nothing_of_what_it_said(client):
    withdraw(
        visit(slug="a-visit", occasion="A secret dinner"), because="The <communiqué> is of another year."
    )
    answer = client.get("/visits/a-visit/")
    assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store")
    text = words_of(answer)
    assert "The visit “a-visit” was withdrawn on 3 March 2026." in text
    assert "The &lt;communiqué&gt; is of another year." in text and 'href="/visits/"' in text
    assert "secret" not in text and "Person" not in text
    answer = client.get("/api/v1/visits/a-visit/")
    assert (answer.status_code, answer["Content-Type"]) == (410, "application/problem+json")
    assert (answer["Cache-Control"], answer["Access-Control-Allow-Origin"]) == ("no-store", "*")
    assert answer.json() == {
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "detail": "The visit “a-visit” was withdrawn on 3 March 2026.",
        "reason": "The <communiqué> is of another year.",
        "withdrawn_at": "2026-03-03T09:30:00Z",
        "request_id": answer["X-Request-ID"],
    }
    linked = client.get("/api/v1/visits/a-visit/?format=jsonld").json()
    assert linked | {"request_id": answer["X-Request-ID"]} == answer.json()


def test_withdrawn_by_other_means_says_what_history_has(client):
    row = visit(slug="a-visit")
    row._change_reason = "Read from the package r7"
    change(row, status="withdrawn")
    change(row, note="later")
    answer = client.get("/api/v1/visits/a-visit/").json()
    record = row.history.order_by("history_id")[1]
    assert answer["reason"] == "Read from the package r7"
    assert answer["withdrawn_at"] == record.history_date.isoformat(timespec="milliseconds")[:-6] + "Z"


def test_merged_leads_to_the_last_heir(client):
    last = person(slug="last")
    middle = withdraw(person(slug="middle"), heir=last)
    withdraw(person(slug="first"), heir=middle)
    assert client.get("/people/first/")["Location"] == "/people/last/"
    assert client.get("/api/v1/people/first/")["Location"] == "/api/v1/people/last/"
    withdraw(last, because="Nobody knows of such a person.")
    answer = client.get("/api/v1/people/first/")
    assert (answer.status_code, answer.json()["reason"]) == (410, "Nobody knows of such a person.")
    said = "The person “first” was merged into “last”, which was withdrawn on 3 March 2026."
    assert answer.json()["detail"] == said


def test_merged_by_other_means_into_what_never_was_public_tells_nothing_of_that(client):
    withdraw(person(slug="first"), heir=person(slug="secret", status="draft"), because="A double.")
    answer = client.get("/api/v1/people/first/")
    assert answer.json()["detail"] == "The person “first” was withdrawn on 3 March 2026."
    assert (answer.status_code, answer.json()["reason"]) == (410, "A double.")


def test_heirs_in_a_circle_end_somewhere(client):
    one, two = person(slug="one"), person(slug="two")
    withdraw(two, heir=withdraw(one, heir=two))
    assert [client.get(f"/people/{slug}/").status_code for slug in ("one", "two")] == [410, 410]


def test_hidden_since_what_its_title_names_is_withdrawn(client):
    host = state("QZZ")
    visit(slug="a-visit", host=host)
    withdraw(host, because="There is no such state.")
    answer = client.get("/api/v1/visits/a-visit/")
    assert (answer.status_code, answer.json()["reason"]) == (410, "There is no such state.")
    assert answer.json()["withdrawn_at"] == "2026-03-03T09:30:00Z"
    detail = answer.json()["detail"]
    assert detail == (
        "The visit “a-visit” is not shown: its title names the state “QZZ”, which was withdrawn on 3 March 2026."
    )
    assert detail in words_of(client.get("/visits/a-visit/"))
    change(host, status="published", withdrawn_at=None, withdrawn_because="")
    assert client.get("/visits/a-visit/").status_code == 200


def test_made_to_name_what_never_was_public_tells_nothing_of_that(client):
    row = visit(slug="a-visit")
    change(
        row,
        host=withdraw(
            state(
                "QZZ",
            ),
            because="Secret.",
        ),
    )
    State.history.filter(code="QZZ").update(status="draft")
    answer = client.get("/api/v1/visits/a-visit/").json()
    assert (answer["detail"], answer["reason"]) == ("The visit “a-visit” is no longer public.", None)


def test_a_draft_again_by_other_means_or_deleted_is_gone_without_a_reason(client):
    change(visit(slug="draft-again"), status="draft")
    visit(slug="deleted").delete()
    for slug in ("draft-again", "deleted"):
        answer = client.get(f"/api/v1/visits/{slug}/")
        assert answer.status_code == client.get(f"/visits/{slug}/").status_code == 410
        assert answer.json()["detail"] == f"The visit “{slug}” is no longer public."
        assert (answer.json()["reason"], answer.json()["withdrawn_at"]) == (None, None)
    assert "No reason is on record." in words_of(client.get("/visits/deleted/"))


def never_public():
    """[(slug of what never was public, though it is there)]"""
    visit(slug="a-draft", status="draft")
    change(visit(slug="a-draft-renamed", status="draft"), slug="renamed")
    visit(slug="draft-deleted", status="draft").delete()
    withdraw(visit(slug="draft-merged", status="draft"), heir=visit(slug="heir"))
    # Published, but never while what its title names was.
    hidden = visit(slug="of-a-draft", visitor=person(status="draft"))
    change(hidden, status="draft")
    change(hidden.visitor, status="published")
    later = visit(slug="deleted-of-a-draft", visitor=person(status="draft"))
    later.delete()
    change(change(visit(slug="was-draft", status="draft"), slug="then-public"), status="published")
    return [
        "a-draft",
        "a-draft-renamed",
        "draft-deleted",
        "draft-merged",
        "of-a-draft",
        later.slug,
        "was-draft",
    ]


def test_what_never_was_public_is_answered_like_what_never_existed(client):
    for slug in never_public():
        for where in ("/visits/{}/", "/api/v1/visits/{}/", "/api/v1/visits/{}/?format=jsonld"):
            answer, nothing = client.get(where.format(slug)), client.get(where.format("nothing"))
            assert (answer.status_code, dict(answer.headers)) == (404, _with_length(nothing, answer))
            number, another = answer["X-Request-ID"], nothing["X-Request-ID"]
            told = answer.content.decode().replace(slug, "nothing").replace(number, another)
            assert told == nothing.content.decode()


def _with_length(nothing, answer):
    return dict(nothing.headers) | {
        name: answer.headers[name] for name in ("Content-Length", "X-Request-ID") if name in answer.headers
    }


def test_a_public_row_has_its_identifier_to_itself(client):
    change(visit(slug="taken"), slug="moved")
    other = visit(slug="taken")
    assert client.get("/visits/taken/").status_code == 200
    withdraw(other)
    assert client.get("/visits/taken/").status_code == 410
    # Of a draft nobody knows: the identifier is that of who had it in public.
    change(visit(slug="later"), slug="later-moved")
    visit(slug="later", status="draft")
    assert client.get("/visits/later/")["Location"] == "/visits/later-moved/"


def test_sources_and_places_are_public_since_they_exist(client):
    change(source(slug="old-source"), slug="new-source")
    change(place(slug="old-place"), slug="new-place")
    source(slug="no-source").delete()
    place(slug="no-place").delete()
    assert client.get("/sources/old-source/")["Location"] == "/sources/new-source/"
    assert client.get("/api/v1/sources/old-source/")["Location"] == "/api/v1/sources/new-source/"
    assert client.get("/api/v1/places/old-place/")["Location"] == "/api/v1/places/new-place/"
    assert client.get("/sources/no-source/").status_code == 410
    answer = client.get("/api/v1/places/no-place/")
    assert (answer.status_code, answer.json()["detail"]) == (410, "The place “no-place” is no longer public.")
    assert client.get("/sources/never/").status_code == client.get("/api/v1/places/never/").status_code == 404


STATES = ["/states/{}/", "/states/{}/feed/", "/relations/{}/CHN/", "/relations/CHN/{}/"]
STATES += [
    "/api/v1/states/{}/",
    "/api/v1/relations/{}/",
    "/api/v1/relations/{}/CHN/",
    "/api/v1/relations/CHN/{}/",
]


def test_every_address_of_a_state(client, subtests):
    state("CHN")
    change(state("QAA"), code="QAB")
    withdraw(state("QAC"))
    for where in STATES:
        with subtests.test(where=where):
            for code in ("QAA", "qaa"):
                answer = client.get(where.format(code) + "?x=1")
                if answer.status_code != 400:  # The API looks at parameters first.
                    assert (answer.status_code, answer["Location"]) == (301, where.format("QAB") + "?x=1")
                assert client.get(where.format(code))["Location"] == where.format("QAB")
                assert client.get(where.format(code), follow=True).status_code == 200
            for code in ("QAC", "qac"):
                answer = client.get(where.format(code))
                said = answer.json()["detail"] if where.startswith("/api/") else answer.content.decode()
                assert answer.status_code == 410 and "The state “QAC” was withdrawn" in said
            assert client.get(where.format("QZZ")).status_code == 404


def test_what_tied_a_state_to_the_one_it_was_merged_into(client):
    heir = state("CHN")
    withdraw(state("QAA"), heir=heir)
    for where in ("/relations/QAA/CHN/", "/relations/CHN/QAA/", "/api/v1/relations/CHN/QAA/"):
        answer = client.get(where, follow=True)
        assert answer.status_code == 200 and answer.redirect_chain[0][1] == 301
    assert client.get("/relations/QAA/", follow=True).redirect_chain[-1][0] == "/states/CHN/"


def test_there_is_no_reference_to_what_is_gone(client):
    withdraw(visit(slug="gone"))
    change(visit(slug="old"), slug="new")
    for slug in ("gone", "old", "nothing"):
        assert client.get(f"/cite/bibtex/?of=/visits/{slug}/").status_code == 404
    assert client.get("/cite/bibtex/?of=/visits/new/").status_code == 200


KINDS = [membership, office, succession, visit, organization, person]


@pytest.mark.parametrize("make", sample(KINDS, [membership, visit]))
def test_every_kind_of_page(client, make):
    row = make()
    pages = [row.get_absolute_url(), row.api_url]
    withdraw(row)
    assert [client.get(page).status_code for page in pages] == [410, 410]
    assert all("Location" not in client.get(page) for page in pages)


@pytest.mark.parametrize("debug", [True, False])
def test_page_is_the_same_with_debug(client, settings, debug):
    settings.DEBUG = debug
    withdraw(visit(slug="gone"))
    assert "was withdrawn on" in words_of(client.get("/visits/gone/"))


def test_whoever_finds_nothing_pays_one_query(django_assert_num_queries):
    visit(slug="a-visit")
    with django_assert_num_queries(1):
        assert whereabouts(Visit, "nothing") is None
    visit(slug="a-draft", status="draft")
    with django_assert_num_queries(1):
        assert whereabouts(Visit, "a-draft") is None
    for model in (Source, Place):
        with django_assert_num_queries(1):
            assert whereabouts(model, "nothing") is None


def test_a_page_that_is_there_costs_nothing_more(django_assert_max_num_queries, monkeypatch):
    row = visit()
    monkeypatch.setattr("apps.core.views_absent.whereabouts", lambda *args: pytest.fail("asked"))
    for page in (row.get_absolute_url(), row.api_url, row.host.get_absolute_url()):
        assert Client().get(page).status_code == 200
