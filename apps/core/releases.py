"""Releases: what was published at one revision of the database, as files that stay as they are.

Each is a directory of RELEASES_ROOT named after its revision, with the files of the data, a `release.json` that tells
of them, and their checksums. It is made in a directory of another name and gets its own by one rename, so that whoever
finds a release finds all of it.
"""

import fcntl
import json
import logging
import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path

from django.conf import settings

from apps.core.disk import to_disk

logger = logging.getLogger(__name__)
DESCRIPTION, CHECKSUMS = "release.json", "SHA256SUMS"
UNFINISHED = ".unfinished"
_NAME = re.compile(r"r([1-9][0-9]{0,18})").fullmatch


class NotReleased(Exception):
    """There is to be no such release now; `str()` says why."""


@dataclass(frozen=True)
class ReleasedFile:
    """One file of the data: `rows` is the number of rows of each table that it holds."""

    name: str
    size: int
    sha256: str
    rows: dict[str, int]

    @classmethod
    def of(cls, path, rows):
        """Once the file is on the disk, so that no power cut leaves a release of less than it tells of."""
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
            return cls(path.name, os.fstat(file.fileno()).st_size, digest, rows)


@dataclass(frozen=True)
class Release:
    """A release as its `release.json` tells of it. `date` is that of the last change that it holds."""

    revision: str
    date: datetime
    address: str
    files: list[ReleasedFile]

    @classmethod
    def read(cls, directory):
        """The release in a directory, or None where there is none that is whole."""
        try:
            told = json.loads((directory / DESCRIPTION).read_text(encoding="utf-8"))
            files = [ReleasedFile(**file) for file in told.pop("files")]
            release = cls(date=datetime.fromisoformat(told.pop("date")), files=files, **told)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return release if release.revision == directory.name else None

    def as_json(self):
        files = [vars(file) for file in self.files]
        return {
            "revision": self.revision,
            "date": self.date.isoformat(),
            "address": self.address,
            "files": files,
        }

    @property
    def number(self):
        return int(self.revision[1:])

    @property
    def names(self):
        """Of all that can be fetched: the files of the data, and those that tell of them."""
        return [*(file.name for file in self.files), CHECKSUMS, DESCRIPTION]

    def path(self, name):
        return root() / self.revision / name

    def checksum(self, name):
        """That of a file of the data, as the release tells it; those that tell of them are small, and read for it."""
        told = {file.name: file.sha256 for file in self.files}
        return told.get(name) or sha256(self.path(name).read_bytes()).hexdigest()

    def holds(self, revision):
        """Whether the release is of this Revision: a database begun anew gets to the same numbers again."""
        return (self.revision, self.date) == (str(revision), revision.changed_at)


def root():
    return Path(settings.RELEASES_ROOT)


def releases():
    """All that there are, the latest first."""
    try:
        directories = [path for path in root().iterdir() if _NAME(path.name)]
    except FileNotFoundError:
        return []
    except OSError as error:
        logger.error("RELEASES_ROOT cannot be read: %s", error)
        return []
    found = filter(None, map(Release.read, directories))
    return sorted(found, key=lambda release: release.number, reverse=True)


def release_of(name):
    """The release of a revision by its name, such as "r1234", or None, whatever the name."""
    return Release.read(root() / name) if _NAME(name) else None


@contextmanager
def releasing(revision):
    """Gives an empty directory, and makes it the release of the Revision when all has gone well.

    Raises NotReleased where that one is there already or another process is at it. Whatever goes wrong within leaves
    nothing behind.
    """
    with _alone():
        _refuse_what_is_there(revision)
        # What is there by that name was left by a process that was killed.
        unfinished = root() / UNFINISHED
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        try:
            yield unfinished
            to_disk(unfinished)
            unfinished.rename(root() / str(revision))
            to_disk(root())
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def describe(directory, release):
    """Writes what tells of the files of a release, and their checksums as `sha256sum --check` reads them."""
    text = json.dumps(release.as_json(), ensure_ascii=False, indent=1) + "\n"
    (directory / DESCRIPTION).write_text(text, encoding="utf-8")
    description = ReleasedFile.of(directory / DESCRIPTION, {})
    lines = [f"{file.sha256}  {file.name}\n" for file in [*release.files, description]]
    (directory / CHECKSUMS).write_text("".join(lines), encoding="utf-8")
    ReleasedFile.of(directory / CHECKSUMS, {})


def _refuse_what_is_there(revision):
    directory = root() / str(revision)
    there = Release.read(directory)
    if there and not there.holds(revision):
        raise NotReleased(
            f"{directory} is a release of another database, or of this one before it was begun anew or restored: "
            f"that was changed last at {there.date.isoformat()}, this one at {revision.changed_at.isoformat()}. "
            "A release never changes. Move it away, or name another directory by RELEASES_ROOT."
        )
    if there:
        raise NotReleased(
            f"{revision} is released already, in {directory}. The next release can be made once something has changed. "
            "To make this one again, remove that directory."
        )
    if directory.exists():
        raise NotReleased(f"{directory} is in the way: it is no release. Move it away.")


@contextmanager
def _alone():
    """For one process at a time; the system lets go of the lock when that ends, however it does."""
    root().mkdir(parents=True, exist_ok=True)
    lock = os.open(root(), os.O_RDONLY)
    try:
        _take(lock)
        yield
    finally:
        os.close(lock)


def _take(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise NotReleased(f"Another process is making a release in {root()} now. Wait for it.") from None
