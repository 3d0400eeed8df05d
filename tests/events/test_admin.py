import pytest

from apps.events.models import Event, Participant, Project, ProjectParty
from tests.adminpages import address, errors, page_of, reasons, saved, submit
from tests.factories import cite, event, organization, passage, person, place, project, state

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]


@pytest.fixture
def typed():
    return {
        "title": "SCO summit in Astana",
        "kind": "summit",
        "date": "2005-07",
        "basis": "stated",
    }


@pytest.fixture
def planned():
    return {
        "title": "Pipeline to the East",
        "kind": "pipeline",
        "start": "2004-09",
        "stage": "in_operation",
        "basis": "stated",
    }


def test_event_with_participants_and_a_citation_is_entered_on_one_page(admin_client, admin_user, typed):
    china, union, hu = state(), organization(), person()
    response = submit(
        admin_client,
        Event,
        **typed | {"change_reason": "first reading"},
        place=place(),
        summary="They met.",
        rows={
            "participants": [
                {"participant_state": china, "role": "host", "note": "in the capital"},
                {"participant_organization": union, "role": "organizer"},
                {"participant_person": hu, "role": "speaker"},
            ],
            "citations": [{"passage": passage(), "field": "date", "stance": "supports"}],
        },
    )
    assert saved(response)
    new = Event.objects.get()
    assert new.slug == "2005-07-sco-summit-in-astana"
    assert [(row.participant, row.role, row.note) for row in new.participants.all()] == [
        (china, "host", "in the capital"),
        (union, "organizer", ""),
        (hu, "speaker", ""),
    ]
    assert (new.created_by, new.updated_by) == (admin_user, admin_user)
    for row in (new, *new.participants.all(), new.citations.get()):
        assert set(reasons(row)) == {("admin", "first reading")}


def test_project_with_parties_and_a_citation_is_entered_on_one_page(admin_client, planned):
    china, company = state(), organization()
    response = submit(
        admin_client,
        Project,
        **planned,
        stage_date="2013",
        proposed="1997",
        rows={
            "parties": [
                {"party_state": china, "role": "host"},
                {"party_organization": company, "role": "builder"},
                {"party_organization": company, "role": "operator"},
            ],
            "citations": [{"passage": passage(), "field": "parties", "stance": "supports"}],
        },
    )
    assert saved(response)
    new = Project.objects.get()
    assert new.slug == "pipeline-to-the-east"
    assert [(row.party, row.role) for row in new.parties.all()] == [
        (china, "host"),
        (company, "builder"),
        (company, "operator"),
    ]


@pytest.mark.parametrize(
    ("date", "slug"),
    [
        ("", "undated-sco-summit-in-astana"),
        ("2005", "2005-sco-summit-in-astana"),
        ("[1992..1997]", "1992-1997-sco-summit-in-astana"),
    ],
)
def test_slug_of_an_event_is_its_date_and_title(date, slug, admin_client, typed):
    assert saved(submit(admin_client, Event, **typed | {"date": date}))
    assert Event.objects.get().slug == slug


def test_slug_is_numbered_where_it_is_taken(admin_client, typed, planned):
    event(slug="2005-07-sco-summit-in-astana"), project(slug="pipeline-to-the-east")
    assert saved(submit(admin_client, Event, **typed))
    assert saved(submit(admin_client, Project, **planned))
    assert Event.objects.filter(slug="2005-07-sco-summit-in-astana-2").exists()
    assert Project.objects.filter(slug="pipeline-to-the-east-2").exists()


@pytest.mark.parametrize(
    ("date", "advice"), [("July 2005", "2005-07"), ("2001-02-29", "2001-02-28"), ("2005/2003", "2003/2005")]
)
def test_wrong_date_stays_and_is_answered_with_the_right_one(date, advice, admin_client, typed):
    response = submit(admin_client, Event, **typed | {"date": date})
    assert errors(response).keys() == {"date"}
    assert advice in errors(response)["date"]
    assert f'value="{date}"' in response.content.decode()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"kind": "royal"}, "kind"),
        ({"basis": "inferred"}, "note"),
        ({"title": "Саммит"}, "slug"),
        ({"title": "a\0b"}, "title"),
        ({"place": 10**30}, "place"),
    ],
)
def test_wrong_event_is_answered_at_the_field(values, field, admin_client, typed):
    assert errors(submit(admin_client, Event, **typed | values)).keys() == {field}
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"start": "2005", "end": "2003"}, "end"),
        ({"start": "Sept 2004"}, "start"),
        ({"proposed": "x"}, "proposed"),
        ({"stage_date": "2013-13"}, "stage_date"),
        ({"stage": "dreamt"}, "stage"),
        ({"title": ""}, "title"),
    ],
)
def test_wrong_project_is_answered_at_the_field(values, field, admin_client, planned):
    assert errors(submit(admin_client, Project, **planned | values)).keys() == {field}
    assert not Project.objects.exists()


