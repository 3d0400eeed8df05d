"""Files of whatever spreadsheet program as rows of text, and what is no such file."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime, timedelta

import pytest
from openpyxl import Workbook

from apps.core.tables import safe_cell
from apps.curation.sheet_files import Day, Odd, Unreadable, read_sheet
from apps.curation.word_differences import difference

LARGE = 69 * 2**20


def xlsx(*rows, formats=None, sheets=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for place, shown_as in (formats or {}).items():
        book.active[place].number_format = shown_as
    for name in sheets:
        book.create_sheet(name)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_member(content, name, new):
    """A workbook with another content of one of its members."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    return zipped(members | {name: new})


def cells(sheet):
    return [line.cells for line in sheet.lines]


def cell(value, shown_as="General"):
    """What a cell of a workbook is read as."""
    return cells(read_sheet("a.xlsx", xlsx(["a"], [value], formats={"A2": shown_as})))[0][0]


def refusal(name, content):
    with pytest.raises(Unreadable) as caught:
        read_sheet(name, content)
    return caught.value.messages[0]


@pytest.mark.parametrize(
    "content",
    [b'a,b\r\nx,"y;z"\r\n', b"\xef\xbb\xbfa,b\nx,y;z\n", b'a;b\nx;"y;z"\n', b"\n a , b \n,\nx,y;z\n"],
    ids=["comma", "with a mark", "semicolon", "blank rows"],
)
def test_csv_of_several_programs(content):
    sheet = read_sheet("A.CSV", content)
    assert sheet.names == ["a", "b"]
    assert cells(sheet) == [["x", "y;z"]]


def test_rows_are_numbered_as_in_the_file():
    sheet = read_sheet("a.csv", b'a,b\n\nx,"1\n2"\ny,3\n')
    assert [line.number for line in sheet.lines] == [3, 5]
    assert "semicolons" in read_sheet("a.csv", b"a;b\nx;y\n").told
    assert [line.number for line in read_sheet("a.xlsx", xlsx(["a"], [], ["x"])).lines] == [3]


def test_row_with_a_wrong_number_of_cells_is_told_and_the_rest_is_read():
    sheet = read_sheet("a.csv", b"a,b\nx,y,z\nx\nx,y,,\n")
    wrong = ["3 cells where there are 2 columns", "1 cells where there are 2 columns", ""]
    assert [line.wrong for line in sheet.lines] == wrong


@pytest.mark.parametrize("text", ["=1", "-1", "'=1", "''+x", "@a"])
def test_what_was_kept_from_being_a_formula_comes_back(text):
    sheet = read_sheet("a.csv", f'a\n"{safe_cell(text)}"\n'.encode())
    assert cells(sheet) == [[text]]
    assert cell(safe_cell(text)) == text


@pytest.mark.parametrize(
    "value, text",
    [(1993, "1993"), (1993.0, "1993"), (12.5, "12.5"), (2.7e10, "27000000000"), (1e-7, "0.0000001")]
    + [(True, "true"), ("x\r\ny", "x\ny"), (None, "")],
)
def test_numbers_and_the_like_are_read_as_they_would_be_written(value, text):
    assert cells(read_sheet("a.xlsx", xlsx(["a", "b"], [value, "x"])))[0][0] == text


def test_date_cell_is_read_where_it_shows_the_day():
    for shown_as in ("yyyy-mm-dd", "dd/mm/yyyy", '[$-419]d" "mmmm" "yyyy;@'):
        found = cell(date(1993, 2, 14), shown_as)
        assert isinstance(found, Day) and found == "1993-02-14"


@pytest.mark.parametrize(
    "value, shown_as",
    [
        (date(1993, 2, 1), "mmm-yy"),
        (date(1993, 1, 1), "yyyy"),
        (datetime(1993, 2, 14, 12), "yyyy-mm-dd hh:mm"),
        (timedelta(hours=3), "[h]:mm"),
    ],
)
def test_other_date_cell_is_odd(value, shown_as):
    found = cell(value, shown_as)
    assert isinstance(found, Odd) and "such as 1993-02" in found.why


