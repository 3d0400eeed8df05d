import pytest
from django.contrib.auth.models import Permission, User

from apps.agreements.models import Action, Agreement, AgreementLink, Party, Subject
from tests.adminpages import address, errors, page_of, reasons, saved, submit
from tests.factories import (
    action,
    agreement,
    cite,
    link,
    organization,
    passage,
    place,
    state,
    subject,
    visit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]


@pytest.fixture
def typed():
    return {
        "title": "Treaty on the State Border between the two neighbours and on its course",
        "kind": "treaty",
        "signed": "1994-04-26",
        "instruments": 1,
        "basis": "stated",
    }


def entered():
    return Agreement.objects.get(title__startswith="Treaty")


def test_agreement_with_all_its_parts_is_entered_on_one_page(admin_client, admin_user, typed):
    china, kazakhstan, ministry, older = state(), state(), organization(kind="ministry"), agreement()
    response = submit(
        admin_client,
        Agreement,
        **typed | {"change_reason": "first reading"},
        subjects=[subject()],
        place=place(),
        concluded_during=visit(),
        rows={
            "parties": [{"party_state": china, "acting_through": ministry}, {"party_state": kazakhstan}],
            "actions": [
                {"party_state": china, "kind": "signature", "date": "1994-04-26"},
                {"party_state": kazakhstan, "kind": "ratification", "date": "[1994..1995]"},
            ],
            "links": [{"kind": "replaces", "other": older}],
            "citations": [{"passage": passage(), "field": "parties", "stance": "supports"}],
        },
    )
    assert saved(response)
    new = entered()
    assert new.slug == "1994-04-26-treaty-on-the-state-border-between-the-two"
    assert [(row.party, row.acting_through) for row in new.parties.all()] == [
        (china, ministry),
        (kazakhstan, None),
    ]
    actions = Action.objects.filter(party__agreement=new)
    assert {(row.party.party, row.kind) for row in actions} == {
        (china, "signature"),
        (kazakhstan, "ratification"),
    }
    assert new.links.get().other == older
    assert new.updated_by == admin_user
    for part in (*new.parties.all(), *actions, new.links.get(), new.citations.get()):
        assert reasons(part) == [("admin", "first reading")]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"signed": "26.04.1994"}, "signed"),
        ({"signed": "1994", "ended": "1993"}, "ended"),
        ({"amount": "100"}, "currency"),
        ({"currency": "USD"}, "currency"),
        ({"amount": "-1", "currency": "USD"}, "amount"),
        ({"amount": "1e30", "currency": "USD"}, "amount"),
        ({"instruments": 0}, "instruments"),
        ({"instruments": 10**30}, "instruments"),
        ({"instruments": -1}, "instruments"),
        ({"basis": "inferred"}, "note"),
        ({"title": "a\0b"}, "title"),
        ({"title": "Договор"}, "slug"),
        ({"title": "条约", "signed": ""}, "slug"),
    ],
)
def test_what_the_database_refuses_is_answered_at_the_field(values, field, admin_client, typed):
    response = submit(admin_client, Agreement, **typed | values)
    assert errors(response).keys() == {field}
    assert not Agreement.objects.exists()


def test_agreement_without_a_date_gets_a_slug_that_says_so(admin_client, typed):
    assert saved(submit(admin_client, Agreement, **typed | {"title": "Fuel pellets", "signed": ""}))
    assert Agreement.objects.get().slug == "undated-fuel-pellets"


def test_party_twice_is_refused(admin_client, typed):
    china, bank = state(), organization()
    for line in ({"party_state": china}, {"party_organization": bank}):
        rows = {"parties": [line, {**line, "acting_through": organization()}]}
        (name,) = errors(submit(admin_client, Agreement, **typed, rows=rows))
        assert name == f"parties-1-{[*line][0]}"
    assert not Party.objects.exists()


def test_party_already_there_is_refused(admin_client):
    there = agreement(status="draft", parties=[state()])
    cite(there)
    rows = {"parties": [{}, {"party_state": there.parties.get().party_state}]}
    assert errors(submit(admin_client, Agreement, there.pk, rows=rows)).keys() == {"parties-1-party_state"}


