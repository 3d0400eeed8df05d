import pytest
from django.contrib.auth.models import Permission, User

from apps.curation.admin_forms import UNCITED
from apps.visits.admin import VisitForm
from apps.visits.models import Visit
from tests.adminpages import address, errors, page_of, reasons, saved, submit
from tests.factories import at_once, cite, organization, passage, person, place, state, visit

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]


@pytest.fixture
@at_once
def typed():
    """What a curator types for a visit, without a slug."""
    return {
        "visitor": person(slug="nazarbayev-nursultan", name_en="Nursultan Nazarbayev"),
        "capacity": "head_of_state",
        "sent_by_state": state("KAZ"),
        "host": state("CHN"),
        "date": "1993-10",
        "kind": "not_stated",
        "basis": "stated",
    }


def citing(**fields):
    return {"passage": passage(), "stance": "supports", **fields}


def test_visit_with_places_people_met_and_citations_is_entered_on_one_page(admin_client, admin_user, typed):
    beijing, jiang = place(), person()
    response = submit(
        admin_client,
        Visit,
        **typed | {"change_reason": "first reading"},
        places=[beijing],
        met=[jiang],
        rows={"citations": [citing(), citing(field="date", note="the year before")]},
    )
    assert saved(response)
    entered = Visit.objects.get()
    assert entered.slug == "nazarbayev-chn-1993-10"
    assert (list(entered.places.all()), list(entered.met.all())) == ([beijing], [jiang])
    assert [row.field for row in entered.citations.all()] == ["", "date"]
    assert (entered.created_by, entered.updated_by) == (admin_user, admin_user)
    assert set(reasons(entered)) == {("admin", "first reading")}
    assert reasons(entered.citations.first()) == [("admin", "first reading")]


def test_slug_is_numbered_where_it_is_taken(admin_client, typed):
    visit(slug="nazarbayev-chn-1993-10")
    visit(slug="nazarbayev-chn-1993-10-2")
    assert saved(submit(admin_client, Visit, **typed))
    assert Visit.objects.filter(slug="nazarbayev-chn-1993-10-3").exists()


@pytest.mark.parametrize(
    ("date", "slug"),
    [
        ("", "nazarbayev-chn"),
        ("[1992..1997]", "nazarbayev-chn-1992-1997"),
        ("1993-02/1993-03", "nazarbayev-chn-1993-02-1993-03"),
        ("1993?", "nazarbayev-chn-1993"),
    ],
)
def test_slug_of_a_date_that_is_no_day(date, slug, admin_client, typed):
    assert saved(submit(admin_client, Visit, **typed | {"date": date}))
    assert Visit.objects.get().slug == slug


@pytest.mark.parametrize("slug", ["to-china", "To-China"])
def test_slug_that_exists_is_refused_in_any_case(slug, admin_client, typed):
    visit(slug="to-china")
    assert errors(submit(admin_client, Visit, **typed, slug=slug)).keys() == {"slug"}


@pytest.mark.parametrize(
    ("date", "advice"), [("Feb 1993", "1993-02"), ("2001-02-29", "2001-02-28"), ("2005/2003", "2003/2005")]
)
def test_wrong_date_stays_and_is_answered_with_the_right_one(date, advice, admin_client, typed):
    response = submit(admin_client, Visit, **typed | {"date": date})
    assert errors(response).keys() == {"date"}
    assert advice in errors(response)["date"]
    assert f'value="{date}"' in response.content.decode()


def test_missing_fields_are_asked_for_and_nothing_else(admin_client):
    response = submit(admin_client, Visit, date="1993")
    assert errors(response).keys() == {"visitor", "capacity", "host", "sent_by_organization"}


def test_sender_is_one_of_two(admin_client, typed):
    response = submit(admin_client, Visit, **typed, sent_by_organization=organization())
    assert errors(response).keys() == {"sent_by_organization"}


def test_inferred_visit_needs_a_note(admin_client, typed):
    assert errors(submit(admin_client, Visit, **typed | {"basis": "inferred"})).keys() == {"note"}


def test_published_visit_keeps_its_last_supporting_citation(admin_client):
    cited = visit()
    last = cite(cited)
    for change in ({"DELETE": "on"}, {"stance": "contradicts", "claim": "1994"}):
        response = submit(admin_client, Visit, cited.pk, rows={"citations": [change]}, change_reason="x")
        assert errors(response) == {"citations": UNCITED}
    last.refresh_from_db()
    assert last.stance == "supports"


