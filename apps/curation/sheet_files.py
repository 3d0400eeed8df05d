"""Spreadsheets as files: what CSV and XLSX files hold as rows of text, whoever and whatever made them.

A spreadsheet program may hold in a cell what is no text: a number, a date, a formula. What a number or a date stands
for is read as it would be written; what could be taken for several things, or is not there before it is worked out,
is an `Odd` cell, which says what would be right.
"""

import csv
import io
import re
import warnings
from contextlib import suppress
from dataclasses import dataclass, field as attribute
from datetime import datetime, time
from decimal import Decimal
from pathlib import PurePath
from typing import NamedTuple
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy
from openpyxl import load_workbook

from apps.core.tables import unsafe_cell

MOST_ROWS, MOST_COLUMNS = 2000, 200
# Signs of a cell; as many as Excel allows.
LONGEST = 32_767
# Bytes and files that an XLSX file may unpack to. A full sheet of 2,000 rows comes to some three million bytes.
UNPACKED, MEMBERS = 20 * 2**20, 500
# Elements of XML in all, of which such a sheet has half; and the number of the last row that a sheet can have.
ELEMENTS, LAST_ROW = 1_000_000, 2**20
# A spreadsheet keeps so many digits of a number, and makes the others zero.
DIGITS = 15
_CHUNK = 2**16
_ZIP, _OLD_EXCEL, _UTF_16 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", (b"\xff\xfe", b"\xfe\xff")
# What in the format of a date is no letter of year, month or day: texts, [colours and languages], \escaped signs.
_NO_LETTERS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


class Unreadable(ValidationError):
    """Of the whole file; the message says what is wrong with it and what would be right."""


class Odd(str):
    """A cell that stands for nothing certain; `why` says why, and what to write."""

    def __new__(cls, text, why):
        cell = super().__new__(cls, str(text)[:LONGEST])
        cell.why = why
        return cell


class Day(str):
    """A cell that the spreadsheet holds as a date, and shows with year, month and day: the day as 2016-05-31."""


class Line(NamedTuple):
    """A row: its number in the file, its cells, and what is wrong with it as a whole, "" for nothing."""

    number: int
    cells: list
    wrong: str = ""


@dataclass
class Sheet:
    names: list
    lines: list = attribute(default_factory=list)
    # How it was read, where that could surprise.
    told: str = ""


FORMULA = gettext_lazy("a formula; put its value in its place (copy, then paste the values only)")
TEXT_DATE = gettext_lazy("write the date as text, as precisely as it is known, such as 1993-02")
NO_XLSX = gettext_lazy(
    "The file is no XLSX workbook, or it is damaged. Open it in a spreadsheet program and save it as XLSX."
)


def read_sheet(name, content):
    """The Sheet in a file of this name and content; raises Unreadable."""
    ending = PurePath(name).suffix.lower()
    if ending == ".xlsx":
        return _xlsx(content)
    if ending == ".csv":
        return _csv(content)
    raise Unreadable(
        _("“%(name)s” is neither a .csv nor an .xlsx file. Save the sheet as one of these, with that ending.")
        % {"name": name[-100:]}
    )


def _sheet(rows, told="", *, padded):
    """Of (number, cells) of each row, the names of the columns first; `padded` where blank cells may be left out."""
    rows = ((number, cells) for number, cells in rows if any(cells))
    _number, names = next(rows, (1, []))
    names = [str(name).strip() for name in names]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise Unreadable(
            _("The sheet is empty. Its first row names the columns, each further row is an entry.")
        )
    if len(names) > MOST_COLUMNS:
        raise Unreadable(_("There are more than %(most)d columns.") % {"most": MOST_COLUMNS})
    sheet = Sheet(names, told=told)
    for number, cells in rows:
        if len(sheet.lines) == MOST_ROWS:
            raise Unreadable(
                _(
                    "There are more than %(most)d rows. Part the sheet, or import it by manage.py import_dataset."
                )
                % {"most": MOST_ROWS}
            )
        sheet.lines.append(_line(number, cells, len(names), padded))
    return sheet


def _line(number, cells, width, padded):
    count = len(cells)
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    wrong = ""
    if len(cells) > width or (len(cells) < width and not padded):
        wrong = _("%(count)d cells where there are %(width)d columns") % {"count": count, "width": width}
    cells = [*cells[:width], *[""] * (width - len(cells))]
    return Line(number, [_short(cell) for cell in cells], wrong)


def _short(cell):
    if len(cell) <= LONGEST:
        return cell
    return Odd(cell, _("longer than the %(most)d signs that a cell may have") % {"most": LONGEST})


# CSV


