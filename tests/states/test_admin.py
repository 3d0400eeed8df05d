import pytest

from apps.states.models import Place, State
from tests.adminpages import address, errors, page_of, saved, submit
from tests.factories import agreement, cite, membership, place, state, visit

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]

TYPED = {"code": "CHN", "name_en": "China", "kind": "sovereign", "basis": "stated"}


def test_state_is_entered_with_its_code_in_capitals(admin_client):
    assert saved(submit(admin_client, State, **TYPED | {"code": "chn", "alpha2": "cn"}))
    assert State.objects.values_list("code", "alpha2").get() == ("CHN", "CN")


@pytest.mark.parametrize("code", ["CHN", "chn"])
def test_code_that_exists_is_refused_in_any_case(code, admin_client):
    state("CHN")
    assert errors(submit(admin_client, State, **TYPED | {"code": code})).keys() == {"code"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "CH"}, "code"),
        ({"code": "CHNX"}, "code"),
        ({"code": ""}, "code"),
        ({"name_en": ""}, "name_en"),
        ({"begin": "1949/"}, None),
        ({"begin": "10.1949"}, "begin"),
        ({"region": "999"}, "region"),
        ({"basis": "inferred"}, "note"),
    ],
)
def test_what_the_database_refuses_is_answered_at_the_field(values, field, admin_client):
    response = submit(admin_client, State, **TYPED | values)
    if field is None:
        assert saved(response)
    else:
        assert errors(response).keys() == {field}


def test_code_is_written_once(admin_client):
    china = state("CHN", status="draft")
    page = admin_client.get(page_of(State, china.pk)).content.decode()
    assert 'name="code"' not in page
    assert saved(submit(admin_client, State, china.pk, code="XXX", name_en="China"))
    china.refresh_from_db()
    assert (china.code, china.name_en) == ("CHN", "China")


def test_list_counts_what_a_state_has_and_links_to_it(admin_client):
    china = state("CHN")
    visit(host=china), visit(host=china), visit(sent_by_state=china)
    membership(member_state=china)
    wanted = [agreement(parties=[china, state()]) for _ in range(3)]
    row = next(
        r for r in admin_client.get(address(State, "changelist")).context["cl"].result_list if r == china
    )
    counts = (row.visits_in_count, row.visits_out_count, row.memberships_count, row.agreement_parties_count)
    assert counts == (2, 1, 1, 3)
    page = admin_client.get(address(State, "changelist")).content.decode()
    link = f"/admin/agreements/agreement/?parties__party_state__id__exact={china.pk}"
    assert f'<a href="{link}">3</a>' in page
    assert set(admin_client.get(link).context["cl"].result_list) == set(wanted)
    link = f"/admin/visits/visit/?host__id__exact={china.pk}"
    assert f'<a href="{link}">2</a>' in page
    assert admin_client.get(link).context["cl"].result_count == 2


def test_list_is_sorted_by_a_count(admin_client):
    first, second = state(), state()
    visit(host=second)
    column = (
        1
        + next(
            number
            for number, name in enumerate(
                admin_client.get(address(State, "changelist")).context["cl"].list_display
            )
            if getattr(name, "__name__", "") == "visits_in_count"
        )
        - 1
    )
    rows = list(admin_client.get(address(State, "changelist"), {"o": f"-{column}"}).context["cl"].result_list)
    assert rows.index(second) < rows.index(first)


@pytest.mark.parametrize("asked", ["КИТАЙ", "kitay", "chn", "Қытай"])
def test_state_is_found_by_any_of_its_names(asked, admin_client):
    china = state("CHN", name_en="China", name_ru="Китай", name_kk="Қытай", aliases="Kitay")
    state("RUS", name_en="Russia")
    path = "/admin/autocomplete/"
    field = {"app_label": "visits", "model_name": "visit", "field_name": "host", "term": asked}
    assert [row["id"] for row in admin_client.get(path, field).json()["results"]] == [str(china.pk)]


def test_place_that_is_needed_is_not_deleted(admin_client):
    beijing = place()
    agreement(place=beijing)
    response = admin_client.post(address(Place, "delete", beijing.pk), {"post": "yes"})
    assert response.context["protected"]
    sent = {"action": "delete_selected", "_selected_action": [beijing.state.pk], "post": "yes"}
    assert admin_client.post(address(State, "changelist"), sent).context["protected"]
    assert Place.objects.exists()


def test_place_gets_a_slug(admin_client):
    assert saved(submit(admin_client, Place, name_en="Алматы", slug="almaty", state=state()))
    assert errors(submit(admin_client, Place, name_en="Алматы", state=state())).keys() == {"slug"}
    assert errors(submit(admin_client, Place, name_en="Almaty", slug="Almaty", state=state())).keys() == {
        "slug"
    }
    assert saved(submit(admin_client, Place, name_en="Ust-Kamenogorsk", state=state()))
    assert Place.objects.filter(slug="ust-kamenogorsk").exists()


def test_published_state_can_be_edited_with_its_citation(admin_client):
    china = state("CHN")
    cite(china)
    assert saved(submit(admin_client, State, china.pk, note="checked", change_reason="a note"))
