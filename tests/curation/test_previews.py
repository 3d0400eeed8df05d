"""What curators see on the site before readers do, or as it was: and that nothing of it is there for anybody else."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core.serializers import serialize
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch
from django.utils import timezone

from apps.core.models import Revision
from apps.curation import workflow
from apps.curation.moments import in_address
from apps.curation.versions import version_of
from apps.visits.models import Visit
from tests.curation.conftest import member_of
from tests.curation.test_two_at_once import at_the_same_time, only_where_two_write
from tests.factories import (
    action,
    agreement,
    cite,
    event,
    figure,
    membership,
    office,
    organization,
    party,
    person,
    project,
    state,
    succession,
    visit,
)
from tests.sampling import sample

pytestmark = pytest.mark.django_db
CANARY = "Zheltoqsan"


def preview(client, row, **query):
    return client.get(row.get_absolute_url(), {"preview": "1", **query})


def then(client, row, at, address=None):
    at = at if isinstance(at, str) else in_address(at)
    return client.get(address or row.get_absolute_url(), {"recorded_at": at})


def draft(**fields):
    row = visit(status="draft", **{"occasion": CANARY, **fields})
    cite(row)
    return row


def revised(row, **own):
    """The entry with a pending revision."""
    version = version_of(row)
    version["own"] |= own
    workflow.propose(row, version, user=member_of("editor", f"author {row.pk}"), reason="the communiqué")
    return row


def everything():
    """All that a preview could leave behind: every row of ours, of the histories, the ties and the revision too."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
    return {model._meta.label: serialize("json", model._base_manager.order_by("pk")) for model in ours}


def test_draft_is_seen_as_readers_would_see_it(as_role):
    row = draft(visitor=person(status="draft", name_en="Nobody Yet"))
    before = everything()
    response = preview(as_role("viewer"), row)
    text = response.content.decode()
    assert response.status_code == 200
    assert CANARY in text and "Nobody Yet" in text
    assert "Preview: draft, not public." in text
    assert '<meta name="robots" content="noindex">' in text
    assert f"/admin/visits/visit/{row.pk}/review/" in text
    assert "cite-as" not in text
    assert everything() == before


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_what_is_not_public_has_a_preview_in_the_api_too(status, as_role):
    row = draft()
    Visit.objects.filter(pk=row.pk).update(status=status)
    row.refresh_from_db()
    response = as_role("viewer").get(row.api_url, {"preview": "1"})
    assert response.json()["occasion"] == CANARY
    assert response["Preview"] == f"Preview: {status.replace('_', ' ')}, not public."


def test_pending_revision_is_seen_beside_what_is_public(as_role):
    row = visit(occasion="a summit")
    cite(row)
    revised(row, occasion=CANARY, slug="another-address")
    before, viewer = everything(), as_role("viewer")
    seen = preview(viewer, row).content.decode()
    assert CANARY in seen and "a summit" not in seen
    assert "Preview of the pending revision, draft." in seen
    assert CANARY not in viewer.get(row.get_absolute_url()).content.decode()
    assert everything() == before


@pytest.mark.exhaustive
def test_every_kind_with_a_page_has_a_preview(as_role):
    viewer = as_role("viewer")
    state("KAZ")
    treaty = agreement(status="draft", parties=[state()])
    action(party=party(agreement=treaty))
    rows = [treaty, person(status="draft"), organization(status="draft"), membership(status="draft")]
    rows += [office(), state(), event(), project(), figure(), succession(), draft()]
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(status="draft")
        row.refresh_from_db()
        for where in addresses(row):
            # Of some there is a record that they were public.
            assert viewer.get(where).status_code in (404, 410)
            assert viewer.get(where, {"preview": "1"}).status_code == 200, where


def addresses(row):
    for name in ("get_absolute_url", "api_url"):
        try:
            where = getattr(row, name)
            yield where() if callable(where) else where
        except NoReverseMatch:
            continue


def test_what_is_public_says_that_there_is_no_revision(as_role):
    row = visit()
    cite(row)
    assert "there is no pending revision" in preview(as_role("viewer"), row).content.decode()


