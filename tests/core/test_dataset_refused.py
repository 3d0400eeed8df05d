"""A dataset with a mistake leaves the database as it was, and each line that is told names the place of one.

The file, the line, the column, the value and the reason.
"""

import zipfile

import pytest

from apps.core.dataset_import import Refused, import_dataset
from apps.core.fixture_files import nearest
from apps.core.fixtures import Problems
from apps.organizations.models import Membership
from apps.people.models import Person
from apps.states.models import State
from tests.core.dataset_sets import change, load, put, refusal, rows_of, write
from tests.factories import membership, organization, person, state

pytestmark = pytest.mark.django_db


@pytest.mark.exhaustive
def test_a_bad_row_of_many_is_named(tmp_path):
    organization(slug="sco")
    codes = [
        f"{a}{b}{c}"
        for a in "QRST"
        for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    ]
    State.objects.bulk_create([State(code=code, name_en=code) for code in codes[:2500]])
    rows = [
        {
            "slug": f"m-{n}",
            "member_state": codes[n % 2500],
            "organization": "sco",
            "start": f"{1990 + n // 2500}",
        }
        for n in range(10_000)
    ]
    rows[9_998]["start"] = "1993-13"
    write(tmp_path / "some", "membership", rows)
    (line,) = refusal(tmp_path / "some")
    assert line.startswith("membership.csv: line 10000: column start: “1993-13”: ")
    assert not Membership.objects.exists()


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    text = 'slug,name_en,note\r\na,A,"one\r\ntwo\r\nthree"\r\n\r\nb,B,"x\ny"\r\nThe B,,\r\n'
    lines = refusal(put(tmp_path / "some", person=text))
    assert [line.split(": ", 3)[:3] for line in lines] == [
        ["person.csv", "line 8", "column slug"],
        ["person.csv", "line 8", "column name_en"],
    ]


BAD = {
    "no such date": (
        "visit",
        {"date": "1993-02-30"},
        "visit.csv: line 2: column date: “1993-02-30”: ",
    ),
    "no choice": (
        "visit",
        {"kind": "state visit"},
        "visit.csv: line 2: column kind: “state visit”: Value 'state visit' is not a valid choice. One of: state, off",
    ),
    "blank": ("visit", {"host": ""}, "visit.csv: line 2: column host: “”: missing"),
    "unknown": (
        "visit",
        {"host": "RUZ"},
        "visit.csv: line 2: column host: “RUZ”: no state “RUZ”; did you mean “RUS”?",
    ),
    "unknown in a list": (
        "visit",
        {"met": "second;secund"},
        "visit.csv: line 2: column met: “second;secund”: no person “secund”; did you mean “second”?",
    ),
    "twice in a list": (
        "visit",
        {"met": "second;second"},
        "visit.csv: line 2: column met: “second;second”: names one row twice",
    ),
    "too many parts of a key": (
        "visitcitation",
        {"passage": "paper/p-1/x"},
        "visitcitation.csv: line 2: column passage: “paper/p-1/x”: no passage “paper/p-1/x”; did you mean “paper/p-1”?",
    ),
    "backslash": (
        "visit",
        {"host": "RUS\\"},
        "visit.csv: line 2: column host: “RUS\\”: ends with a backslash",
    ),
    "NUL": ("visit", {"note": "a\0b"}, "visit.csv: line 2: column note: “a\ufffdb”: holds a NUL byte"),
    "no truth": (
        "membership",
        {"founder": "ja"},
        "membership.csv: line 2: column founder: “ja”: write true or false",
    ),
    "no number": (
        "passage",
        {"position": "one"},
        "passage.csv: line 2: column position: “one”: write a whole number",
    ),
    "huge number": ("passage", {"position": "9" * 25}, "passage.csv: line 2: column position: “999"),
    "no amount": (
        "agreement",
        {"amount": "1e3"},
        "agreement.csv: line 2: column amount: “1e3”: write a number",
    ),
    "too long": (
        "visit",
        {"occasion": "x" * 301},
        f"visit.csv: line 2: column occasion: “{'x' * 60}...”: Ensure this value has at most 300 characters",
    ),
    "no slug": (
        "person",
        {"slug": "The First"},
        "person.csv: line 2: column slug: “The First”: Enter a valid “slug”",
    ),
    "rule of a row": (
        "visit",
        {"sent_by_organization": "pact"},
        "visit.csv: line 2: columns sent_by_state, sent_by_organization: “KAZ”, “pact”: Give either the state or",
    ),
    "rule of dates": (
        "organization",
        {"founded": "1992", "dissolved": "1990"},
        "organization.csv: line 2: column dissolved: “1990”: It cannot have been dissolved before it was founded.",
    ),
    "rule of a span": ("membership", {"end": "1980"}, "membership.csv: line 2: column "),
    "inferred without a note": (
        "visit",
        {"basis": "inferred"},
        "visit.csv: line 2: columns basis, note: “inferred”, “”: An inferred entry needs a note",
    ),
    "citation of no field": (
        "visitcitation",
        {"field": "weather"},
        "visitcitation.csv: line 2: column field: “weather”: visit has no field “weather”. It has: ",
    ),
    "citation of nothing": (
        "visitcitation",
        {"entry": "nothing"},
        "visitcitation.csv: line 2: column entry: “nothing”: no visit “nothing”",
    ),
    "uncited": (
        "visitcitation",
        {"stance": "contradicts", "claim": "Never."},
        "visit.csv: line 2: column status: “published”: published without a passage that supports it; add one to",
    ),
}


