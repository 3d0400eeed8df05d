"""Migrations on databases of their own that hold data: from each schema that there was, and back to nothing."""

import os
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.utils import ConnectionHandler

from apps.people.models import Person
from apps.sources.models import Source
from apps.visits.models import Visit
from kzforeign.environment import database
from tests import databases
from tests.core.schemas import GROWING, RELEASED

URL = os.environ.get("DATABASE_URL", "")
OURS = sorted({config.label for config in apps.get_app_configs() if config.name.startswith("apps.")})
# To undo all takes a minute and more, and those that are applied somewhere do not change: MIGRATIONS=all does it. By
# itself it is tried where undoing takes code, in the app on which no other depends.
ALL = os.environ.get("MIGRATIONS") == "all"
# {"app.migration": why what it does cannot be undone}. Whoever upgrades makes a backup before.
IRREVERSIBLE = {}


def test_every_migration_can_be_undone_or_says_why_not():
    found = {
        f"{app}.{name}"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app in OURS and not all(operation.reversible for operation in migration.operations)
    }
    assert found == {*IRREVERSIBLE}


def test_every_release_has_its_schema():
    log = (Path(settings.BASE_DIR) / "kzforeign" / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", log, re.MULTILINE) == [*reversed(RELEASED)]


@pytest.fixture
def use(django_db_blocker):
    """Makes the database at an address the default one, for migrations that are told no other."""
    before = connections["default"]

    def use(address):
        there = connections.settings["default"] | {"NAME": database(address)["NAME"]}
        connections["default"] = ConnectionHandler({"default": there})["default"]

    with django_db_blocker.unblock():
        yield use
        connections["default"].close()
        connections["default"] = before


def migrate(targets):
    """To (app, migration) pairs; returns the models as they were then."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    # What it returns has models of several moments, which do not know each other.
    return executor.loader.project_state([target for target in targets if target[1]]).apps


def newest():
    return MigrationLoader(connection).graph.leaf_nodes()


def write(then, mark):
    """Rows as the code of that time wrote them, by its models; their words are those that have to be folded."""

    def make(model, **fields):
        return then.get_model(model)._base_manager.create(**fields)

    source = make("sources.Source", slug=f"paper-{mark}", kind="article", title="Ұлы Жол", date="2016")
    passage = make("sources.Passage", source=source, anchor="p-1", position=1, paragraph=1)
    state = then.get_model("states.State")._base_manager.filter(code="KAZ").first()
    if not state:
        state = make("states.State", code="KAZ", status="published", name_en="Kazakhstan", kind="sovereign")
        make("states.StateCitation", entry=state, passage=passage)
    place = make("states.Place", slug=f"semey-{mark}", name_en=f"Semey {mark}", state=state)
    person = make("people.Person", slug=f"person-{mark}", name_en=f"Person {mark}", status="published")
    make("people.PersonCitation", entry=person, passage=passage)
    organization = make(
        "organizations.Organization",
        slug=f"pact-{mark}",
        name_en=f"Pact {mark}",
        kind="alliance",
        founded="1992",
    )
    of_organization = {"organization": organization, "member_state": state}
    make("organizations.Membership", slug=f"member-{mark}", start="1992", end="..", **of_organization)
    make("organizations.Office", slug=f"office-{mark}", title="Première", role="chair", holder_person=person,
         body_organization=organization)  # fmt: skip
    visit = make("visits.Visit", slug=f"visit-{mark}", visitor=person, sent_by_state=state, host=state, date="1993-02",
                 occasion="A  Congress", status="published")  # fmt: skip
    visit.places.add(place)
    make("visits.VisitCitation", entry=visit, passage=passage)
    make("events.Event", slug=f"event-{mark}", title="Event", kind="summit", date="1999")
    make(
        "figures.Figure",
        slug=f"figure-{mark}",
        title="Figure",
        measure="other",
        value=1,
        date="1999",
        of_state=state,
    )
    make("agreements.Agreement", slug=f"agreement-{mark}", title="Agreement", kind="treaty", signed="1995")


@pytest.mark.database
@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.timeout(1200)
def test_data_of_every_schema_comes_to_the_newest(use, tmp_path):
    """One way through all of them, on which each leaves rows to the next."""
    schemas = GROWING | RELEASED
    with databases.database(URL, tmp_path) as address:
        use(address)
        for mark, schema in schemas.items():
            write(migrate([*schema.items()]), mark)
        migrate(newest())
        assert {*Source.objects.values_list("search_text", flat=True)} == {"ұлы жол"}
        for mark in schemas:
            visit = Visit.objects.published().get(slug=f"visit-{mark}")
            assert (visit.date.earliest.isoformat(), visit.search_text) == ("1993-02-01", "a congress")
            assert [place.slug for place in visit.places.all()] == [f"semey-{mark}"]
        assert Person.objects.published().count() == len(schemas)
        # What the code of today makes of it all.
        call_command("rebuild_ties", verbosity=0)
        call_command("rebuild_ties", check=True, verbosity=0)
        connection.close()


@pytest.mark.database
@pytest.mark.exhaustive
@pytest.mark.once
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("labels", [["relations"], OURS] if ALL else [["relations"]])
def test_migrations_are_undone_with_data_in_them_and_done_again(labels, use, tmp_path):
    with databases.database(URL, tmp_path, databases.migrated()) as address:
        databases.manage(address, "seed", DEBUG="1")
        use(address)
        before = {*connection.introspection.table_names()}
        migrate([(label, None) for label in labels])
        assert {*connection.introspection.table_names()} == before - tables_of(labels)
        migrate(newest())
        assert {*connection.introspection.table_names()} == before
        if labels == OURS:
            call_command("seed", verbosity=0)
        call_command("rebuild_ties", verbosity=0)
        call_command("rebuild_ties", check=True, verbosity=0)
        connection.close()


def tables_of(labels):
    """Those that are not of a model are behind the search on SQLite."""
    models = {model for label in labels for model in apps.get_app_config(label).get_models(True)}
    words = ["", "_config", "_data", "_idx"] if connection.vendor == "sqlite" else []
    return {model._meta.db_table for model in models} | {
        f"relations_searchentry_words{ending}" for ending in words
    }