def test_what_has_no_value_is_odd():
    for found in (cell("=A1+1"), cells(read_sheet("a.csv", b"a\n=A1+1\n"))[0][0]):
        assert isinstance(found, Odd) and found.why.startswith("a formula; put its value")
    assert "more than 15 digits" in cell(1234567890123456789).why
    assert "error" in cell("#N/A").why
    assert "32767 signs" in cells(read_sheet("a.csv", b"a\n" + b"x" * 40_000 + b"\n"))[0][0].why


def test_first_sheet_of_several_is_read_and_told():
    assert "“Sheet”" in read_sheet("a.xlsx", xlsx(["a"], ["x"], sheets=["More"])).told


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("a.xls", b"x", "neither a .csv nor an .xlsx"),
        ("a", b"x", "neither a .csv nor an .xlsx"),
        ("a.csv", b"\n ,\n", "The sheet is empty"),
        ("a.csv", b"", "The sheet is empty"),
        ("a.xlsx", xlsx(), "The sheet is empty"),
        ("a.csv", "a\nИ".encode("cp1251"), "not UTF-8 (line 2)"),
        ("a.csv", "a,b\n".encode("utf-16"), "UTF-16"),
        ("a.csv", b"a\tb\nx\ty\n", "parted by tabs"),
        ("a.csv", b'a,b\nx,"y\n', "Line 2 is no CSV"),
        ("a.csv", xlsx(["a"]), "is none"),
        ("a.csv", b"a,b\n" + b"x,y\n" * 2001, "more than 2000 rows"),
        ("a.csv", b"a," * 300, "more than 200 columns"),
        ("a.xlsx", b"a,b\nx,y\n", "no XLSX workbook"),
        ("a.xlsx", b"", "no XLSX workbook"),
        ("a.xlsx", xlsx(["a"])[:-50], "no XLSX workbook"),
        ("a.xlsx", zipped({"a.txt": "x"}), "no XLSX workbook"),
        ("a.xlsx", zipped({"a.txt": "x"}, zipfile.ZIP_LZMA), "no XLSX workbook"),
        ("a.xlsx", zipped({str(number): "" for number in range(501)}), "unpacks to more"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"x" * 600, "old Excel file"),
    ],
)
def test_what_is_no_sheet_is_refused_in_a_sentence(name, content, words):
    assert words in refusal(name, content)


def test_workbook_that_unpacks_to_much_is_refused_at_once():
    content = with_member(xlsx(["a"]), "xl/worksheets/sheet1.xml", b" " * LARGE)
    assert len(content) < 300_000
    tracemalloc.start()
    assert "unpacks to more than 20 MB" in refusal("a.xlsx", content)
    assert tracemalloc.get_traced_memory()[1] < 5 * 2**20
    tracemalloc.stop()


def test_workbook_that_says_it_is_small_is_refused_too():
    content = with_member(xlsx(["a"]), "xl/worksheets/sheet1.xml", b" " * LARGE)
    lie = content.replace(LARGE.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lie != content
    assert "no XLSX workbook" in refusal("a.xlsx", lie)


ROWS = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


@pytest.mark.parametrize(
    "rows, words",
    [
        ("<row>" + "<c/>" * 900_000 + "</row>", "more than 200 columns"),
        ('<row><c r="XFD1"/></row>', "more than 200 columns"),
        ('<row r="999999999"><c/></row>', "no XLSX workbook"),
        ("<row/>" * 1_000_001, "holds too much"),
    ],
    ids=["wide row", "far column", "far row", "blank rows"],
)
def test_what_would_take_long_to_read_is_refused_at_once(rows, words):
    content = with_member(xlsx(["a"]), "xl/worksheets/sheet1.xml", ROWS.format(rows))
    assert words in refusal("a.xlsx", content)


def test_entities_are_not_unpacked():
    bomb = b'<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;">]><worksheet>&c;</worksheet>'
    for member in (
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
    ):
        assert "no XLSX workbook" in refusal("a.xlsx", with_member(xlsx(["a"], ["x"]), member, bomb))


def test_difference_is_of_words_and_safe():
    assert difference("talks on trade", "talks on <gas>") == (
        "talks on <del>trade</del><ins>&lt;gas&gt;</ins>"
    )
    assert difference("", "<b>") == "<ins>&lt;b&gt;</ins>"
    assert difference("x", "") == "<del>x</del>"
    assert difference("", "") == ""
