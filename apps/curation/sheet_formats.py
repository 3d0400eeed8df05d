"""The files that sheets are exported as: CSV that Excel takes for UTF-8, and XLSX in which what is typed stays text."""

from io import BytesIO

from django.utils.translation import gettext as _
from import_export.formats import base_formats
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from apps.curation.sheet_files import LONGEST

# The format of cells in which 1993-02 stays what it is.
AS_TEXT = "@"
WIDTH = 18


class SheetCSV(base_formats.CSV):
    # Its name is for download buttons.
    label = "CSV"


class SheetXLSX(base_formats.XLSX):
    label = "XLSX"

    def export_data(self, dataset, **kwargs):
        """Raises ValueError where a text is too long for a cell."""
        book = Workbook()
        page = book.active
        page.freeze_panes = "B2"
        for place, name in enumerate(dataset.headers, 1):
            page.cell(1, place, name).font = Font(bold=True)
            # Of the rows that are yet to be typed.
            column = page.column_dimensions[get_column_letter(place)]
            column.number_format, column.width = AS_TEXT, WIDTH
        for number, cells in enumerate(dataset, 2):
            for place, text in enumerate(cells, 1):
                if text:
                    page.cell(number, place, _fitting(text, number)).number_format = AS_TEXT
        file = BytesIO()
        book.save(file)
        return file.getvalue()


def _fitting(text, number):
    if len(text) > LONGEST:
        what = _(
            "Row %(number)d has a text of more than %(most)d signs, which no cell of a spreadsheet holds."
        )
        raise ValueError(what % {"number": number, "most": LONGEST})
    return ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)
