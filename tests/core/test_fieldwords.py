"""The value of any field in words."""

import pytest

from apps.core.fieldwords import prefetch_values, value_words
from apps.sources.models import Citation
from tests.factories import (
    agreement,
    event,
    figure,
    link,
    membership,
    organization,
    party,
    person,
    place,
    project,
    state,
    visit,
)

pytestmark = pytest.mark.django_db


def words(entry, name):
    """As read afresh, so that nothing is known but what `prefetch_values` reads."""
    entry = type(entry).objects.for_title().get(pk=entry.pk)
    prefetch_values([entry], [name])
    return value_words(entry, name)


@pytest.mark.parametrize(
    ("make", "name", "expected"),
    [
        (lambda: visit(date="1993-02"), "date", "February 1993"),
        (lambda: visit(), "date", "date not recorded"),
        (lambda: visit(kind="working"), "kind", "working visit"),
        (lambda: visit(), "occasion", "not recorded"),
        (lambda: visit(host=state(name_en="Peru")), "host", "Peru"),
        (
            lambda: visit(places=[place(name_en="Astana"), place(name_en="Almaty")]),
            "places",
            "Almaty, Astana",
        ),
        (lambda: visit(), "met", "not recorded"),
        (lambda: membership(end=".."), "end", "ongoing"),
        (lambda: membership(founder=True), "founder", "yes"),
        (lambda: membership(), "founder", "no"),
        (lambda: organization(), "seat", "not recorded"),
        (lambda: person(aliases="Ann\nAnna"), "aliases", "Ann, Anna"),
        (lambda: agreement(instruments=None), "instruments", "not recorded"),
        (lambda: agreement(instruments=3), "instruments", "3"),
        (lambda: agreement(amount=5000, currency="USD"), "amount", "USD 5,000"),
        (lambda: agreement(parties=[state(name_en="Peru")]), "parties", "Peru"),
        (lambda: event(participants=[state(name_en="Peru")]), "participants", "Peru, participant"),
        (lambda: project(parties=[state(name_en="Peru")]), "parties", "Peru, participant"),
        (lambda: figure(value=300, unit="km"), "value", "300 kilometres"),
        (lambda: figure(value=7, unit="money", currency="EUR"), "value", "7 euros"),
        (lambda: state(name_en="Peru"), "", "Peru"),
    ],
)
def test_value_words(make, name, expected):
    assert words(make(), name) == expected


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda draft: organization(parent=organization(**draft)), "parent"),
        (lambda draft: visit(met=[person(**draft)]), "met"),
        (lambda draft: agreement(parties=[state(**draft)]), "parties"),
        (lambda draft: event(participants=[person(**draft)]), "participants"),
        (lambda draft: agreement(concluded_during=visit(visitor=person(**draft))), "concluded_during"),
        (lambda draft: link(other=agreement(title="Canary", status="draft")).agreement, "links"),
        (lambda draft: party(party_organization=organization(**draft)).agreement, "parties"),
    ],
)
def test_what_is_not_published_is_not_named(make, name):
    assert words(make({"name_en": "Canary", "status": "draft"}), name) == "not recorded"


@pytest.mark.parametrize("model", [model.entry_model() for model in Citation.__subclasses__()])
def test_every_field_that_can_be_cited_has_words_without_a_query_of_its_own(model, django_assert_num_queries):
    from tests import factories

    entry = getattr(factories, model._meta.model_name)()
    entry = model.objects.for_title().get(pk=entry.pk)
    names = model.citations.rel.related_model.citable_fields()
    prefetch_values([entry], names)
    with django_assert_num_queries(0):
        assert all(value_words(entry, name) for name in names)


def test_a_link_is_told_with_what_it_leads_to():
    row = link(agreement=agreement(title="This"), other=agreement(title="That"))
    assert words(row.agreement, "links") == "This amends That"