@pytest.mark.once
@pytest.mark.exhaustive
@pytest.mark.parametrize("loaded", [False, True], ids=["new", "there"])
@pytest.mark.parametrize(("name", "cells", "line"), BAD.values(), ids=BAD)
def test_a_bad_cell_is_refused(dataset, name, cells, line, loaded):
    if loaded:
        load(dataset)
    change(dataset, name, 0, **cells)
    if cells.get("stance") and loaded:
        return  # The citation that is there supports the visit still.
    lines = refusal(dataset)
    assert any(found.startswith(line) for found in lines), lines


def test_rows_that_refer_to_each_other_are_refused(tmp_path):
    text = "slug,name_en,kind,parent\na,A,organ,b\nb,B,organ,a\nc,C,union,\n"
    assert refusal(put(tmp_path / "some", organization=text)) == [
        "organization.csv: line 2: column parent: “b”: it refers to a row that refers, in the end, to it"
    ]


def test_one_mistake_is_one_line(dataset):
    """What depends on the row at fault, its citations and visits, is not complained of as well."""
    change(dataset, "person", name_en="x" * 201)
    change(dataset, "membershipcitation", stance="denies")
    assert [line.split(": ")[:3] for line in refusal(dataset)] == [
        ["person.csv", "line 2", "column name_en"],
        ["membershipcitation.csv", "line 2", "column stance"],
    ]


def test_all_mistakes_of_a_row_are_told(dataset):
    change(dataset, "visit", date="1993-13", kind="x", host="RUZ")
    assert [line.split(": ")[2] for line in refusal(dataset)] == ["column date", "column kind", "column host"]


def test_fifty_mistakes_are_shown_and_the_total(tmp_path):
    lines = refusal(put(tmp_path / "some", person="slug,name_en\n" + "".join(f"p-{n},\n" for n in range(60))))
    assert (len(lines), lines[-1]) == (51, "... and 10 more, 60 in all")


def test_rows_that_the_database_refuses_are_found_among_many(tmp_path):
    where, one = organization(slug="sco"), state("CHN")
    membership(member_state=one, organization=where, start="1996")
    for code in ("KAZ", "RUS"):
        state(code)
    rows = [f"m-{n},{code},sco,{1990 + n}" for n in range(30) for code in ("KAZ", "RUS")[n % 2 :][:1]]
    rows[20:20] = ["twin,CHN,sco,1996", "again,KAZ,sco,1990"]
    lines = refusal(
        put(tmp_path / "some", membership="\n".join(["slug,member_state,organization,start", *rows, ""]))
    )
    where = "columns member_state, organization, start"
    words = "This membership, with this status and start, is recorded already."
    assert sorted(lines) == [
        f"membership.csv: line 22: {where}: “CHN”, “sco”, “1996”: {words}",
        f"membership.csv: line 23: {where}: “KAZ”, “sco”, “1990”: {words}",
    ]


