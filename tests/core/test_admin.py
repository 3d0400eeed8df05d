"""What holds for the admin of every model."""

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin, RelatedFieldWidgetWrapper
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.agreements.models import Action
from apps.core.admin import PartAdmin
from apps.core.changes import together
from apps.core.models import Recorded, Revision
from apps.organizations.models import Membership, Office
from apps.people.models import Person
from apps.visits.models import Visit, VisitCitation
from tests import factories
from tests.adminpages import address, versions

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]

# Worked out from the entries, or about them, and not curated.
DERIVED = {
    Revision,
    *apps.get_app_config("relations").get_models(),
    *apps.get_app_config("curation").get_models(),
}
MODELS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith("apps.")
    and not model.__name__.startswith("Historical")
    and model not in DERIVED
]
RECORDED = [model for model in MODELS if issubclass(model, Recorded)]
ADDABLE = [model for model in MODELS if not isinstance(admin.site.get_model_admin(model), PartAdmin)]
# The citation tables share one class: of these, one will do where a test sends many requests.
DISTINCT = [model for model in MODELS if not model.__name__.endswith("Citation")] + [VisitCitation]
FACTORIES = {"agreementlink": factories.link, "projectparty": factories.project_party}
HOSTILE = [
    "id__exact=99999999999999999999999999",
    "id__in=99999999999999999999999999",
    "id__exact=abc",
    "id__exact=1&id__exact=2",
    "q=%00",
    "q=" + "a+" * 3000,
    "q=%25%5C_%27%22",
    "p=-1",
    "p=0",
    "p=99999999999999999999999999",
    "p=abc",
    "o=99.-99.x.",
    "all=x",
    "e=1",
    "e=1&id__in=99999999999999999999999999",
    "_facets=True",
    "_to_field=nothing",
    "_popup=1",
    "nothing=1",
    "status__exact=x",
    "status__regex=(",
    "note__regex=(",
    "date_earliest__year=0",
    "date_earliest__year=10000",
    "date_earliest__year=9999",
    "date_earliest__gte=abc",
    "start_earliest__year=0",
    "founded_earliest__year=99999999999999999999",
    "host__id__exact=99999999999999999999999999",
    "visitor__id__exact=abc",
    "parties__party_state__id__exact=abc",
    "parties__party_state__id__exact=99999999999999999999999999",
    "participants__participant_person__id__exact=abc",
    "of_state__id__exact=99999999999999999999999999",
    "source__id__exact=99999999999999999999999999",
    "when=1993-13",
    "when=199X",
    "when=0000",
    "when=9999",
    "when=none",
    "when=%D9%A1%D9%A9",
    "cited=no",
    "cited=disputed",
    "cited=x",
]


@factories.at_once
def row(model):
    """One more row of any model."""
    name = model._meta.model_name
    if name.endswith("citation"):
        return factories.cite(getattr(factories, name.removesuffix("citation"))())
    return FACTORIES.get(name, getattr(factories, name, None))()


def model_id(value):
    return value._meta.model_name if isinstance(value, type) else None