def test_same_citation_twice_is_refused(admin_client, typed):
    line = citing(field="date")
    response = submit(admin_client, Visit, **typed, rows={"citations": [line, line]})
    assert errors(response) == {"citations-1-stance": "This passage is cited for the same field already."}
    assert not Visit.objects.exists()


def test_citation_may_take_the_place_of_one_deleted_with_the_same_click(admin_client):
    cited = visit(status="draft")
    old = cite(cited)
    rows = {"citations": [{"DELETE": "on"}, citing(passage=old.passage, note="read again")]}
    assert saved(submit(admin_client, Visit, cited.pk, rows=rows))
    assert cited.citations.get().note == "read again"


def test_two_citations_exchanged_are_refused(admin_client):
    cited = visit(status="draft")
    first, second = cite(cited), cite(cited)
    rows = {"citations": [{"passage": second.passage}, {"passage": first.passage}]}
    found = errors(submit(admin_client, Visit, cited.pk, rows=rows))
    assert found.keys() == {"citations-0-stance", "citations-1-stance"}


def test_contradiction_says_what_the_passage_claims(admin_client, typed):
    response = submit(admin_client, Visit, **typed, rows={"citations": [citing(stance="contradicts")]})
    assert errors(response).keys() == {"citations-0-claim"}


def test_citation_names_a_field_in_words(admin_client):
    page = admin_client.get(page_of(Visit)).content.decode()
    assert '<option value="sent_by_state">sent by the state</option>' in page
    assert '<option value="slug">' not in page


def test_slug_of_a_draft_may_change(admin_client):
    draft = visit(slug="first", status="draft")
    assert saved(submit(admin_client, Visit, draft.pk, slug="second"))
    draft.refresh_from_db()
    assert draft.slug == "second"


def test_published_visit_links_to_its_page_and_a_draft_does_not(admin_client):
    for status, linked in (("published", True), ("draft", False)):
        row = visit(status=status)
        page = admin_client.get(page_of(Visit, row.pk)).content.decode()
        assert (f'href="{row.get_absolute_url()}"' in page) is linked


def test_form_refilled_after_a_key_that_is_none(admin_client, typed):
    for key in ("abc", 10**30):
        response = submit(admin_client, Visit, **typed | {"visitor": key}, places=[key], met=[key])
        assert errors(response).keys() == {"visitor", "places", "met"}


def test_history_tells_who_when_why_and_what_of_places_and_citations(admin_client):
    row = visit(status="draft")
    cite(row, claim="an older note")
    beijing = place(name_en="Beijing")
    rows = {"citations": [{"DELETE": "on"}]}
    submit(
        admin_client, Visit, row.pk, rows=rows, places=[beijing], occasion="a summit", change_reason="checked"
    )
    page = admin_client.get(address(Visit, "history", row.pk)).content.decode()
    # One change, of the visit, its places and its citations.
    assert page.count("“checked”") == 1
    for text in ("admin", "a summit", "Beijing", "an older note", "taken away"):
        assert text in page
    assert "Date (earliest)" not in page


def test_history_opens_after_what_it_names_is_gone(admin_client):
    row, gone = visit(status="draft"), person()
    beijing = place()
    row.visitor = gone
    row.save()
    row.places.add(beijing)
    row.visitor = person()
    row.save()
    row.places.clear()
    citation = cite(row)
    passage = citation.passage
    citation.delete()
    visitor_id = gone.pk
    gone.delete()
    beijing.delete()
    passage.delete()
    page = admin_client.get(address(Visit, "history", row.pk))
    assert page.status_code == 200
    assert "deleted since" in page.content.decode()
    for version in row.history.all():
        shown = admin_client.get(address(Visit, "look", row.pk), {"at": version.pk})
        assert shown.status_code == 200
        names_what_is_gone = version.visitor_id == visitor_id or version.places.exists()
        assert ("deleted since" in shown.content.decode()) is names_what_is_gone


def test_deleting_who_is_needed_shows_what_needs_him(admin_client):
    row = visit(visitor=person(status="draft"))
    response = admin_client.get(f"/admin/people/person/{row.visitor.pk}/delete/")
    assert response.status_code == 200
    assert response.context["protected"]
    response = admin_client.post(f"/admin/people/person/{row.visitor.pk}/delete/", {"post": "yes"})
    assert response.status_code == 200
    assert Visit.objects.exists()


