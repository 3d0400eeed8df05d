"""The file of a backup, which says what it is.

It is a ZIP file with two members, to be had without this software, too: the database as its own tools take it (an
SQLite file, or what `pg_restore` reads), and `backup.json`, which describes it: by what and when it was made, the
migrations that were applied, and of every table the number of rows and a digest of them in a fixed order.
"""

import json
import shutil
import tomllib
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile
from zlib import error as ZlibError

from django.conf import settings
from django.utils import timezone

DESCRIPTION = "backup.json"
FORMAT = 1


class Refused(Exception):
    """It was not done, and nothing was changed; `str()` is a sentence that says why."""


class Doubtful(Refused):
    """Nobody knows whether it was done; `str()` says how to find out."""


class Table(NamedTuple):
    rows: int
    sha256: str


class Contents(NamedTuple):
    """What a database has: {name: Table}, [app.migration, ...] as applied, and the number of its revision, or 0."""

    tables: dict
    migrations: list
    revision: int


@dataclass(frozen=True)
class Description:
    """A backup as its `backup.json` tells of it. `made_with` names the programs; `size` and `sha256` the database's."""

    format: int
    kind: str
    software: str
    made_at: str
    made_with: str
    revision: int
    size: int
    sha256: str
    migrations: list
    tables: dict

    @classmethod
    def from_json(cls, text):
        """Raises ValueError, TypeError, KeyError or AttributeError where it is none of this format."""
        told = json.loads(text)
        tables = {name: Table(*table) for name, table in told.pop("tables").items()}
        return cls(tables=tables, **told)

    def as_json(self):
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def software():
    """The name and version of the code that runs."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"{project['name']} {project['version']}"


# -- Writing one


def write(path, database, directory):
    """Has the database copied into a new file, which only this user can read; returns its Description."""
    path.touch(mode=0o600)
    packing = ZIP_DEFLATED if database.is_worth_packing else ZIP_STORED
    with ZipFile(path, "w", packing) as archive:
        with archive.open(database.member, "w", force_zip64=True) as member:
            target = Digested(member)
            contents = database.copy_to(target, directory)
        description = Description(
            format=FORMAT,
            kind=database.kind,
            software=software(),
            made_at=timezone.now().isoformat(timespec="seconds"),
            made_with=database.made_with(),
            revision=contents.revision,
            size=target.size,
            sha256=target.digest.hexdigest(),
            migrations=contents.migrations,
            tables=contents.tables,
        )
        archive.writestr(DESCRIPTION, description.as_json(), ZIP_DEFLATED)
    return description


class Digested:
    """A file that is written, with the size and the digest of what was."""

    def __init__(self, file):
        self.file, self.size, self.digest = file, 0, sha256()

    def write(self, content):
        self.size += len(content)
        self.digest.update(content)
        return self.file.write(content)


# -- Reading one


def describe(path):
    """The Description of a backup; raises Refused where the file is none, or none that is whole."""
    try:
        with ZipFile(path) as archive:
            return _of_this_format(archive.read(DESCRIPTION), path)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror or error}.") from error
    except (BadZipFile, KeyError, NotImplementedError, EOFError, ZlibError) as error:
        raise Refused(
            f"{path} is no backup, or was damaged or cut off: it should be a ZIP file with {DESCRIPTION} in it, as "
            "`manage.py backup` makes it."
        ) from error


def _of_this_format(text, path):
    try:
        told = json.loads(text)["format"]
        if told != FORMAT:
            raise Refused(
                f"{path} has the format {told}, and this version reads {FORMAT}. Use a newer version."
            )
        return Description.from_json(text)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(
            f"The {DESCRIPTION} of {path} cannot be read; the file was damaged or changed."
        ) from error


def unpack(path, description, name, directory):
    """The database's own file, whole to the last bit, in the directory; raises Refused where it is not."""
    file = directory / name
    try:
        with ZipFile(path) as archive, archive.open(name) as packed, file.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, 2**20)
        with file.open("rb") as unpacked:
            is_whole = file_digest(unpacked, "sha256").hexdigest() == description.sha256
    except (BadZipFile, KeyError, NotImplementedError, EOFError, ZlibError):
        is_whole = False
    if not is_whole:
        raise Refused(f"{path} was damaged: what it holds is not what its {DESCRIPTION} says.")
    return file


def differing(expected, found):
    """The names of the tables that do not have the rows that they should."""
    return sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))


def refuse_differing(description, tables):
    if names := differing(description.tables, tables):
        shown = ", ".join(names[:5]) + (" ..." if names[5:] else "")
        raise Refused(f"What the backup holds is not what its {DESCRIPTION} says, in the tables {shown}.")
