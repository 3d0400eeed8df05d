"""Reading the files of a dataset: whatever they hold, rows of the right columns or sentences on what is wrong."""

import csv
import io
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import PurePosixPath
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from django.db import models

from apps.core.dataset_schema import table_name
from apps.core.fixture_files import nearest
from apps.core.fixtures import fixture_models
from apps.core.tables import columns

# What may lie beside the tables: what describes them, and texts for people.
_BESIDE = ("datapackage.json", "README", "LICENCE", "LICENSE", "CHANGELOG", "CITATION")
# The longest text of one cell, in signs.
csv.field_size_limit(1_000_000)
# What a damaged disk, a damaged ZIP file or one with a password raises.
_UNREADABLE = (OSError, EOFError, BadZipFile, RuntimeError, LZMAError, zlib.error)
# The longest first line, in bytes, and how many blank lines there may be one after another.
LONGEST_HEADER, MOST_BLANK = 64 * 1024, 10_000
# A member of a ZIP file that is larger than this, in bytes, may be so many times as large as it is packed. Tables of
# data come to 10 or 50 times.
LARGE, MOST_PACKED = 10 * 2**20, 200


@dataclass(frozen=True)
class Table:
    """The file of a model: its size in bytes, and how to open it."""

    model: type[models.Model]
    name: str
    size: int
    open: Callable[[], io.BufferedIOBase]


class Line(NamedTuple):
    """A row of a file: the number of the line on which it begins, and its cells in the order of the columns."""

    number: int
    cells: list


def tables(path, problems):
    """The Tables in a directory, or in a ZIP file of one, in the order in which they are to be written."""
    known = {table_name(model): model for model in fixture_models()}
    found = {}
    for name, size, opener in _zipped(path, problems) if path.is_file() else _listed(path, problems):
        if name in found:
            problems.add_unreadable(name, what="there are two of this name")
        elif name in known:
            found[name] = Table(known[name], name, size, opener)
        elif not name.startswith((".", *_BESIDE)):
            problems.add_unreadable(name, what=f"no table has this name{nearest(name, known)}")
    if not found and not problems:
        problems.add_unreadable(path, what="there are no tables here, such as membership.csv")
    return [found[name] for name in known if name in found]


def _listed(directory, problems):
    try:
        paths = sorted(path for path in directory.iterdir() if path.is_file())
    except OSError as error:
        problems.add_unreadable(directory, what=f"cannot be read: {error.strerror}")
        return
    for path in paths:
        yield path.name, path.stat().st_size, lambda path=path: path.open("rb")


def _zipped(path, problems):
    """The same of a ZIP file; the tables may lie in a folder of it."""
    try:
        archive = ZipFile(path)
    except (OSError, BadZipFile, NotImplementedError, ValueError):
        problems.add_unreadable(path, what="neither a directory nor a ZIP file")
        return
    names = [info for info in archive.infolist() if not info.is_dir()]
    for info in names:
        if info.file_size > LARGE and info.file_size > MOST_PACKED * info.compress_size:
            what = f"unpacks to more than {MOST_PACKED} times its size, which no table of data does; unpack it yourself"
            problems.add_unreadable(info.filename, what=what)
            continue
        yield PurePosixPath(info.filename).name, info.file_size, lambda info=info: archive.open(info)


class Reader:
    """Reads one Table: `columns` are those that it has, None where its first line is wrong; then `lines()`."""

    def __init__(self, table, problems):
        self.table, self.problems = table, problems
        self.position = 0
        if self._has_long_header():
            self.columns = None
            return
        with closing(self._rows()) as rows:
            first = next(rows, None)
        self.columns = (
            None if first is None and problems.unreadable else self._header(first[1] if first else [])
        )

    def _has_long_header(self):
        try:
            with self.table.open() as raw:
                is_long = len(raw.readline(LONGEST_HEADER + 1)) > LONGEST_HEADER
        except _UNREADABLE:
            return False  # Which is said where it is read.
        if is_long:
            self._complain(what=f"longer than {LONGEST_HEADER} bytes, and it only names the columns")
        return is_long

    def lines(self):
        """Each row that has as many cells as there are columns; of the others, and of what is no CSV, it complains."""
        rows = self._rows()
        _first, names = next(rows, (1, []))
        width, known = len(names), {column.name for column in self.columns}
        places = [place for place, name in enumerate(names) if name in known]
        for number, cells in rows:
            if len(cells) == width:
                yield Line(number, [cells[place] for place in places])
            else:
                what = f"{len(cells)} cells where {width} are wanted, one for each column"
                self.problems.add(self.table.name, f"line {number}", what=what)

    def _rows(self):
        """(line number, cells) of every row that is not blank, as far as the file can be read."""
        name, begins, blank = self.table.name, 1, 0
        try:
            with self.table.open() as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
                reader = csv.reader(file, strict=True)
                for cells in reader:
                    self.position = raw.tell()
                    blank = 0 if cells else blank + 1
                    if cells:
                        yield begins, cells
                    elif blank > MOST_BLANK:
                        self.problems.add_unreadable(
                            name, f"line {begins}", what="blank, as thousands before it"
                        )
                        return
                    begins = reader.line_num + 1
        except UnicodeDecodeError:
            where = f"line {self._undecodable() or begins}"
            self.problems.add_unreadable(name, where, what="not UTF-8: save the file in that encoding")
        except csv.Error as error:
            self.problems.add_unreadable(name, f"line {begins}", what=f"not CSV: {error}")
        except _UNREADABLE as error:
            self.problems.add_unreadable(name, f"line {begins}", what=f"cannot be read: {error}")

    def _undecodable(self):
        """The number of the first line that is not UTF-8; a decoder reads on ahead of it."""
        with self.table.open() as raw:
            for number, line in enumerate(raw, 1):
                try:
                    line.decode()
                except UnicodeDecodeError:
                    return number
        return None

    def _header(self, names):
        """[Column] in the order of the file, without those that there are not."""
        known = {column.name: column for column in columns(self.table.model)}
        if len(names) == 1 and (other := next((sign for sign in ";\t|" if sign in names[0]), None)):
            self._complain(what=f"the columns are parted by “{other}”; part them by commas")
            return None
        for name in dict.fromkeys(names):
            if name not in known:
                # The rest is read all the same, so that what is wrong there is told at once.
                what = f"no such column{nearest(name, known)}"
                self.problems.add(self.table.name, "line 1", f"column “{name}”", what=what)
            elif names.count(name) > 1:
                self._complain(f"column {name}", what="given twice")
        for column in known.values():
            if column.is_required and column.name not in names:
                self._complain(f"column {column.name}", what="missing, and it must be there")
        return [known[name] for name in names if name in known]

    def _complain(self, *where, what):
        self.problems.add_unreadable(self.table.name, "line 1", *where, what=what)
