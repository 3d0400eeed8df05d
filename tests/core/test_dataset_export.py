"""A dataset holds what is public and nothing else, in the same bytes wherever it is made."""

import csv
import hashlib
import json
import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.agreements.models import Subject
from apps.core.dataset_export import export
from apps.core.dataset_schema import table_name
from apps.core.fixtures import fixture_models, kept_fields
from apps.core.models import Revision
from apps.core.public_rows import key_fields, key_order, public
from apps.core.snapshots import snapshot
from apps.core.tables import Column, key_text
from apps.events.models import Participant
from apps.people.models import Person
from tests import factories
from tests.core.fixture_sets import FixtureSet
from tests.factories import agreement, cite, event, organization, party, person, place, state, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(tmp_path_factory):
    call_command("seed", fixtures=FixtureSet(tmp_path_factory.mktemp("fixtures")).directory, verbosity=0)


def exported(directory):
    """{model name: [rows as dicts]}"""
    export(directory)
    tables = {}
    for path in directory.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    return tables


def contents(directory):
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_each_model_has_a_table_with_its_fields(tmp_path, seeded):
    export(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "datapackage.json",
        *map(table_name, fixture_models()),
    }
    for model in fixture_models():
        header = (tmp_path / table_name(model)).read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == [field.name for field in kept_fields(model)]


def test_cells(tmp_path, seeded):
    tables = exported(tmp_path)
    assert tables["visit"] == [
        {
            "slug": "first-rus-1993",
            "status": "published",
            "basis": "stated",
            "note": "",
            "visitor": "first",
            "capacity": "head_of_state",
            "sent_by_state": "KAZ",
            "sent_by_organization": "",
            "host": "RUS",
            "date": "1993-02",
            "kind": "not_stated",
            "occasion": "",
            "event": "summit-1993",
            "discussed": "",
            "places": "semey",
            "met": "second",
        }
    ]
    assert tables["action"] == [{"party": "loan-1994/RUS", "kind": "signature", "date": "1994"}]
    assert tables["passage"][1] == {
        "source": "paper",
        "anchor": "p-2",
        "position": "2",
        "section": "",
        "paragraph": "2",
        "page": "",
        "research": "open",
        "reason": "",
    }
    assert [row["amount"] for row in tables["agreement"]] == ["12.50", ""]
    assert tables["membership"][0]["founder"] == "true"
    assert tables["visitcitation"][1] == {
        "entry": "first-rus-1993",
        "passage": "paper/p-2",
        "field": "date",
        "stance": "contradicts",
        "claim": "In 1994.",
        "note": "",
    }


def test_the_package_describes_its_tables(tmp_path, seeded):
    package = export(tmp_path)
    assert json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8")) == package
    assert package.keys() == {"profile", "name", "resources"}
    written = (tmp_path / "action.csv").read_bytes()
    assert next(table for table in package["resources"] if table["name"] == "action") == {
        "profile": "tabular-data-resource",
        "name": "action",
        "title": "actions",
        "path": "action.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(written),
        "hash": f"sha256:{hashlib.sha256(written).hexdigest()}",
        "records": 1,
        "schema": {
            "fields": [
                {"name": "party", "type": "string", "title": "party", "constraints": {"required": True}},
                {
                    "name": "kind",
                    "type": "string",
                    "title": "action",
                    "constraints": {
                        "required": True,
                        "enum": [
                            "signature",
                            "ratification",
                            "acceptance",
                            "approval",
                            "accession",
                            "succession",
                            "provisional_application",
                            "withdrawal",
                        ],
                    },
                },
                {"name": "date", "type": "string", "title": "date", "constraints": {"maxLength": 64}},
            ],
            "missingValues": [""],
        },
    }


def test_keys_of_one_column_are_declared(tmp_path, seeded):
    schemas = {table["name"]: table["schema"] for table in export(tmp_path)["resources"]}
    assert schemas["state"]["primaryKey"] == "code"
    assert schemas["state"]["foreignKeys"] == [
        {"fields": "predecessor", "reference": {"resource": "", "fields": "code"}}
    ]
    assert schemas["visitcitation"]["foreignKeys"] == [
        {"fields": "entry", "reference": {"resource": "visit", "fields": "slug"}}
    ]
    assert "primaryKey" not in schemas["passage"]
    assert schemas["passage"]["foreignKeys"] == [
        {"fields": "source", "reference": {"resource": "source", "fields": "slug"}}
    ]


def test_what_is_added_to_the_package_is_what_the_caller_says(tmp_path, seeded):
    with snapshot():
        package = export(tmp_path, extra={"version": f"r{Revision.objects.current().number}"})
    assert package["version"] == f"r{Revision.objects.current().number}"
    assert json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8")) == package


