"""Whatever changes what is recorded raises the revision, in the same transaction."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models.signals import post_migrate

from apps.core.changes import together
from apps.core.models import Revision
from apps.people.models import Person
from apps.sources.models import Source
from apps.visits.models import Visit
from tests.factories import cite, party, passage, person, source, visit

pytestmark = pytest.mark.django_db


def number():
    return Revision.objects.current().number


def test_before_anything_is_written_it_is_0():
    assert number() == 0
    assert Revision.objects.current().changed_at is None


def changes():
    row, one, bound = visit(), person(), party()
    citation, text = cite(row), passage()
    return {
        "save": row.save,
        "add": lambda: row.met.add(one),
        "clear": lambda: one.meetings.clear(),
        "part": bound.save,
        "citation": citation.delete,
        "source": lambda: source(),
        "passage": text.save,
        "update": lambda: Visit.objects.filter(pk=row.pk).update(kind="state"),
        "update of sources": lambda: Source.objects.update(language="ru"),
        "bulk_create": lambda: Person.objects.bulk_create([Person(slug="a", name_en="A")]),
        "bulk_update": lambda: Visit.objects.bulk_update([row], ["date"]),
        "delete": row.delete,
    }


def test_every_way_to_write_raises_it():
    for name, change in changes().items():
        before = number()
        change()
        assert number() > before, name


def test_it_is_raised_once_for_what_is_written_together():
    before = number()
    with together():
        visit()
        visit()
    assert number() == before + 1


def test_what_is_undone_and_what_is_read_leave_it():
    row = visit()
    before = number()
    with transaction.atomic():
        row.save()
        transaction.set_rollback(True)
    Visit.objects.published().first()
    Visit.objects.filter(slug="none").update(kind="state")
    assert number() == before


def test_a_migration_raises_it_where_there_is_one():
    def migrated(plan):
        config = apps.get_app_config("core")
        post_migrate.send(sender=config, app_config=config, using="default", verbosity=0, plan=plan)

    migrated([("a migration", False)])
    assert number() == 0
    visit()
    before = number()
    migrated([])
    assert number() == before
    migrated([("a migration", False)])
    assert number() == before + 1


def test_there_is_only_one():
    visit()
    with pytest.raises(IntegrityError, match="core_revision_only_one"), transaction.atomic():
        Revision.objects.create(pk=2, number=1)
