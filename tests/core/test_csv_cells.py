"""The columns of a file, made of many rows at a time, are to the byte what one row after another gives."""

import csv
import gzip
import io
import tracemalloc

import pytest
import zstandard
from django.conf import settings
from django.db import connection, models
from django.db.models import QuerySet
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy

from apps.core import lookups, table_cells as cells
from apps.core.csv_lists import EntryTable, csv_text, written
from apps.core.csv_text import lines, safe
from apps.core.dates import EARLIEST, LATEST
from apps.core.fields import BoundField
from apps.core.models import Entry
from apps.core.tables import columns, list_text, safe_cell
from apps.states.models import Place, State
from kzforeign.api import ROUTES
from tests import factories
from tests.core.world import world

pytestmark = pytest.mark.django_db
ODD = [
    "=1",
    " \t+1",
    "-1",
    "@x",
    "''=1",
    "'q",
    'a "b", c',
    "one\ntwo",
    "one\rtwo",
    "\\;/",
    "Ғ {0} %s %(host)s",
]
ODD += ["\ufeff=2", "\u200b-3", "\u00a0=4", "\x1f=5", "\x01\x02", "a\u2028b", "{", ""]


def odd_world():
    """Every kind, with texts of every kind in it, and some of whom they name not public."""
    texts, hidden = iter(ODD * 200), []
    for _time in range(3):
        world()
    for model in {route.model for route in ROUTES.values()}:
        names = [field.name for field in columns_of_words(model)]
        for row in model._base_manager.order_by("-pk")[:8]:
            QuerySet(model).filter(pk=row.pk).update(
                **{name: next(texts) or "x" for name in names if name != "note" or row.basis == "stated"}
            )
        if model._meta.model_name in ("person", "organization", "event", "agreement"):
            hidden.append(model._base_manager.earliest("pk"))
    for row in hidden:
        QuerySet(type(row)).filter(pk=row.pk).update(status="draft")


def columns_of_words(model):
    fields = [column.field for column in columns(model) if not column.refers]
    plain = [field for field in fields if type(field) in (models.CharField, models.TextField)]
    wide = [field for field in plain if not field.choices and (field.max_length or 200) >= 100]
    return [field for field in wide if not (field.name == "note" and not issubclass(model, Entry))]


def row_by_row(model, request):
    """The file by the declarations of the model alone, of one object after another, as the module csv writes it."""
    written, rows = io.StringIO(), model.objects.all()
    if issubclass(model, Entry):
        rows = rows.published()
    writer = csv.writer(written)
    cells_of = [list(cells_of_row(row, request)) for row in rows.order_by("pk")]
    writer.writerow(name for name, _cell in cells_of[0])
    writer.writerows([safe_cell(cell) for _name, cell in row] for row in cells_of)
    return written.getvalue()


def cells_of_row(row, request):
    for column in columns(type(row)):
        if column.name != "status":
            yield column.name, column.cell(row)
    if getattr(row, "title_parts", ()):
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                yield "headline" if code == "en" else f"headline_{code}", row.headline
    yield from participants(row)
    for field in row._meta.concrete_fields:
        if isinstance(field, BoundField):
            day = getattr(row, field.name)
            yield field.name, "" if day in (EARLIEST, LATEST) else day.isoformat()
    if isinstance(row, Entry):
        cited = row.citations.filter(stance="supports")
        yield "supported_by", list_text({citation.passage.natural_key() for citation in cited})
    yield "updated_at", row.updated_at.isoformat()
    site = request.build_absolute_uri("/")[:-1]
    kind = next(prefix for prefix, route in ROUTES.items() if route.model is type(row))
    yield "api_url", f"{site}/api/v1/{kind}/{row.public_id}/"
    if hasattr(row, "get_absolute_url"):
        yield "page_url", site + row.get_absolute_url()


def participants(row):
    found = {}
    for end in getattr(row, "ends", ()):
        relation, _underscores, key = end.path.partition("__")
        for part in getattr(row, relation).all() if key else ():
            bearer = getattr(part, key)
            found.setdefault(relation, set())
            if bearer and bearer.is_published:
                found[relation].add((bearer.public_id,))
        if key:
            found.setdefault(relation, set())
    return [(relation, list_text(keys)) for relation, keys in found.items()]