def test_a_row_given_twice_is_refused(dataset):
    rows = rows_of(dataset, "participant")
    write(dataset, "participant", [*rows, rows[0]])
    lines = refusal(dataset)
    assert lines == [
        "participant.csv: line 5: column event: “summit-1993”: given twice: line 2 is of the same row"
    ]


def test_an_entry_that_is_published_needs_a_citation_also_if_it_is_there(tmp_path):
    person(slug="a", name_en="A", status="draft")
    lines = refusal(put(tmp_path / "some", person="slug,name_en,status\na,A,published\n"))
    assert lines == [
        "person.csv: line 2: column status: “published”: published without a passage that supports it; "
        "add one to personcitation.csv"
    ]


def test_others_that_lack_a_citation_are_no_matter(tmp_path):
    person(slug="uncited")
    load(put(tmp_path / "some", person="slug,name_en\na,A\n"))
    assert Person.objects.filter(slug="a").exists()


def test_a_column_that_there_is_not_hides_no_other_mistake(tmp_path):
    state("CHN")
    lines = refusal(
        put(
            tmp_path / "some",
            person="slug,nota,name_en\na,x,A\nThe B,y,B\n",
            place="slug,name_en,state\np,P,CHX\n",
        )
    )
    assert sorted(line.rsplit(": ", 1)[0] for line in lines) == [
        "person.csv: line 1: column “nota”",
        "person.csv: line 3: column slug: “The B”",
        "place.csv: line 2: column state: “CHX”",
    ]
    assert "did you mean “CHN”?" in "".join(lines)


def test_of_names_that_are_equally_near_the_one_that_begins_alike_is_offered():
    assert nearest("KAX", ["LKA", "KAZ", "AXK"]) == "; did you mean “KAZ”?"


FILES = {
    "unknown file": (
        {"organisation": "slug\n"},
        "organisation.csv: no table has this name; did you mean “organization.csv”?",
    ),
    "unknown column": (
        {"person": "slug,name_en,nota\na,A,x\n"},
        "person.csv: line 1: column “nota”: no such column; did you mean “note”?",
    ),
    "derived column": (
        {"visit": "slug,date_latest\na,x\n"},
        "visit.csv: line 1: column “date_latest”: no such column",
    ),
    "column given twice": (
        {"person": "slug,name_en,slug\na,A,b\n"},
        "person.csv: line 1: column slug: given twice",
    ),
    "missing column": (
        {"person": "slug\na\n"},
        "person.csv: line 1: column name_en: missing, and it must be there",
    ),
    "empty": ({"person": ""}, "person.csv: line 1: column slug: missing, and it must be there"),
    "semicolons": (
        {"person": "slug;name_en\na;A\n"},
        "person.csv: line 1: the columns are parted by “;”; part them by",
    ),
    "too few cells": (
        {"person": "slug,name_en\na\n"},
        "person.csv: line 2: 1 cells where 2 are wanted, one for each column",
    ),
    "open quotation": (
        {"person": 'slug,name_en\na,"A\nb,B\n'},
        "person.csv: line 2: not CSV: unexpected end of data",
    ),
    "text after a quotation": ({"person": 'slug,name_en\na,"A"x\n'}, "person.csv: line 2: not CSV: "),
}


@pytest.mark.parametrize(("texts", "line"), FILES.values(), ids=FILES)
def test_a_bad_file_is_refused(tmp_path, texts, line):
    lines = refusal(put(tmp_path / "some", **texts))
    assert any(found.startswith(line) for found in lines), lines


def test_what_is_not_utf_8_is_refused_at_its_line(tmp_path):
    text = "slug,name_en\n" + "".join(f"p-{n},P\n" for n in range(5000)) + "q,Ж\n"
    (put(tmp_path / "some") / "person.csv").write_bytes(text.encode("cp1251"))
    assert refusal(tmp_path / "some") == [
        "person.csv: line 5002: not UTF-8: save the file in that encoding",
    ]


def test_a_byte_order_mark_is_no_matter(tmp_path):
    (put(tmp_path / "some") / "person.csv").write_text("slug,name_en\na,A\n", encoding="utf-8-sig")
    load(tmp_path / "some")
    assert Person.objects.get().slug == "a"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere", "cannot be read"),
        ("empty", "there are no tables here"),
        ("text", "neither a directory nor a ZIP"),
    ],
)
def test_a_path_without_tables_is_refused(tmp_path, name, words):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("text")
    assert words in " ".join(refusal(tmp_path / name))