def same(one, other):
    """But for the entity tag, of which the address is a part, parameters and all."""
    one.headers.pop("ETag", None)
    other.headers.pop("ETag", None)
    assert (one.status_code, one.content, dict(one.headers)) == (
        other.status_code,
        other.content,
        dict(other.headers),
    )


WAYS = [{"preview": "1"}, {"recorded_at": "2026-05-01"}, {"recorded_at": "x"}]


@pytest.mark.parametrize("parameters", sample(WAYS, WAYS[:1]))
def test_for_everybody_else_there_is_no_such_thing(parameters, client, as_role, one_request_id):
    row, public = draft(), visit()
    cite(public)
    revised(public, occasion=CANARY)
    nothing = "/visits/no-such-visit/"
    user = member_of("viewer", "nobody")
    user.groups.clear()
    strangers = [Client(), Client(), Client()]
    strangers[1].cookies["sessionid"] = "made-up"
    strangers[2].force_login(user)
    for stranger in strangers:
        # As it is for an address that never was.
        one = stranger.get(row.get_absolute_url(), parameters)
        other = stranger.get(nothing, parameters)
        assert (one.status_code, dict(one.headers)) == (
            404,
            dict(other.headers) | {"Content-Length": one["Content-Length"]},
        )
        assert one.content.replace(row.slug.encode(), b"no-such-visit") == other.content
        # And for what is public.
        same(stranger.get(public.get_absolute_url(), parameters), stranger.get(public.get_absolute_url()))
        refused = stranger.get(public.api_url, parameters)
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, *parameters)


def test_who_is_no_reviewer_sees_no_past(as_role):
    row = visit(occasion="a summit")
    cite(row)
    at = timezone.now()
    row.occasion = "a dinner"
    row.save()
    response = then(as_role("editor"), row, at)
    assert b"a dinner" in response.content and "Memento-Datetime" not in response


def test_nobody_else_sees_anything_right_after(as_role):
    row = draft()
    public = visit(occasion="a summit")
    cite(public)
    revised(public, occasion=CANARY)
    viewer, anonymous = as_role("viewer"), Client()
    tag = anonymous.get(public.api_url)["ETag"]
    for where in (row.get_absolute_url(), row.api_url, public.get_absolute_url(), public.api_url):
        answer = viewer.get(where, {"preview": "1"}, headers={"If-None-Match": tag})
        assert (answer.status_code, CANARY in answer.content.decode()) == (200, True)
        assert (answer["Cache-Control"], "ETag" in answer) == ("private, no-store", False)
        assert "Cookie" in answer["Vary"]
        after = anonymous.get(where)
        assert CANARY not in after.content.decode()
        assert after.status_code == (404 if row.slug in where else 200)
    for where in ("/visits/", "/api/v1/visits/", "/api/v1/timeline/", f"/states/{row.host.code}/", "/feed/"):
        assert CANARY not in anonymous.get(where).content.decode()
    assert anonymous.get(public.api_url, headers={"If-None-Match": tag}).status_code == 304


def test_as_it_was(as_role):
    row = visit(slug="first", occasion="a summit")
    citation = cite(row, note="the first note")
    Visit.history.filter(id=row.pk).update(updated_at=datetime(2020, 3, 2, tzinfo=UTC))
    at = timezone.now()
    citation.delete()
    row.slug, row.occasion = "second", "a dinner"
    row.save()
    cite(row)
    workflow.withdraw(row, user=member_of("reviewer", "first reviewer"), comment="not so")
    row.refresh_from_db()
    before, reviewer = everything(), as_role("reviewer")
    for where in ("/visits/first/", "/visits/second/"):
        response = then(reviewer, row, at, where)
        text = response.content.decode()
        assert response.status_code == 200
        assert "Last changed 2 March 2020" in text
        assert "a summit" in text and "the first note" in text and "a dinner" not in text
        assert f"As the database knew it on {at:%Y-%m-%d %H:%M:%S} (UTC): published then." in text
        assert response["Memento-Datetime"].endswith("GMT")
    answer = then(reviewer, row, at, "/api/v1/visits/first/")
    assert answer.json()["occasion"] == "a summit"
    assert everything() == before


def test_a_draft_of_then_is_drawn_and_called_one(as_role):
    row = draft()
    at = timezone.now()
    row.status = "published"
    row.save()
    assert "draft then" in then(as_role("reviewer"), row, at).content.decode()