def staff(*codenames):
    user = User.objects.create_user("aigul", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def test_every_model_is_registered():
    assert [model for model in MODELS if not admin.site.is_registered(model)] == []


def test_models_are_found():
    assert len(MODELS) >= 20


@pytest.mark.once
@pytest.mark.parametrize("model", MODELS, ids=model_id)
def test_list_costs_the_same_queries_for_two_rows_and_for_twenty(
    model, admin_client, django_assert_num_queries
):
    row(model), row(model)
    admin_client.get(address(model, "changelist"))
    with CaptureQueriesContext(connection) as two:
        assert admin_client.get(address(model, "changelist")).status_code == 200
    with together():
        for _ in range(18):
            row(model)
    with django_assert_num_queries(len(two)):
        response = admin_client.get(address(model, "changelist"))
    assert len(response.context["cl"].result_list) == model.objects.count() >= 20


@pytest.mark.parametrize("model", ADDABLE, ids=model_id)
def test_form_has_every_field_that_a_curator_may_set(model, rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    form = admin.site.get_model_admin(model).get_form(request)
    own = {field.name for field in (*model._meta.fields, *model._meta.many_to_many) if field.editable}
    # The status is the workflow's, which has buttons.
    assert own - {"id", "status", *form.base_fields} == set()


@pytest.mark.parametrize("model", ADDABLE, ids=model_id)
def test_add_form_opens(model, admin_client):
    assert admin_client.get(address(model, "add")).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=model_id)
def test_form_of_a_row_opens(model, admin_client):
    assert admin_client.get(address(model, "change", row(model).pk)).status_code == 200


@pytest.mark.once
@pytest.mark.parametrize("model", MODELS, ids=model_id)
def test_form_of_a_row_opens_for_who_may_only_view(model, client):
    viewed = row(model)
    user = staff()
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    response = client.get(address(model, "change", viewed.pk))
    assert response.status_code == 200
    assert "_save" not in response.content.decode()


@pytest.mark.once
@pytest.mark.parametrize("model", RECORDED, ids=model_id)
def test_history_opens_and_so_does_a_version(model, admin_client):
    changed = row(model)
    changed.save()
    assert admin_client.get(address(model, "history", changed.pk)).status_code == 200
    version = changed.history.earliest().pk
    shown = admin_client.get(address(model, "simple_history", changed.pk, version), follow=True)
    assert shown.status_code == 200


def chosen_fields(model, request):
    """The fields of its page, inlines included, that lead to another row."""
    model_admin = admin.site.get_model_admin(model)
    forms_ = [model_admin.get_form(request)]
    forms_ += [formset.form for formset, _ in model_admin.get_formsets_with_inlines(request)]
    for form in forms_:
        for name, field in form().fields.items():
            if isinstance(field, forms.ModelChoiceField) and name != "id":
                yield f"{form.__name__}.{name}", field


@pytest.mark.parametrize("model", ADDABLE, ids=model_id)
def test_every_row_is_chosen_by_typing(model, rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    for name, field in chosen_fields(model, request):
        if isinstance(field, forms.models.InlineForeignKeyField):
            continue
        widget = field.widget
        widget = widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget
        assert isinstance(widget, AutocompleteMixin), name


@pytest.mark.once
@pytest.mark.parametrize("model", MODELS, ids=model_id)
def test_who_may_not_see_a_model_may_not_choose_from_it(model, client, admin_client):
    for field in (
        f for f in (*model._meta.fields, *model._meta.many_to_many) if f.remote_field and f.editable
    ):
        asked = {
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": field.name,
        }
        assert admin_client.get("/admin/autocomplete/", {**asked, "term": "q"}).status_code == 200
        client.force_login(User.objects.filter(username="aigul").first() or staff("add_visit"))
        assert client.get("/admin/autocomplete/", asked).status_code == 403
        client.logout()


@pytest.mark.django_db(transaction=True)
def test_lists_never_fail_on_an_odd_address(admin_client):
    row(VisitCitation), row(Action), row(Membership), row(Office)
    # Of other pages, and more, tests/hostile asks.
    for query in HOSTILE:
        for model in (Visit, Action, Membership):
            response = admin_client.get(f"{address(model, 'changelist')}?{query}")
            assert response.status_code in (200, 302, 400), (model, query[:40])
            assert response.status_code != 302 or response.url.endswith("?e=1"), (model, query[:40])


@pytest.mark.django_db(transaction=True)
def test_list_with_a_wrong_filter_takes_no_action(admin_client):
    person = factories.person(status="in_review")
    factories.cite(person)
    response = admin_client.post(
        f"{address(Person, 'changelist')}?id__in=99999999999999999999999999",
        {"action": "publish", "_selected_action": [person.pk]},
    )
    assert response.status_code == 302
    person.refresh_from_db()
    assert person.status == "in_review"


@pytest.mark.parametrize("key", ["99999999999999999999999999", "abc", "%00", "-1", "1_00", "٣"])
def test_addresses_of_no_row(key, admin_client):
    for model in DISTINCT:
        base = address(model, "changelist")
        for page in ("change/", "delete/", "history/", "history/1/", f"history/{key}/"):
            assert admin_client.get(f"{base}{key}/{page}").status_code in (302, 400, 403, 404), (model, page)


@pytest.mark.parametrize("key", ["99999999999999999999999999", "abc", "", "-1"])
def test_selecting_no_row(key, admin_client):
    for model in ADDABLE:
        sent = {"action": "delete_selected", "_selected_action": [key]}
        assert admin_client.post(address(model, "changelist"), sent).status_code in (302, 400)


@pytest.mark.parametrize("key", ["99999999999999999999999999", "1,abc"])
def test_add_form_with_odd_values_in_its_address(key, admin_client):
    for model in ADDABLE:
        names = [field.name for field in (*model._meta.fields, *model._meta.many_to_many)]
        response = admin_client.get(address(model, "add"), dict.fromkeys(names, key))
        assert response.status_code == 200, model


NONSENSE = ["99999999999999999999999999", "1" * 5000, "abc", "a\0b", "-1", "1e999", "NaN", "[", "Ә"]


@pytest.mark.parametrize("value", NONSENSE)
def test_form_filled_with_nonsense_is_shown_again(value, admin_client, rf, admin_user):
    """Each in a third of the forms, each form with three of them; what no form may fail on, tests/hostile asks."""
    request = rf.get("/")
    request.user = admin_user
    for model in ADDABLE[NONSENSE.index(value) % 3 :: 3]:
        model_admin = admin.site.get_model_admin(model)
        sent = dict.fromkeys(model_admin.get_form(request).base_fields, value)
        for formset, _inline in model_admin.get_formsets_with_inlines(request):
            prefix = formset.get_default_prefix()
            sent |= {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 0}
            sent |= {f"{prefix}-0-{name}": value for name in formset.form.base_fields}
        response = admin_client.post(address(model, "add"), sent)
        if response.status_code != 302:  # Some names are as good as any.
            assert response.status_code == 200, model
            assert response.context["errors"], model


def test_more_rows_than_were_sent_are_refused_and_not_drawn(admin_client):
    visit = factories.visit(status="draft")
    sent = {"citations-TOTAL_FORMS": 1_000_000_000, "citations-INITIAL_FORMS": 0, "citations-0-note": "x"}
    sent |= versions(admin_client.get(address(Visit, "change", visit.pk)))
    response = admin_client.post(address(Visit, "change", visit.pk), sent)
    assert response.status_code == 200
    (inline,) = response.context["inline_admin_formsets"]
    assert "citations-TOTAL_FORMS" in inline.formset.non_form_errors()[0]
    assert inline.formset.forms == []


def test_tampered_formset_is_refused(admin_client):
    visit = factories.visit()
    other = factories.cite(factories.visit())
    for total, key in [("1", other.pk), ("1", 10**30), ("1", "abc"), ("x", ""), ("1", "")]:
        sent = {"citations-TOTAL_FORMS": total, "citations-INITIAL_FORMS": 1, "citations-0-id": key}
        sent |= {
            "citations-0-passage": other.passage.pk,
            "citations-0-stance": "supports",
            "citations-0-note": "x",
        } | versions(admin_client.get(address(Visit, "change", visit.pk)))
        response = admin_client.post(address(Visit, "change", visit.pk), sent)
        assert response.status_code == 200
    other.refresh_from_db()
    assert other.note == ""


def test_a_control_character_is_refused_where_it_was_typed(admin_client):
    page = admin_client.post("/admin/people/person/add/", {"slug": "a", "name_en": "A\x0bB"})
    assert page.context["adminform"].form.errors["name_en"] == [
        "It holds a control character, which no page shows. Delete it."
    ]
