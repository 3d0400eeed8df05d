"""What a release holds, unpacked."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from zipfile import ZipFile

from django.core.management import call_command

from apps.core.releases import releases


def released(verbosity=0):
    """Makes a release and gives it."""
    call_command("release", verbosity=verbosity)
    return releases()[0]


def path(release, end):
    return release.path(f"kzforeign-{release.revision}{end}")


def unpacked(release):
    """{name: bytes} of all that it has, archives unpacked."""
    found = {}
    for name in release.names:
        if name.endswith(".zip"):
            with ZipFile(release.path(name)) as archive:
                found |= {f"{name}/{member}": archive.read(member) for member in archive.namelist()}
        else:
            found[name] = release.path(name).read_bytes()
    return found


def lines(release):
    """{kind: [bytes]}"""
    with ZipFile(path(release, "-jsonl.zip")) as archive:
        return {name.removesuffix(".jsonl"): archive.read(name).splitlines() for name in archive.namelist()}


def tables(release):
    """{table: [{column: cell}]} of the CSV files."""
    with ZipFile(path(release, "-csv.zip")) as archive:
        package = json.loads(archive.read("datapackage.json"))
        return {
            table["name"]: list(csv.DictReader(io.StringIO(archive.read(table["path"]).decode(), newline="")))
            for table in package["resources"]
        }


def dumped(release):
    """The SQLite database as text."""
    with closing(sqlite3.connect(path(release, ".sqlite3"))) as database:
        return "\n".join(database.iterdump())


def asked(release, sql, *values):
    """Rows of the SQLite database, as tuples."""
    with closing(sqlite3.connect(f"file:{path(release, '.sqlite3')}?mode=ro", uri=True)) as database:
        return database.execute(sql, values).fetchall()
