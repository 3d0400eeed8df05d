"""What `make bench` asks for is still there to be asked for, and the same as what it is compared with."""

import csv
import sqlite3

import pytest
from django.db import connection

from tests.benchmarks.speed.addresses import addresses
from tests.benchmarks.speed.databases import forget_statistics
from tests.benchmarks.speed.exports import PATH, query
from tests.benchmarks.speed.findings import Finding
from tests.benchmarks.synthetic.__main__ import make
from tests.benchmarks.synthetic.sizes import SIZES


@pytest.fixture
def made(db):
    make(SIZES["XS"], history=False)


@pytest.mark.exhaustive
def test_addresses_are_answered(made, client):
    paths = addresses()
    assert len(paths) > 5000
    # A sample, of another part of each list than the one before.
    assert [path for path in paths[::61] if client.get(path).status_code != 200] == []


def test_export_is_compared_with_the_same_columns_and_rows(made, client):
    with connection.cursor() as cursor:
        cursor.execute(query("sqlite" if connection.vendor == "sqlite" else "postgres"))
        columns, rows = [column[0] for column in cursor.description], cursor.fetchall()
    text = b"".join(client.get(PATH).streaming_content).decode()
    ours = list(csv.reader(text.splitlines()))
    assert ours[0] == columns
    assert [row[0] for row in ours[1:]] == [row[0] for row in rows]
    compared = [columns.index(name) for name in ("visitor", "places", "met", "headline_ru", "supported_by")]
    for row, other in zip(ours[1:], rows, strict=True):
        assert [sorted(row[n].split(";")) for n in compared] == [
            sorted((other[n] or "").split(";")) for n in compared
        ]


@pytest.mark.parametrize(
    ("ratio", "goal", "holds"),
    [
        (4.0, ">= 4", True),
        (3.9, ">= 4", False),
        (1.5, "<= 1.5", True),
        (21.0, "<= 20 ms", False),
        (None, "", None),
    ],
)
def test_finding_holds(ratio, goal, holds):
    assert Finding("part", "what", "S, sqlite", "found", ratio, goal).holds is holds


def test_file_is_planned_for_as_one_that_nobody_has_analysed(tmp_path):
    path = tmp_path / "made.sqlite3"
    with sqlite3.connect(path) as link:
        link.execute("CREATE TABLE analysed (id integer PRIMARY KEY)")
        link.execute("ANALYZE")
    for _each in range(2):
        forget_statistics(path)
        assert link.execute("SELECT name FROM sqlite_schema").fetchall() == [("analysed",)]
    link.close()
