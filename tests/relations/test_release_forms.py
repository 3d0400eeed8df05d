"""What a release holds: the same in every form, as the API has it, and nothing that is not public."""

import json
from decimal import Decimal
from itertools import cycle
from zipfile import ZipFile

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from apps.core.fields import BoundField
from apps.core.fixtures import fixture_models, kept_fields
from apps.core.models import Entry
from apps.core.public_rows import public, public_id
from apps.core.site import site_at
from apps.core.tables import key_text, read_list
from apps.relations.details import details, viewsets
from kzforeign.api import ROUTES
from tests import factories
from tests.core.world import world
from tests.relations.released import asked, dumped, lines, path, released, tables, unpacked

pytestmark = pytest.mark.django_db
ROUTES_BY_KIND = {viewset.model._meta.model_name: viewset for viewset in ROUTES.values()}


@pytest.fixture(scope="module", autouse=True)
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """The release of entries of every kind, made once for all tests here."""
    with django_db_blocker.unblock(), transaction.atomic():
        world()
        with override_settings(
            RELEASES_ROOT=tmp_path_factory.mktemp("made"), SITE_ADDRESS="http://testserver"
        ):
            yield released()
        transaction.set_rollback(True)


@pytest.fixture
def another(tmp_path, settings):
    """Makes a release of what the test has changed, elsewhere."""
    settings.RELEASES_ROOT = tmp_path
    return released


# JSON lines.


@pytest.mark.exhaustive
def test_each_line_is_what_the_api_answers(client, made):
    found = lines(made)
    assert found.keys() == ROUTES_BY_KIND.keys()
    for prefix, viewset in ROUTES.items():
        rows = found[viewset.model._meta.model_name]
        told = [json.loads(line) for line in rows]
        listed = client.get(f"/api/v1/{prefix}/?limit=200").json()["results"]
        assert {row["url"] for row in told} == {row["url"] for row in listed} and len(told) == len(listed) > 0
        for line, row in zip(rows, told, strict=True):
            assert line == client.get(row["url"]).content
        identifiers = [row[viewset.lookup_field] for row in told]
        assert identifiers == sorted(identifiers)


def test_lines_have_the_addresses_of_the_site(settings, another):
    settings.SITE_ADDRESS = "https://kzforeign.example/base"
    settings.ALLOWED_HOSTS = []
    found = b"\n".join(line for rows in lines(another()).values() for line in rows)
    assert b"https://kzforeign.example/base/api/v1/visits/" in found
    assert found.count(b'"https://') == found.count(b'"https://kzforeign.example/base/') > 100
    assert b"http://" not in found and b'"/' not in found


@pytest.mark.once
@pytest.mark.exhaustive
def test_more_rows_take_no_more_queries():
    few = {viewset: queries(viewset) for viewset in viewsets()}
    for _each in range(3):
        world()
    for viewset, (count, rows) in few.items():
        many, more = queries(viewset)
        assert more > rows, viewset
        # A source has its coverage besides, as in the API.
        assert many == count or viewset.model._meta.model_name == "source", viewset


def queries(viewset):
    """(how many it takes, how many rows there are)"""
    with site_at("https://site.example") as request, CaptureQueriesContext(connection) as captured:
        rows = [*details(viewset, request)]
    return len(captured), len(rows)


# SQLite.


def test_the_database_has_the_tables_of_the_csv_files(made):
    assert asked(made, "PRAGMA integrity_check") == [("ok",)]
    assert asked(made, "PRAGMA foreign_key_check") == []
    found = tables(made)
    assert found.keys() == {model._meta.model_name for model in fixture_models()}
    for model in fixture_models():
        same_rows(made, model, found[model._meta.model_name])


def same_rows(made, model, rows):
    name, by = model._meta.model_name, public_id(model) or "rowid"
    singles = [field for field in kept_fields(model) if not field.many_to_many]
    columns = ", ".join(f'"{field.name}"' for field in singles)
    stored = asked(made, f'SELECT {columns} FROM "{name}" ORDER BY rowid')
    told = [tuple(typed(field, row[field.name]) for field in singles) for row in rows]
    assert stored == told and stored, name
    for field in set(kept_fields(model)) - set(singles):
        target = field.related_model._meta.model_name
        pairs = asked(made, f'SELECT "{name}", "{target}" FROM "{name}_{field.name}" ORDER BY rowid')
        assert pairs == [(row[by], key_text(key)) for row in rows for key in read_list(row[field.name])]
        assert pairs