def by_columns(model, request):
    rows = model.objects.all()
    rows = (rows.published() if issubclass(model, Entry) else rows).order_by("pk")
    return "".join(written(rows, EntryTable(model).cells(rows, request), bom=False))


@pytest.mark.exhaustive
@pytest.mark.parametrize(("chunk", "kept"), [(2000, 10_000), (2, 3)])
def test_every_list_is_what_one_row_after_another_gives(monkeypatch, chunk, kept):
    monkeypatch.setattr(cells, "CHUNK", chunk)
    monkeypatch.setattr(lookups, "KEPT", kept)
    odd_world()
    request = RequestFactory().get("/", headers={"host": "localhost"})
    for prefix, route in ROUTES.items():
        assert by_columns(route.model, request) == row_by_row(route.model, request), prefix


def test_lines_are_those_of_the_module_csv():
    rows = list(zip(ODD, reversed(ODD), ["plain"] * len(ODD), strict=True))
    by_module = io.StringIO()
    csv.writer(by_module).writerows(rows)
    assert lines(zip(*rows, strict=True)) == by_module.getvalue()
    assert list(safe(ODD)) == list(map(safe_cell, ODD))
    assert safe(["plain", "\0=1"]) == ["plain", "\0=1"]


def test_short_files_keep_numbers_and_guard_texts():
    rows = [("name", "n"), ("=1", -1), ("-1", None), (gettext_lazy("State"), 0.5), ('a "b"', "-")]
    assert csv_text(rows) == 'name,n\r\n\'=1,-1\r\n\'-1,\r\nState,0.5\r\n"a ""b""",\'-\r\n'
    assert csv_text([("name", "code"), ("+1", "CHN")]) == "name,code\r\n'+1,CHN\r\n"


def test_what_is_called_by_names_of_others_declares_how():
    kinds = [model for model in Entry.__subclasses__() if model.title_parts]
    assert kinds and all(model.goes_by for model in kinds)


@pytest.mark.django_db(transaction=True)
def test_who_goes_away_midway_leaves_nothing_open(client, monkeypatch):
    monkeypatch.setattr(cells, "CHUNK", 2)
    QuerySet(State).bulk_create(
        State(code=f"QQ{letter}", name_en=letter, status="published") for letter in "ABCDEF"
    )
    answer = client.get("/api/v1/states/?format=csv", headers={"accept-encoding": "identity"})
    parts = iter(answer.streaming_content)
    assert [next(parts).count(b"\n") for _part in range(2)] == [1, 2]
    assert connection.in_atomic_block
    answer.close()
    assert not connection.in_atomic_block
    State.objects.filter(code="QQA").delete()  # No cursor that still reads is in the way.


def by_zstd(packed):
    return zstandard.ZstdDecompressor().decompressobj().decompress(packed)


@pytest.mark.parametrize(("encoding", "unpacked"), [("zstd", by_zstd), ("gzip", gzip.decompress)])
def test_what_is_streamed_can_be_had_compressed(client, monkeypatch, encoding, unpacked):
    monkeypatch.setattr(cells, "CHUNK", 2)
    for code in ("CHN", "FRA", "KAZ", "TUR", "USA"):
        factories.state(code)
    plain = client.get("/api/v1/states/?format=csv").getvalue()
    answer = client.get("/api/v1/states/?format=csv", headers={"accept-encoding": encoding})
    assert (answer["Content-Encoding"], answer["Vary"]) == (encoding, "Accept-Encoding")
    assert unpacked(answer.getvalue()) == plain


@pytest.mark.exhaustive
def test_a_long_list_takes_no_more_memory_than_a_short_one(client, monkeypatch):
    monkeypatch.setattr(cells, "CHUNK", 50)
    in_state = factories.place(name_en="P" * 150, note="N" * 500).state
    make_places(in_state, 100)
    memory(client)  # What is loaded once.
    few = memory(client)
    make_places(in_state, 2000)
    assert memory(client) < 1.5 * few


def make_places(in_state, count):
    QuerySet(Place).bulk_create(
        Place(slug=f"p-{count}-{number}", name_en="P" * 150, state=in_state, note="N" * 500)
        for number in range(count)
    )


def memory(client):
    """Bytes that the list of places takes at most."""
    tracemalloc.start()
    for _part in client.get("/api/v1/places/?format=csv").streaming_content:
        pass
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most
