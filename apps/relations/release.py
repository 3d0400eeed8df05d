"""Making a release: everything published, in each form that readers can take home."""

import shutil
from contextlib import contextmanager

from apps.core.archives import zip_files
from apps.core.citing import DATABASE
from apps.core.dataset_export import export
from apps.core.dataset_sqlite import Dangling, write_database
from apps.core.models import Revision
from apps.core.releases import NotReleased, Release, ReleasedFile, describe, releasing
from apps.core.snapshots import snapshot
from apps.relations.details import write_details

DATES = (
    "A date is text in the notation of ISO 8601-2 (EDTF), NULL where it is not known; an end of .. was still to come "
    "when the source was written. The columns _earliest and _latest have the first and the last day that it may be; "
    "0001-01-01 and 9999-12-31 say that there is no limit. What has a start and an end held certainly from "
    "start_latest to end_earliest, and possibly from start_earliest to end_latest, all included."
)


def release(address):
    """Makes and gives the Release of the current revision, with the addresses of the site at `address`.

    All of it is of that one revision, whatever is written meanwhile. Raises NotReleased.
    """
    with snapshot():
        revision = Revision.objects.current()
        if not revision.number:
            raise NotReleased(
                "The database is empty, so there is nothing to release. `manage.py seed` loads data."
            )
        with releasing(revision) as directory:
            files = [form(directory, revision, address) for form in (_tables, _database, _lines)]
            made = Release(str(revision), revision.changed_at, address, files)
            describe(directory, made)
    return made


def _tables(directory, revision, address):
    extra = {"version": str(revision), "created": revision.changed_at.isoformat(), "homepage": address}
    with _zipped(directory, revision, "csv") as (plain, target):
        package = export(plain, extra=extra)
    return ReleasedFile.of(target, {table["name"]: table["records"] for table in package["resources"]})


def _database(directory, revision, address):
    path = directory / f"{DATABASE}-{revision}.sqlite3"
    try:
        counts = write_database(path, _about(revision, address))
    except Dangling as error:
        raise NotReleased(f"The tables would not hold together. {error}") from error
    return ReleasedFile.of(path, counts)


def _lines(directory, revision, address):
    with _zipped(directory, revision, "jsonl") as (plain, target):
        counts = write_details(plain, address)
    return ReleasedFile.of(target, counts)


def _about(revision, address):
    return {
        "revision": str(revision),
        "date": revision.changed_at.isoformat(),
        "address": address,
        "dates": DATES,
    }


@contextmanager
def _zipped(directory, revision, form):
    """Gives an empty directory, and the path of the archive that holds afterwards what was put there."""
    plain, target = directory / form, directory / f"{DATABASE}-{revision}-{form}.zip"
    plain.mkdir()
    yield plain, target
    zip_files(plain, target, revision.changed_at)
    shutil.rmtree(plain)