@pytest.mark.parametrize("make", [state, organization, person])
def test_participant_twice_in_one_role_is_refused(make, admin_client, typed):
    name = f"participant_{make.__name__}"
    line = {name: make(), "role": "host"}
    found = errors(submit(admin_client, Event, **typed, rows={"participants": [line, line]}))
    assert [*found.values()] == ["This participant has this role already."]
    assert all(key.startswith("participants-1-") for key in found)
    assert not Participant.objects.exists()
    assert saved(
        submit(admin_client, Event, **typed, rows={"participants": [line, line | {"role": "absent"}]})
    )


def test_participant_already_there_is_refused(admin_client):
    there = event([state()], status="draft")
    cite(there)
    line = {"participant_state": there.participants.get().participant_state, "role": "participant"}
    found = errors(submit(admin_client, Event, there.pk, rows={"participants": [{}, line]}))
    assert [*found.values()] == ["This participant has this role already."]


def test_party_to_a_project_twice_in_one_role_is_refused(admin_client, planned):
    for line in ({"party_state": state()}, {"party_organization": organization()}):
        rows = {"parties": [{**line, "role": "owner"}] * 2}
        found = errors(submit(admin_client, Project, **planned, rows=rows))
        assert [*found.values()] == ["This party has this role already."]
    assert not ProjectParty.objects.exists()


@pytest.mark.parametrize(
    "line",
    [
        {"participant_state": state, "participant_organization": organization},
        {"participant_state": state, "participant_person": person},
        {"participant_organization": organization, "participant_person": person},
        {},
    ],
)
def test_participant_is_one_of_three(line, admin_client, typed):
    filled = {name: make() for name, make in line.items()} | {"role": "host"}
    found = errors(submit(admin_client, Event, **typed, rows={"participants": [filled]}))
    assert found == {
        "participants-0-participant_person": "Give one of a state, an organization and a person."
    }


@pytest.mark.parametrize("line", [{"party_state": state, "party_organization": organization}, {}])
def test_party_to_a_project_is_one_of_two(line, admin_client, planned):
    filled = {name: make() for name, make in line.items()} | {"role": "owner"}
    found = errors(submit(admin_client, Project, **planned, rows={"parties": [filled]}))
    assert found == {"parties-0-party_organization": "Give either a state or an organization, not both."}


def test_participant_takes_the_place_of_one_deleted_with_the_same_click(admin_client):
    china, russia = state(), state()
    there = event([china, russia], status="draft")
    cite(there)
    rows = {"participants": [{"participant_state": russia}, {"DELETE": "on"}]}
    assert saved(submit(admin_client, Event, there.pk, rows=rows))
    assert there.participants.get().participant_state == russia


def test_history_tells_of_participants_that_are_gone(admin_client):
    there = event([state(name_en="Ruritania")], status="draft")
    there.participants.get().delete()
    page = admin_client.get(address(Event, "history", there.pk)).content.decode()
    assert "Ruritania" in page and "taken away" in page


def test_lists_are_filtered_by_who_has_a_part_and_count_it(admin_client):
    china, union, hu = state(), organization(), person()
    wanted = event([china, union, hu])
    event([state(), organization(), person()])
    for bearer in (china, union, hu):
        asked = {f"participants__participant_{bearer._meta.model_name}__id__exact": bearer.pk}
        shown = admin_client.get(address(Event, "changelist"), asked)
        assert list(shown.context["cl"].result_list) == [wanted]
    line = project([china, union])
    asked = {"parties__party_state__id__exact": china.pk}
    assert list(admin_client.get(address(Project, "changelist"), asked).context["cl"].result_list) == [line]


@pytest.mark.parametrize("asked", ["SUMMIT", "китай", "Jintao", "shanghai"])
def test_search_finds_the_title_and_who_took_part(asked, admin_client):
    bearers = [state(name_ru="Китай"), person(name_en="Hu Jintao"), organization(name_en="Shanghai Six")]
    event(bearers, title="A Summit")
    event()
    assert admin_client.get(address(Event, "changelist"), {"q": asked}).context["cl"].result_count == 1


def test_part_alone_is_for_reading(admin_client):
    row = event([state()]).participants.get()
    assert admin_client.get(address(Participant, "changelist")).status_code == 200
    assert admin_client.post(page_of(Participant, row.pk), {"role": "host"}).status_code == 403