def typed(field, cell):
    if cell == "":
        return None
    if cell in ("true", "false"):
        return int(cell == "true")
    kind = field.get_internal_type()
    return float(Decimal(cell)) if kind == "DecimalField" else int(cell) if "Integer" in kind else cell


def test_each_date_has_the_bounds_that_the_site_compares(made):
    for model in fixture_models():
        bounds = [field.name for field in model._meta.fields if isinstance(field, BoundField)]
        if bounds and (by := public_id(model)):
            rows = public(model).values_list(by, *bounds)
            expected = {tuple(map(str, row)) for row in rows}
            columns = ", ".join([by, *bounds])
            assert {*asked(made, f"SELECT {columns} FROM {model._meta.model_name}")} == expected
    assert asked(made, "SELECT count(*) FROM visit WHERE date_earliest > '1994-03-31'")[0][0] > 0
    assert asked(made, "SELECT end_latest FROM membership WHERE \"end\" = '..'") == [("9999-12-31",)]


def test_keys_and_references_are_declared_and_indexed(made):
    for model in fixture_models():
        name = model._meta.model_name
        keys = [field for field in kept_fields(model) if field.many_to_one]
        declared = {row[3]: row[2] for row in asked(made, f"PRAGMA foreign_key_list({name})")}
        assert declared == {field.name: field.related_model._meta.model_name for field in keys}
        for field in keys:
            plan = asked(made, f"EXPLAIN QUERY PLAN SELECT * FROM {name} WHERE {field.name} = ?", "x")
            assert "USING INDEX" in plan[0][3], field


def test_the_database_says_what_it_is(made):
    about = dict(asked(made, "SELECT name, value FROM _about"))
    assert about.pop("dates")
    assert about == {"revision": made.revision, "date": made.date.isoformat(), "address": "http://testserver"}
    tables_there = {name for (name,) in asked(made, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables_there == {*next(f for f in made.files if f.name.endswith("sqlite3")).rows, "_about"}


def test_counts_are_those_of_the_rows(made):
    in_tables, in_database, in_lines = (file.rows for file in made.files)
    assert in_tables == {name: len(rows) for name, rows in tables(made).items()}
    assert in_lines == {kind: len(rows) for kind, rows in lines(made).items()}
    assert in_database == {name: asked(made, f'SELECT count(*) FROM "{name}"')[0][0] for name in in_database}
    assert all(count > 0 for rows in (in_tables, in_database, in_lines) for count in rows.values())


def test_the_package_tells_of_its_release(made):
    with ZipFile(path(made, "-csv.zip")) as archive:
        package = json.loads(archive.read("datapackage.json"))
    assert package["version"] == made.revision
    assert package["created"] == made.date.isoformat()
    assert package["homepage"] == "http://testserver"


# What is not public.


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("model", "status"),
    [*zip(Entry.__subclasses__(), cycle(["draft", "withdrawn", "in_review"]), strict=False)][::2],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_is_not_published_is_in_no_file(another, model, status):
    """All of one kind is hidden; all other kinds are published, and tied to it in every way that there is."""
    hide(model, status)
    made = another()
    for name, content in unpacked(made).items():
        assert b"canary" not in content.lower(), name
        # A code is short enough to come about by chance among what is no text.
        assert name.endswith(".sqlite3") or b"ZQ" not in content, name
    assert "ZQ" not in dumped(made)
    assert asked(made, "PRAGMA foreign_key_check") == []


@factories.at_once
def hide(model, status):
    """Every row of the model, with a name, an identifier and citations that would tell of it."""
    for number, row in enumerate(model.objects.all()):
        row.status, row.note = status, "CANARY"
        identifier = f"ZQ{chr(65 + number)}" if model.public_id_field == "code" else f"canary-{number}"
        setattr(row, model.public_id_field, identifier)
        for name in ("name_en", "name_kk", "aliases", "title"):
            if hasattr(row, name):
                setattr(row, name, f"CANARY {number}")
        row.save()
        factories.cite(row, field="note", note="CANARY", claim="CANARY")
        for part in ("participants", "parties"):
            if hasattr(row, part) and hasattr(getattr(row, part).model, "note"):
                getattr(row, part).update(note="CANARY")


@pytest.mark.exhaustive
def test_a_canary_would_be_found(another):
    for model in Entry.__subclasses__():
        hide(model, "published")
    made = another()
    found = unpacked(made)
    assert sum(b"canary" in content.lower() for content in found.values()) > 30
    assert sum(b"ZQ" in content for content in found.values()) > 15 and "'ZQA'" in dumped(made)