def test_wrong_time_is_answered_in_a_sentence(as_role, subtests):
    row, reviewer = visit(), as_role("reviewer")
    for at, status, said in [
        ("yesterday", 400, "Give a day"),
        ("2026-05-01T12:00:00", 400, "Give a day"),
        ("", 400, "Give a day"),
        ("9999-12-31", 400, "still to come"),
        ("2001-01-01", 404, "did not have it at that time"),
        ("2001-01-01T00:00:00 05:00", 404, "did not have it at that time"),
    ]:
        with subtests.test(at=at):
            page = then(reviewer, row, at)
            assert (page.status_code, said in page.content.decode()) == (status, True)
            answer = then(reviewer, row, at, row.api_url)
            assert (answer.status_code, said in answer.json()["detail"]) == (status, True)
            assert answer["Cache-Control"] == page["Cache-Control"] == "private, no-store"


def test_today_is_now_and_two_times_are_none(as_role):
    row, reviewer = visit(), as_role("reviewer")
    cite(row)
    assert then(reviewer, row, f"{timezone.now():%Y-%m-%d}").status_code == 200
    assert (
        reviewer.get(f"{row.get_absolute_url()}?recorded_at=2026-01-01&recorded_at=2026-01-02").status_code
        == 400
    )
    assert reviewer.get(f"{row.get_absolute_url()}?recorded_at=2026-01-01&preview=1").status_code == 400


def test_what_named_a_row_that_is_gone_is_not_drawn(as_role):
    gone = person(name_en="Nobody Else", status="draft")
    row = draft(visitor=gone)
    at = timezone.now()
    row.visitor = person()
    row.save()
    gone.delete()
    response = then(as_role("reviewer"), row, at)
    assert (response.status_code, "Nobody Else" in response.content.decode()) == (409, True)


def test_one_after_the_other_is_each_its_own(as_role):
    one, other = draft(), draft(slug="other", occasion="another")
    viewer = as_role("viewer")
    first, second = preview(viewer, one), preview(viewer, other)
    assert CANARY in first.content.decode() and CANARY not in second.content.decode()
    assert preview(viewer, one).content == first.content


@only_where_two_write
@pytest.mark.django_db(transaction=True)
def test_at_the_same_time_each_sees_its_own_and_readers_nothing():
    rows = [draft(), draft(slug="other", occasion="another")]
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(member_of("viewer"))
    number, anonymous = Revision.objects.get().number, Client()
    for _round in range(5):
        one, other, public = at_the_same_time(
            lambda: preview(clients[0], rows[0]),
            lambda: preview(clients[1], rows[1]),
            lambda: anonymous.get(rows[0].get_absolute_url()),
        )
        assert (one.status_code, other.status_code, public.status_code) == (200, 200, 404)
        assert CANARY in one.content.decode() and CANARY not in other.content.decode()
    assert Revision.objects.get().number == number


def test_lists_and_other_methods_are_as_ever(as_role):
    row = draft()
    viewer = as_role("viewer")
    assert CANARY not in viewer.get("/visits/", {"preview": "1"}).content.decode()
    assert viewer.get("/api/v1/visits/", {"preview": "1"}).status_code == 400
    assert viewer.post(f"{row.get_absolute_url()}?preview=1").status_code == 405
    assert viewer.head(row.get_absolute_url(), {"preview": "1"}).status_code == 200
    assert viewer.get(row.get_absolute_url(), {"preview": "2"}).status_code == 404


def test_page_of_the_admin_leads_to_the_preview(as_role):
    row = draft()
    link = f'href="{row.get_absolute_url()}?preview=1"'
    viewer = as_role("editor")
    for page in ("review", "change"):
        assert link in viewer.get(f"/admin/visits/visit/{row.pk}/{page}/").content.decode()


def test_costs_nothing_where_nobody_asks(client, django_assert_num_queries):
    row = visit()
    cite(row)
    with CaptureQueriesContext(connection) as plain:
        client.get(row.get_absolute_url())
    for name in ("preview", "recorded_at"):
        with django_assert_num_queries(len(plain)):
            client.get(row.get_absolute_url(), {name: "1"})
