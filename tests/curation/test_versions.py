"""Versions as values: written back they make the same rows, and what is tried leaves nothing behind."""

import json

import pytest
from django.core.management import call_command

from apps.agreements.models import Action, Agreement
from apps.core.changes import is_undone, undone
from apps.core.models import Entry, Revision
from apps.curation.versions import apply, part_models, tried, version_of
from apps.organizations.models import Membership
from tests import factories
from tests.factories import action, agreement, cite, link, person, place, state, visit
from tests.sampling import sample

pytestmark = pytest.mark.django_db

KINDS = sample(Entry.__subclasses__(), [Agreement, Membership])


def of(model):
    row = getattr(factories, model._meta.model_name)()
    cite(row)
    return row


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
def test_version_is_json_and_comes_back(model):
    row = of(model)
    before = version_of(row)
    assert json.loads(json.dumps(before)) == before
    row.note, row.basis = "Read again.", "inferred"
    row.save()
    row.citations.all().delete()
    assert apply(row, before) is True
    assert version_of(row) == before
    assert apply(row, before) is False


def full_agreement():
    row = agreement([state(), state()], title="A treaty", signed="1994-04")
    cite(row)
    link(agreement=row)
    action(party=row.parties.first(), date="1995")
    return row


def test_parts_of_parts_are_taken_along():
    row = full_agreement()
    assert [model._meta.model_name for model in part_models(Agreement)].index("party") < [
        model._meta.model_name for model in part_models(Agreement)
    ].index("action")
    before = version_of(row)
    row.parties.all().delete()
    row.links.all().delete()
    assert not Action.objects.exists()
    apply(row, before, reason="as it was")
    assert version_of(row) == before
    assert Action.history.first().history_change_reason == "as it was"


def test_history_rows_of_one_change_bear_one_moment():
    row = full_agreement()
    before = version_of(row)
    row.title = "Another treaty"
    row.save()
    row.parties.all().delete()
    apply(row, before)
    moments = {record.history_date for record in (row.history.first(), Action.history.first())}
    assert len(moments) == 1


def test_links_come_back():
    row, beijing, jiang = visit(), place(), person()
    row.places.set([beijing]), row.met.set([jiang])
    before = version_of(row)
    row.places.clear(), row.met.set([person()])
    apply(row, before)
    assert (list(row.places.all()), list(row.met.all())) == ([beijing], [jiang])
    assert {link.place_id for link in row.history.first().places.all()} == {beijing.pk}


def test_what_is_tried_leaves_nothing_behind():
    row = full_agreement()
    before, revision, records = version_of(row), Revision.objects.current().number, Action.history.count()
    other = {**before, "own": {**before["own"], "title": "Another treaty"}}
    title = tried(row, other, lambda: (Agreement.objects.get(pk=row.pk).title, is_undone()))
    assert title == ("Another treaty", True)
    assert version_of(row) == before
    assert (Revision.objects.current().number, Action.history.count()) == (revision, records)
    assert not is_undone()
    call_command("rebuild_ties", check=True, verbosity=0)


def test_keys_given_in_a_trial_are_given_to_nobody_else():
    row, trial = visit(), {}

    def tentative():
        trial["key"] = cite(row).pk

    tried(row, None, tentative)
    assert cite(row).pk > trial["key"]


def test_undone_when_it_fails():
    row = visit(occasion="a summit")
    with pytest.raises(ZeroDivisionError), undone():
        row.occasion = "a dinner"
        row.save()
        raise ZeroDivisionError
    row.refresh_from_db()
    assert row.occasion == "a summit"
    assert not is_undone()