def _csv(content):
    if content.startswith((_ZIP, _OLD_EXCEL)):
        raise Unreadable(
            _("The file is named .csv but is none. Save the sheet as CSV, or give it its right ending.")
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if content.startswith(_UTF_16):
            raise Unreadable(_("The text of the file is UTF-16. Save it as “CSV UTF-8”.")) from None
        what = _("The text of the file is not UTF-8 (line %(line)d). Save it as “CSV UTF-8”.")
        raise Unreadable(what % {"line": line}) from None
    separator = _separator(text)
    told = _("The columns were parted by semicolons.") if separator == ";" else ""
    return _sheet(_csv_rows(text, separator), told, padded=False)


def _separator(text):
    """Excel parts columns by semicolons where commas are decimal signs."""
    first = text.lstrip().partition("\n")[0]
    if "," in first:
        return ","
    if "\t" in first:
        raise Unreadable(_("The columns are parted by tabs. Part them by commas, or by semicolons."))
    if "|" in first:
        raise Unreadable(_("The columns are parted by “|”. Part them by commas, or by semicolons."))
    return ";" if ";" in first else ","


def _csv_rows(text, separator):
    reader, begins = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
    try:
        for cells in reader:
            yield begins, [_csv_cell(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(
            _("Line %(line)d is no CSV: %(error)s.") % {"line": begins, "error": error}
        ) from None


def _csv_cell(text):
    if text.startswith("="):
        return Odd(text, FORMULA)
    return unsafe_cell(text.replace("\r\n", "\n"))


# XLSX


def _xlsx(content):
    _refuse_bombs(content)
    try:
        with warnings.catch_warnings():
            # Of charts, styles and the like that openpyxl leaves out.
            warnings.simplefilter("ignore")
            return _first_sheet(load_workbook(io.BytesIO(content), read_only=True, keep_links=False))
    except Unreadable:
        raise
    except Exception as error:
        # A file made or damaged by hand fails in any part of openpyxl, in whatever way.
        raise Unreadable(NO_XLSX) from error


def _refuse_bombs(content):
    """Before anything is parsed: by what the directory of the ZIP file says, then by what is really in it."""
    if content.startswith(_OLD_EXCEL):
        raise Unreadable(
            _("The file is an old Excel file, or has a password. Save it as XLSX, without a password.")
        )
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _refuse_large(sum(member.file_size for member in members), len(members))
            if any(member.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for member in members):
                raise Unreadable(NO_XLSX)
            unpacked, elements = 0, _Elements()
            for member in members:
                scanner = elements.scanner()
                with archive.open(member) as file:
                    while chunk := file.read(_CHUNK):
                        unpacked += len(chunk)
                        _refuse_large(unpacked)
                        scanner(chunk)
    except Unreadable:
        raise
    except Exception as error:
        # No ZIP file, a damaged one, one with a password: zipfile and zlib have many words for it.
        raise Unreadable(NO_XLSX) from error


class _Elements:
    """Counts what openpyxl would have to build, at the speed of the parser: elements of XML, cells of a row."""

    def __init__(self):
        self.count = self.cells = 0

    def scanner(self):
        """A function that takes a member piece by piece; what is no XML openpyxl finds out for itself."""
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EntityDeclHandler = self._start, self._refuse_entity

        def scan(chunk):
            with suppress(expat.ExpatError):
                parser.Parse(chunk)

        return scan

    def _start(self, name, attributes):
        self.count += 1
        if self.count > ELEMENTS:
            raise Unreadable(
                _("The workbook holds too much. Copy the rows that are wanted, and only these, to a new one.")
            )
        kind = name.rpartition(":")[2]
        if kind == "row":
            self.cells = 0
            if int(attributes.get("r", 0)) > LAST_ROW:
                raise Unreadable(NO_XLSX)
        elif kind == "c":
            self.cells += 1
            if self.cells > 5 * MOST_COLUMNS or len(attributes.get("r", "").rstrip("0123456789")) > 2:
                raise Unreadable(_("There are more than %(most)d columns.") % {"most": MOST_COLUMNS})

    def _refuse_entity(self, *_declared):
        raise Unreadable(NO_XLSX)


def _refuse_large(size, count=0):
    if size > UNPACKED or count > MEMBERS:
        raise Unreadable(
            _("The workbook unpacks to more than %(most)d MB. Copy the rows to a new one, without pictures.")
            % {"most": UNPACKED // 2**20}
        )


def _first_sheet(book):
    if not book.worksheets:
        raise Unreadable(NO_XLSX)
    first, *others = book.worksheets
    # What a file says of its size may be anything.
    first.reset_dimensions()
    told = _("The first sheet was read, “%(name)s”, and no other.") % {"name": first.title} if others else ""
    rows = ((number, [_xlsx_cell(cell) for cell in cells]) for number, cells in enumerate(first.rows, 1))
    return _sheet(rows, told, padded=True)


def _xlsx_cell(cell):
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Odd(value if isinstance(value, str) else "=", FORMULA)
    if cell.data_type == "e":
        return Odd(value, _("an error of the spreadsheet; put a value in its place"))
    if isinstance(value, str):
        return unsafe_cell(value.replace("\r\n", "\n"))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return _number(value)
    return _day(value, cell.number_format)


def _number(value):
    """As it would be typed: 1993 and not 1993.0, and never with an exponent."""
    if abs(value) >= 10**DIGITS:
        why = _("a number of more than %(digits)d digits, which a spreadsheet rounds; write it as text")
        return Odd(value, why % {"digits": DIGITS})
    text = f"{Decimal(repr(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(value, shown_as):
    """A spreadsheet makes the first of the month of 1993-02, and shows it as Feb 93."""
    letters = set(_NO_LETTERS.sub("", shown_as).lower())
    if not isinstance(value, datetime) or value.time() != time() or not letters >= {*"ymd"}:
        why = _("a date or time of the spreadsheet, which it does not show as a whole day")
        return Odd(value, f"{why}; {TEXT_DATE}")
    return Day(value.date().isoformat())