def test_twice_gives_the_same_bytes_whatever_was_saved_meanwhile(tmp_path, seeded):
    export(tmp_path / "one")
    for row in Person.objects.all():
        row.save()
    export(tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_the_files_of_an_earlier_export_are_replaced_and_others_stay(tmp_path, seeded):
    (tmp_path / "visit.csv").write_text("old")
    (tmp_path / "README.txt").write_text("mine")
    export(tmp_path)
    assert (tmp_path / "visit.csv").read_text().startswith("slug,")
    assert (tmp_path / "README.txt").read_text() == "mine"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


# -- What is public


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_what_is_not_published_is_left_out_with_its_parts_and_citations(tmp_path, status):
    row = agreement(parties=[state("CHN")], status=status)
    cite(row)
    factories.action(party=row.parties.get())
    tables = exported(tmp_path)
    for name in ("agreement", "party", "action", "agreementcitation"):
        assert tables[name] == [], name
    assert [row["code"] for row in tables["state"]] == ["CHN"]


def test_a_reference_to_what_is_not_public_is_dropped(tmp_path):
    hidden = organization(status="draft", slug="hidden")
    where = organization(parent=hidden, slug="shown")
    meeting = event(status="draft", slug="hidden-event")
    row = visit(event=meeting)
    row.met.set([person(status="draft", slug="hidden-person"), person(slug="met")])
    treaty = agreement(concluded_at=meeting, concluded_during=visit(visitor=person(status="draft")))
    party(agreement=treaty, acting_through=hidden)
    tables = exported(tmp_path)
    assert [(row["slug"], row["parent"]) for row in tables["organization"]] == [(where.slug, "")]
    assert [(row["event"], row["met"]) for row in tables["visit"]] == [("", "met")]
    assert [(row["concluded_at"], row["concluded_during"]) for row in tables["agreement"]] == [("", "")]
    assert [row["acting_through"] for row in tables["party"]] == [""]
    assert not any(b"hidden" in text for text in contents(tmp_path).values())


def test_a_row_that_cannot_be_told_without_what_is_not_public_is_left_out(tmp_path):
    hidden = state("QZZ", status="draft")
    summit = event(participants=[hidden, state("CHN")])
    agreement(parties=[hidden, state("IND")])
    visit(host=hidden)
    place(state=hidden, slug="hidden-place")
    factories.link(other=agreement(status="draft"))
    tables = exported(tmp_path)
    assert [row["participant_state"] for row in tables["participant"]] == ["CHN"]
    assert [row["party_state"] for row in tables["party"]] == ["IND"]
    assert (tables["visit"], tables["place"], tables["agreementlink"]) == ([], [], [])
    assert not any(b"QZZ" in text or b"hidden" in text for text in contents(tmp_path).values())
    assert Participant.objects.filter(event=summit).count() == 2


def test_what_leads_to_a_place_that_is_left_out_is_dropped(tmp_path):
    somewhere = place(state=state(status="draft"))
    row = visit()
    row.places.add(somewhere)
    organization(seat=somewhere)
    tables = exported(tmp_path)
    assert tables["visit"][0]["places"] == ""
    assert {row["seat"] for row in tables["organization"]} == {""}


# -- Order and cost


SLUGS = [
    "b",
    "B",
    "a-b",
    "a_b",
    "a",
    "A",
    "aa",
    "Z",
    "z",
    "0",
    "-",
    "_",
    "Ә",
    "ж",
    "Ж",
    "é",
    "e",
    "10",
    "9",
    "a b",
]


def test_rows_stand_in_the_order_of_code_points_on_every_database(tmp_path):
    Subject.objects.bulk_create([Subject(slug=slug, name_en=slug) for slug in SLUGS])
    assert [row["slug"] for row in exported(tmp_path)["subject"]] == sorted(SLUGS)


def test_the_order_is_that_of_the_columns_of_the_key(seeded):
    for model in fixture_models():
        rows = list(public(model).order_by(*key_order(model)))
        keys = [[Column(field).cell(row) for field in key_fields(model)] for row in rows]
        assert rows and keys == sorted(keys), model


def test_those_columns_tell_rows_apart_as_natural_keys_do(seeded):
    """By them an import finds the row that is there."""
    for model in fixture_models():
        for row in model.objects.all():
            cells = [Column(field).cell(row) for field in key_fields(model)]
            given = [
                cell for cell, field in zip(cells, key_fields(model), strict=True) if cell or not field.null
            ]
            assert "/".join(given) == key_text(row.natural_key()).replace("\\", ""), row


@pytest.mark.exhaustive
def test_the_number_of_queries_is_the_same_for_many_rows(tmp_path):
    @factories.at_once
    def fill(times):
        for _each in range(times):
            row = visit(date="1993", event=event(participants=[state(), person()]))
            row.met.set([person(), person()])
            row.places.set([place(state=row.host)])
            cite(row)
            treaty = agreement(parties=[row.host, organization()], concluded_during=row)
            factories.action(party=treaty.parties.first())

    fill(2)
    with CaptureQueriesContext(connection) as few:
        export(tmp_path)
    fill(18)
    with CaptureQueriesContext(connection) as many:
        export(tmp_path)
    assert len(many) == len(few)


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_ends_and_leaves_the_connection_as_it_was():
    with snapshot():
        assert Person.objects.count() == 0
    person()
    assert Person.objects.count() == 1
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="In memory, as in tests, SQLite has one connection"
)
def test_a_snapshot_sees_nothing_of_what_others_write_meanwhile():
    def write():
        person()
        connection.close()

    with snapshot():
        before = Person.objects.count()
        other = threading.Thread(target=write)
        other.start()
        other.join(30)
        assert Person.objects.count() == before
    assert Person.objects.count() == before + 1


def test_the_command_tells_how_many_rows_there_are(tmp_path, seeded, capsys):
    call_command("export_dataset", tmp_path)
    assert "      3 state.csv\n" in capsys.readouterr().out