@pytest.mark.parametrize(
    "line", [{"acting_through": organization}, {"party_state": state, "party_organization": organization}]
)
def test_party_is_one_of_two(line, admin_client, typed):
    rows = {"parties": [{name: make() for name, make in line.items()}]}
    response = submit(admin_client, Agreement, **typed, rows=rows)
    assert errors(response).keys() == {"parties-0-party_organization"}


def test_two_parties_exchanged_are_refused(admin_client):
    china, russia = state(), state()
    there = agreement(status="draft", parties=[china, russia])
    cite(there)
    rows = {"parties": [{"party_state": russia}, {"party_state": china}]}
    found = errors(submit(admin_client, Agreement, there.pk, rows=rows))
    assert found.keys() == {"parties-0-party_state", "parties-1-party_state"}


def test_party_moves_into_the_place_of_one_deleted(admin_client):
    china, russia = state(), state()
    there = agreement(status="draft", parties=[china, russia])
    cite(there)
    rows = {"parties": [{"party_state": russia}, {"DELETE": "on"}]}
    assert saved(submit(admin_client, Agreement, there.pk, rows=rows))
    assert there.parties.get().party_state == russia


def test_action_twice_is_refused(admin_client, typed):
    china = state()
    line = {"party_state": china, "kind": "signature", "date": "1994"}
    rows = {"parties": [{"party_state": china}], "actions": [line, line]}
    response = submit(admin_client, Agreement, **typed, rows=rows)
    assert errors(response) == {"actions-1-date": "This action is recorded already."}
    assert not Agreement.objects.exists()


def test_undated_action_twice_is_refused(admin_client):
    there = agreement(status="draft", parties=[state()])
    cite(there)
    known = action(party=there.parties.get())
    rows = {"actions": [{}, {"party_state": known.party.party_state, "kind": "signature", "date": ""}]}
    assert errors(submit(admin_client, Agreement, there.pk, rows=rows)).keys() == {"actions-1-date"}


@pytest.mark.parametrize("date", ["1994-13", "26 April 1994"])
def test_action_with_a_wrong_date(date, admin_client, typed):
    china = state()
    rows = {
        "parties": [{"party_state": china}],
        "actions": [{"party_state": china, "kind": "signature", "date": date}],
    }
    response = submit(admin_client, Agreement, **typed, rows=rows)
    assert errors(response).keys() == {"actions-0-date"}
    assert f'value="{date}"' in response.content.decode()


def test_action_of_who_is_no_party_is_refused(admin_client, typed):
    rows = {
        "parties": [{"party_state": state()}],
        "actions": [{"party_organization": organization(), "kind": "signature"}],
    }
    assert errors(submit(admin_client, Agreement, **typed, rows=rows)).keys() == {
        "actions-0-party_organization"
    }


@pytest.mark.parametrize("line", [{}, {"party_state": state, "party_organization": organization}])
def test_action_names_one_party(line, admin_client, typed):
    named = {name: make() for name, make in line.items()}
    rows = {"actions": [{"kind": "signature", "date": "1994", **named}]}
    assert errors(submit(admin_client, Agreement, **typed, rows=rows)).keys() == {"actions-0-party_state"}


def test_action_goes_over_to_another_party(admin_client):
    china, russia = state(), state()
    there = agreement(status="draft", parties=[china, russia])
    cite(there)
    moved = action(party=there.parties.get(party_state=china))
    assert saved(submit(admin_client, Agreement, there.pk, rows={"actions": [{"party_state": russia}]}))
    moved.refresh_from_db()
    assert moved.party.party_state == russia


def test_action_goes_over_from_a_party_deleted_with_the_same_click(admin_client):
    china, russia = state(), state()
    there = agreement(status="draft", parties=[china, russia])
    cite(there)
    moved = action(party=there.parties.get(party_state=china))
    rows = {"parties": [{"DELETE": "on"}], "actions": [{"party_state": russia}]}
    assert saved(submit(admin_client, Agreement, there.pk, rows=rows))
    assert Action.objects.get(pk=moved.pk).party.party_state == russia