def test_a_zip_file_that_is_damaged_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        archive.writestr("person.csv", "slug,name_en\n" + "".join(f"p-{n},Person\n" for n in range(9)))
        archive.writestr("a/state.csv", "code,name_en\n")
        archive.writestr("b/state.csv", "code,name_en\n")
    assert refusal(tmp_path / "some.zip") == ["state.csv: there are two of this name"]
    text = (tmp_path / "some.zip").read_bytes().replace(b"p-5", b"p-X")
    (tmp_path / "some.zip").write_bytes(text.replace(b"b/state", b"b/place"))
    assert any(
        "person.csv: line 1: cannot be read: Bad CRC-32" in line for line in refusal(tmp_path / "some.zip")
    )


def test_what_lies_beside_the_tables_is_no_matter(tmp_path):
    directory = put(tmp_path / "some", person="slug,name_en\na,A\n")
    for name in ("datapackage.json", "README.md", "LICENCE.txt", ".DS_Store"):
        (directory / name).write_text("text")
    load(directory)
    (directory / "person.xlsx").write_text("text")
    assert refusal(directory) == ["person.xlsx: no table has this name; did you mean “person.csv”?"]


def test_refused_is_raised_with_every_line(tmp_path):
    with pytest.raises(Refused, match="line 2: column name_en: “”: missing"):
        import_dataset(put(tmp_path / "some", person="slug,name_en\na,\n"), reason="x")


# -- What is made to do harm


def zipped(path, name, text, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        archive.writestr(name, text)
    return path


def test_what_unpacks_to_too_much_is_not_unpacked(tmp_path):
    path = zipped(tmp_path / "some.zip", "person.csv", "slug,name_en\n" + "\n" * 20_000_000)
    (line,) = refusal(path)
    assert line.startswith("person.csv: unpacks to more than 200 times its size")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("," * 100_000, "person.csv: line 1: longer than 65536 bytes, and it only names the columns"),
        ("slug,name_en\n" + "\n" * 20_000, "person.csv: line 10002: blank, as thousands before it"),
        (
            f"slug,name_en\na,{'A' * 1_100_000}\n",
            "person.csv: line 2: not CSV: field larger than field limit",
        ),
        (
            "slug,name_en\na,A\x0bB\n",
            "person.csv: line 2: column name_en: “A\ufffdB”: holds a control character",
        ),
        (
            "slug,name_en,status\na,A,\x1b]0;x\x07\n",
            "person.csv: line 2: column status: “\ufffd]0;x\ufffd”: ",
        ),
    ],
)
def test_what_is_no_table_is_refused_early(tmp_path, text, said):
    lines = refusal(put(tmp_path / "some", person=text))
    assert lines[0].startswith(said)
    assert all(line.isprintable() and len(line) < 1500 for line in lines)


@pytest.mark.parametrize("place, byte", [(-60, 99), (10, 7)])
def test_a_broken_zip_file_is_refused_in_words(tmp_path, place, byte):
    path = zipped(tmp_path / "some.zip", "person.csv", "slug,name_en\na,A\n")
    content = bytearray(path.read_bytes())
    # The version that is needed to unpack, in the directory at the end.
    content[content.index(b"PK\x01\x02") + 6 if place < 0 else content.index(b"person") + place] = byte
    path.write_bytes(content)
    assert refusal(path)


def test_of_thousands_of_mistakes_only_the_first_are_kept(tmp_path):
    problems = Problems()
    for number in range(10_000):
        problems.add("person.csv", f"line {number}", what="x" * 10_000)
    assert len(problems.found) == Problems.SHOWN and len(str(problems)) < 100_000
    assert str(problems).endswith("... and 9950 more, 10000 in all")


def test_nothing_refers_in_the_end_to_itself(tmp_path):
    organization(slug="a", name_en="A", status="draft")
    load(put(tmp_path / "one", organization="slug,name_en,kind,parent\nb,B,other,a\n"))
    for parent in ("b", "a"):
        text = f"slug,name_en,kind,parent\na,A,other,{parent}\n"
        (line,) = refusal(put(tmp_path / parent, organization=text))
        assert line == (
            "organization.csv: line 2: column parent: it refers to a row that refers, in the end, to it"
        )