def test_visit_is_deleted_with_its_citations(client):
    row = visit(status="draft")
    cite(row)
    user = User.objects.create_user("aigul", is_staff=True)
    codenames = ["view_visit", "delete_visit", "delete_visitcitation"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    assert saved(client.post(address(Visit, "delete", row.pk), {"post": "yes"}))
    assert not Visit.objects.exists()


def act(client, action, *rows):
    sent = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(address(Visit, "changelist"), sent, follow=True)


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("1992", ["within"]),
        ("1993", ["month", "within"]),
        ("1998", []),
        ("199X", ["month", "within"]),
        ("none", ["undated"]),
        ("9999", []),
        ("0001", []),
    ],
)
def test_list_by_when_it_may_have_happened(when, found, admin_client):
    visit(slug="month", date="1993-10")
    visit(slug="within", date="[1992..1997]")
    visit(slug="undated")
    rows = admin_client.get(address(Visit, "changelist"), {"when": when}).context["cl"].result_list
    # What is undated may have happened at any time.
    expected = {*found} if when == "none" else {*found, "undated"}
    assert {row.slug for row in rows} == expected


def test_list_offers_the_decades_and_the_years_of_the_one_chosen(admin_client):
    visit(date="1993-10"), visit(date="2007"), visit()
    page = admin_client.get(address(Visit, "changelist")).content.decode()
    assert "?when=199X" in page
    assert "?when=200X" in page
    assert "?when=1994" not in page
    assert "?when=1994" in admin_client.get(address(Visit, "changelist"), {"when": "199X"}).content.decode()


@pytest.mark.parametrize("asked", ["NAZARBAYEV", "назарбаев", "Назарбаев китай", "саммит"])
def test_search_finds_names_in_any_case_and_script(asked, admin_client, typed):
    nazarbayev = person(name_en="Nursultan Nazarbayev", name_ru="Нұрсұлтан Назарбаев")
    visit(visitor=nazarbayev, host=state("RUS", name_ru="Китай"), occasion="саммит")
    visit()
    assert admin_client.get(address(Visit, "changelist"), {"q": asked}).context["cl"].result_count == 1


def test_list_is_filtered_by_a_state_chosen_by_typing(admin_client):
    wanted, _other = visit(kind="state"), visit()
    response = admin_client.get(
        address(Visit, "changelist"),
        {"host__id__exact": wanted.host.pk, "kind__exact": "state", "q": "visit"},
    )
    assert list(response.context["cl"].result_list) == [wanted]
    page = response.content.decode()
    assert f'<option value="{wanted.host.pk}" selected>{wanted.host}</option>' in page
    assert '<input type="hidden" name="kind__exact" value="state">' in page


def test_uncited_and_disputed_visits_are_found(admin_client):
    uncited, disputed, settled = visit(), visit(), visit()
    cite(settled), cite(disputed)
    cite(disputed, stance="contradicts", claim="1994")
    for asked, found in (("no", [uncited]), ("disputed", [disputed])):
        rows = admin_client.get(address(Visit, "changelist"), {"cited": asked}).context["cl"].result_list
        assert list(rows) == found


def test_citation_page_is_for_reading(admin_client):
    citation = cite(visit())
    page = address(type(citation), "change", citation.pk)
    shown = admin_client.get(page).content.decode()
    assert "deletelink" not in shown
    assert admin_client.post(page, {"stance": "contradicts"}).status_code == 403
    assert (
        admin_client.post(address(type(citation), "delete", citation.pk), {"post": "yes"}).status_code == 403
    )
    version = address(type(citation), "simple_history", citation.pk, citation.history.first().pk)
    assert admin_client.post(version, {}).status_code == 403


def test_slug_taken_by_somebody_else_meanwhile_is_a_field_error(admin_client, typed, monkeypatch):
    visit(slug="to-china")
    check = VisitForm.validate_unique
    # The first time, as if the other visit had come between the check and the saving.
    checks = iter([lambda form: None, check])
    monkeypatch.setattr(VisitForm, "validate_unique", lambda form: next(checks)(form))
    assert errors(submit(admin_client, Visit, **typed, slug="to-china")).keys() == {"slug"}
    assert Visit.objects.count() == 1


def test_page_with_hundreds_of_citations_can_be_sent(admin_client):
    data = {f"citations-{line}-{field}": "" for line in range(500) for field in ("id", "entry", "note")}
    assert admin_client.post(page_of(Visit), data).status_code == 200


def test_row_chosen_can_be_changed_on_the_spot_but_not_deleted(admin_client):
    page = admin_client.get(page_of(Visit)).content.decode()
    assert 'id="change_id_visitor"' in page
    assert 'id="add_id_citations-__prefix__-passage"' in page
    assert 'id="delete_id_visitor"' not in page