def test_action_follows_its_party_when_that_is_corrected(admin_client):
    china, russia = state(), state()
    there = agreement(status="draft", parties=[china])
    cite(there)
    followed = action(party=there.parties.get())
    rows = {"parties": [{"party_state": russia}]}
    assert errors(submit(admin_client, Agreement, there.pk, rows=rows)).keys() == {"actions-0-party_state"}
    assert saved(
        submit(admin_client, Agreement, there.pk, rows={**rows, "actions": [{"party_state": russia}]})
    )
    followed.refresh_from_db()
    assert followed.party.party_state == russia


def test_party_is_not_deleted_under_its_action(admin_client):
    there = agreement(status="draft", parties=[state()])
    cite(there)
    gone = action(party=there.parties.get())
    rows = {"parties": [{"DELETE": "on"}]}
    assert errors(submit(admin_client, Agreement, there.pk, rows=rows)).keys() == {"actions-0-party_state"}
    assert saved(submit(admin_client, Agreement, there.pk, rows={**rows, "actions": [{"DELETE": "on"}]}))
    assert not Action.objects.exists()
    assert Action.history.filter(id=gone.pk, history_type="-").count() == 1


def test_link_to_itself_is_refused(admin_client):
    there = agreement(status="draft")
    cite(there)
    rows = {"links": [{"kind": "amends", "other": there}]}
    assert errors(submit(admin_client, Agreement, there.pk, rows=rows)).keys() == {"links-0-other"}


def test_link_twice_is_refused(admin_client, typed):
    line = {"kind": "amends", "other": agreement()}
    rows = {"links": [line, line]}
    assert errors(submit(admin_client, Agreement, **typed, rows=rows)).keys() == {"links-1-other"}
    assert not AgreementLink.objects.exists()


@pytest.mark.once
def test_page_costs_a_few_queries_for_each_part_and_no_more(admin_client, django_assert_max_num_queries):
    there = agreement(status="draft", parties=[state() for _ in range(5)])
    for bound in there.parties.all():
        action(party=bound)
        cite(there)
    with django_assert_max_num_queries(70):
        admin_client.get(page_of(Agreement, there.pk))


def test_who_may_only_view_sees_the_actions_with_their_parties(client):
    there = agreement(status="draft", parties=[state(name_en="Ruritania")])
    action(party=there.parties.get(), date="1994-04")
    user = User.objects.create_user("aigul", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_agreement", "view_action"]))
    client.force_login(user)
    page = client.get(page_of(Agreement, there.pk)).content.decode()
    assert page.count("<p>Ruritania</p>") == page.count("<p>1994-04</p>") == 1


def test_who_may_not_see_parties_may_enter_actions(client):
    there = agreement(parties=[state()], status="draft")
    user = User.objects.create_user("aigul", is_staff=True)
    codenames = ["change_agreement", "add_action", "view_state"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    rows = {"actions": [{"party_state": there.parties.get().party_state, "kind": "signature"}]}
    assert saved(submit(client, Agreement, there.pk, rows=rows))
    rows = {"actions": [{"party_state": state(), "kind": "signature"}]}
    assert errors(submit(client, Agreement, there.pk, rows=rows)).keys() == {"actions-0-party_state"}


def test_history_tells_of_parties_actions_and_links_that_are_gone(admin_client):
    there = agreement(parties=[state(name_en="Ruritania")], status="draft")
    bound = there.parties.get()
    action(party=bound, kind="withdrawal")
    link(agreement=there, other=agreement(title="An older one"))
    there.links.all().delete()
    bound.delete()
    page = admin_client.get(address(Agreement, "history", there.pk)).content.decode()
    for text in ("Ruritania", "withdrawal", "An older one", "taken away"):
        assert text in page


def test_list_is_filtered_by_a_party(admin_client):
    china = state()
    wanted = agreement(parties=[china, state()])
    agreement(parties=[state()])
    asked = {"parties__party_state__id__exact": china.pk}
    assert list(admin_client.get(address(Agreement, "changelist"), asked).context["cl"].result_list) == [
        wanted
    ]


def test_subject_in_use_is_not_taken_from_under_its_slug(admin_client):
    energy = subject(slug="energy")
    response = submit(admin_client, Subject, name_en="Energy", slug="Energy")
    assert errors(response).keys() == {"slug"}
    assert saved(submit(admin_client, Subject, name_en="Nuclear energy"))
    assert set(Subject.objects.values_list("slug", flat=True)) == {energy.slug, "nuclear-energy"}
