"""How to cite a page: that reference managers read what is written, whatever stands in a title, and of which pages."""

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from urllib.parse import quote, urlencode

import pytest
import rispy
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import set_script_prefix
from django.utils import timezone
from pybtex.database import parse_string

from apps.core.citing import FORMATS, Reference, one_line
from apps.core.models import Revision
from tests.factories import cite, membership, organization, passage, person, source, state, visit
from tests.sampling import sample

pytestmark = pytest.mark.django_db

PLAIN = Reference(
    title="A to B, 1993",
    path="/visits/a-b-1993/",
    url="https://kz.example/visits/a-b-1993/",
    revision="r1234",
    changed=date(2026, 5, 3),
    accessed=date(2026, 6, 14),
    after="After J. Doe, “A Text”.",
)
HOSTILE = [
    r"100 % of A & B_C #1 for $5 {x} ~y ^z \end{document}",
    "Closes } too much }}, note = {x",
    "Opens { too much {",
    '"Quoted" and \'quoted\', @misc{evil, title = "x"}',
    "Break\r\nER  - \r\nTY  - EVIL\nUR  - https://evil.example/",
    "Breaks\u2028of\u2029all\x0bkinds\x0cof\x85them\x1e\x00\x1b[31m",
    "Қазақстан – Ресей: «Мәңгілік Ел» №1",
    "</script><script>alert(1)</script>",
    "{{7*7}} %(x)s {0}",
    "\\",
]


@pytest.fixture
def focus():
    return state("KAZ", name_en="Kazakhstan")


# What is written.


def test_text():
    assert PLAIN.text == (
        "kzforeign, “A to B, 1993”, revision r1234 (2026), https://kz.example/visits/a-b-1993/, "
        "accessed 14 June 2026. After J. Doe, “A Text”."
    )


def test_bibtex():
    assert PLAIN.bibtex == (
        "@misc{kzforeign-visits-a-b-1993-r1234,\n"
        "  author = {{kzforeign}},\n"
        "  title = {{A to B, 1993}},\n"
        "  year = {2026},\n"
        "  url = {https://kz.example/visits/a-b-1993/},\n"
        "  urldate = {2026-06-14},\n"
        "  version = {r1234},\n"
        "  langid = {english},\n"
        "  note = {Revision r1234, accessed 2026-06-14. After J. Doe, “A Text”.},\n"
        "}\n"
    )


def test_ris():
    assert PLAIN.ris.split("\r\n") == [
        "TY  - ELEC",
        "ID  - kzforeign-visits-a-b-1993-r1234",
        "AU  - kzforeign",
        "TI  - A to B, 1993",
        "T2  - kzforeign",
        "PY  - 2026",
        "DA  - 2026/05/03/",
        "ET  - r1234",
        "LA  - en",
        "UR  - https://kz.example/visits/a-b-1993/",
        "Y2  - 2026/06/14/",
        "N1  - After J. Doe, “A Text”.",
        "ER  - ",
        "",
    ]


def test_csl():
    assert json.loads(PLAIN.csl) == [
        {
            "id": "kzforeign-visits-a-b-1993-r1234",
            "type": "webpage",
            "title": "A to B, 1993",
            "author": [{"literal": "kzforeign"}],
            "container-title": "kzforeign",
            "version": "r1234",
            "language": "en",
            "URL": "https://kz.example/visits/a-b-1993/",
            "issued": {"date-parts": [[2026, 5, 3]]},
            "accessed": {"date-parts": [[2026, 6, 14]]},
            "note": "After J. Doe, “A Text”.",
        }
    ]


def test_before_anything_is_written_there_is_no_year():
    reference = replace(PLAIN, changed=None, revision="r0", after="")
    assert "revision r0, https:" in reference.text and reference.text.endswith("14 June 2026.")
    assert "year" not in reference.bibtex and "PY" not in reference.ris and "DA" not in reference.ris
    assert "issued" not in json.loads(reference.csl)[0] and "note" not in json.loads(reference.csl)[0]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_title_stays_one_field(title):
    reference = replace(PLAIN, title=one_line(title), after=one_line(f"After {title}."))
    (item,) = json.loads(reference.csl)
    assert item["title"] == one_line(title)
    (entry,) = rispy.loads(reference.ris)
    assert (entry["type_of_reference"], entry["title"]) == ("ELEC", one_line(title))
    assert entry["urls"] == [PLAIN.url]
    assert all(line[2:6] == "  - " for line in reference.ris.split("\r\n")[:-1])
    assert "\n" not in reference.ris.replace("\r\n", "") and "\r" not in reference.ris.replace("\r\n", "")
    assert len(reference.text.splitlines()) == 1


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_title_is_read_back_from_bibtex(title):
    reference = replace(PLAIN, title=one_line(title), after=one_line(f"After {title}."))
    bibliography = parse_string(reference.bibtex, "bibtex")
    (entry,) = bibliography.entries.values()
    fields = ["title", "year", "url", "urldate", "version", "langid", "note"]
    assert (entry.type, list(entry.fields)) == ("misc", fields)
    assert from_tex(entry.fields["title"].removeprefix("{").removesuffix("}")) == one_line(title)
    assert [str(author) for author in entry.persons["author"]] == ["{kzforeign}"]
    # Each line is one field: nothing that the title holds begins another.
    assert len(reference.bibtex.splitlines()) == len(fields) + 3


def from_tex(text):
    """What TeX prints for it; fails where a sign with a meaning of its own to TeX is left."""
    names = {
        "textbackslash": "\\",
        "textbraceleft": "{",
        "textbraceright": "}",
        "textasciitilde": "~",
        "textasciicircum": "^",
    }
    rest = re.sub(r"\\(?:[a-z]+\{\}|[&%$#_])", "", text)
    assert not re.search(r"[\\{}~^&%$#_]", rest)
    return re.sub(r"\\(?:([a-z]+)\{\}|([&%$#_]))", lambda found: names.get(found[1], found[2]), text)


def test_bibtex_address_neither_opens_nor_closes_a_group():
    reference = replace(PLAIN, url="https://kz.example/visits/?q=%7B}{\\&kind=state_visit#x")
    (entry,) = parse_string(reference.bibtex, "bibtex").entries.values()
    assert entry.fields["url"] == "https://kz.example/visits/?q=%7B%7D%7B%5C&kind=state_visit#x"


def test_source_in_a_note():
    text = source(
        title="On B", authors="Doe, Jane Ann; The Bureau", container="C", publisher="P", date="[2015..]"
    )
    assert text.in_a_note == "J. A. Doe, The Bureau, “On B”, C (P, 2015 or later)"
    assert source(title="On B").in_a_note == "“On B”"


# Which pages.


def shown(client, address):
    """The reference that the page at the address shows, and the addresses to which its Cite this leads."""
    response = client.get(address)
    assert response.status_code == 200
    part = response.content.decode().partition('id="cite-this"')[2].partition("</details>")[0]
    text = unescape(re.search(r'<p class="example">(.*?)</p>', part)[1])
    return text, [unescape(link) for link in re.findall(r'href="(/cite[^"]*)"', part)]


def today():
    day = timezone.localdate()
    return f"{day.day} {day:%B %Y}"


def expected(title, address, after=""):
    revision = Revision.objects.current()
    return (
        f"kzforeign, “{title}”, revision {revision} ({revision.changed_at.year}), "
        f"http://testserver{address}, accessed {today()}.{after}"
    )


def test_page_of_an_entry(client, focus):
    china = state("CHN", name_en="China")
    read = source(title="A Text", authors="Doe, Jane")
    row = visit(
        slug="to-china", visitor=person(name_en="Ann"), host=china, sent_by_state=focus, date="1993-02"
    )
    cite(row, passage(source=read))
    cite(row, passage(source=read), field="date")
    cite(row, passage(source=source(title="Another")), stance="contradicts", claim="1994")
    text, links = shown(client, "/visits/to-china/")
    assert text == expected("Ann to China, February 1993", "/visits/to-china/", " After J. Doe, “A Text”.")
    assert links == [f"/cite/{form}/?of=%2Fvisits%2Fto-china%2F" for form in ("bibtex", "ris", "csl")]
    assert (
        f'href="http://testserver{row.get_absolute_url()}"'
        in client.get(row.get_absolute_url()).content.decode()
    )


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("address", "title", "cited"),
    [
        ("/", "Kazakhstan and the world", "/"),
        ("/about/", "About this database", "/about/"),
        ("/states/", "States", "/states/"),
        ("/states/?as_of=2012", "States: as of 2012", "/states/?as_of=2012"),
        ("/states/KAZ/", "Kazakhstan", "/states/KAZ/"),
        ("/states/CHN/", "China and Kazakhstan", "/states/CHN/"),
        (
            "/states/CHN/?as_of=2012-07-01",
            "China and Kazakhstan, as of 1 July 2012",
            "/states/CHN/?as_of=2012-07-01",
        ),
        ("/states/CHN/?as_of=", "China and Kazakhstan", "/states/CHN/"),
        ("/relations/CHN/RUS/", "China and Russia", "/relations/CHN/RUS/"),
        ("/organizations/sco/?as_of=2012-07", "SCO, as of July 2012", "/organizations/sco/?as_of=2012-07"),
        ("/people/ann/", "Ann", "/people/ann/"),
        (
            "/visits/?limit=5&state=CHN&year=1993&kind=",
            "Visits: state China, year 1993",
            "/visits/?state=CHN&year=1993",
        ),
        (
            "/people/?q=%C3%84+%26+%22b%22",
            "People: name contains Ä & \"b\"",
            "/people/?q=%C3%84+%26+%22b%22",
        ),
        ("/timeline/?state=CHN&ordering=-date", "Time line: state China", "/timeline/?state=CHN&ordering=-date"),
        ("/memberships/sco-chn/", "China, member of SCO", "/memberships/sco-chn/"),
        ("/sources/", "Sources", "/sources/"),
    ],
)  # fmt: skip
def test_every_page_and_each_form_of_it(client, focus, address, title, cited):
    china = state("CHN", name_en="China")
    state("RUS", name_en="Russia")
    sco = organization(slug="sco", name_en="SCO")
    membership(slug="sco-chn", member_state=china, organization=sco)
    person(slug="ann", name_en="Ann")
    text, links = shown(client, address)
    assert text == expected(title, cited)
    assert client.get(f"/cite/text/?{urlencode({'of': cited})}").content.decode() == text
    bibtex, ris, csl = (client.get(link) for link in links)
    assert len(parse_string(bibtex.content.decode(), "bibtex").entries) == 1
    assert rispy.loads(ris.content.decode())[0]["title"] == title
    assert csl.json()[0]["title"] == title
    assert csl.json()[0]["URL"] == f"http://testserver{cited}"
    # As RFC 8574 has it, for whoever looks for an address to cite.
    page = unescape(client.get(address).content.decode())
    assert f'<link rel="cite-as" href="http://testserver{cited}">' in page


def test_page_of_a_source_is_after_it(client):
    read = source(title="A Text", authors="Doe, Jane")
    text, _links = shown(client, read.get_absolute_url())
    assert text == expected("Doe, A Text", read.get_absolute_url(), " After J. Doe, “A Text”.")


@pytest.mark.parametrize("title", sample(HOSTILE, [HOSTILE[5], HOSTILE[7]]))
def test_hostile_title_on_the_page(client, focus, title):
    title = title.replace("\x00", "")  # Which no database of ours takes.
    row = person(name_en=title, slug="x")
    text, links = shown(client, row.get_absolute_url())
    assert text == expected(one_line(title), "/people/x/")
    assert client.get(links[2]).json()[0]["title"] == one_line(title)


@pytest.mark.parametrize("address", ["/visits/?year=93", "/states/CHN/?as_of=2012-13", "/nothing/"])
def test_page_of_what_is_wrong_is_not_cited(client, focus, address):
    state("CHN")
    page = client.get(address).content.decode()
    assert "Cite this" not in page


# The addresses of the forms.


def test_types_and_names_of_the_files(client, focus):
    answers = {form: client.get(f"/cite/{form}/?of=/states/KAZ/") for form in FORMATS}
    key = f"kzforeign-states-kaz-{Revision.objects.current()}"
    assert {
        form: (answer["Content-Type"], answer.get("Content-Disposition")) for form, answer in answers.items()
    } == {
        "text": ("text/plain; charset=utf-8", None),
        "bibtex": ("application/x-bibtex; charset=utf-8", f'attachment; filename="{key}.bib"'),
        "ris": ("application/x-research-info-systems; charset=utf-8", f'attachment; filename="{key}.ris"'),
        "csl": ("application/vnd.citationstyles.csl+json", f'attachment; filename="{key}.json"'),
    }
    assert all(answer["X-Content-Type-Options"] == "nosniff" for answer in answers.values())


NOT_THERE = [
    "/people/draft/",
    "/people/withdrawn/",
    "/visits/of-a-draft/",
    "/people/nobody/",
    "/people/nobody",
    "/nothing/",
    "/visits/?year=93",
    "/visits/?bogus=1",
    "/states/KAZ/?as_of=x",
    "/states/kaz/",
    "/relations/KAZ/",
    "/visits/?q=%00",
    "/admin/",
    "/admin/people/person/",
    "/api/v1/states/",
    "/feed/",
    "/robots.txt",
    "/cite/text/?of=/states/KAZ/",
    "https://evil.example/states/KAZ/",
    "//evil.example/states/KAZ/",
    "///states/KAZ/",
    "http://testserver/states/KAZ/",
    "javascript:alert(1)",
    "states/KAZ/",
    "",
    "?",
    "/states/KAZ/\r\nSet-Cookie: x=1",
    "/../states/KAZ/",
    "/[",
    "//[",
    "/states/KAZ/" + "x" * 3000,
    "/visits/?q=" + "ә" * 3000,
]


@pytest.mark.parametrize("debug", sample([True, False], [False]))
def test_what_is_not_public_is_answered_like_what_is_not_there(client, focus, debug, one_request_id):
    hidden = person(slug="draft", status="draft")
    person(slug="withdrawn", status="withdrawn")
    visit(slug="of-a-draft", visitor=hidden)
    with override_settings(DEBUG=debug, SECURE_SSL_REDIRECT=False):
        answers = [client.get("/cite/csl/", {"of": address}) for address in NOT_THERE]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert {tuple(sorted(answer.headers.items())) for answer in answers} == {
        tuple(sorted(answers[0].headers.items()))
    }


@pytest.mark.parametrize(
    "query", ["", "of=/states/KAZ/&x=1", "of=/&of=/about/", "x=1", f"of=/states/KAZ/{quote('&')}x&y"]
)
def test_wrong_parameters(client, focus, query):
    answer = client.get(f"/cite/text/?{query}")
    assert answer.status_code == 400
    assert "Give the address of a page of this site" in answer.content.decode()


def test_other_forms_and_methods(client, focus):
    assert client.get("/cite/endnote/?of=/states/KAZ/").status_code == 404
    assert client.get("/cite/__class__/?of=/states/KAZ/").status_code == 404
    assert client.post("/cite/text/?of=/states/KAZ/").status_code == 405
    assert client.head("/cite/text/?of=/states/KAZ/").status_code == 200


def test_site_below_a_path(client, focus):
    """As behind a proxy that serves the site at /kz/."""
    person(slug="ann", name_en="Ann")
    set_script_prefix("/kz/")
    try:
        page = client.get("/people/ann/", SCRIPT_NAME="/kz").content.decode()
        link = unescape(re.search(r'href="(/kz/cite/csl[^"]*)"', page)[1])
        (item,) = client.get(link.removeprefix("/kz"), SCRIPT_NAME="/kz").json()
    finally:
        set_script_prefix("/")
    assert link == "/kz/cite/csl/?of=%2Fkz%2Fpeople%2Fann%2F"
    assert item["URL"] == "http://testserver/kz/people/ann/"


@pytest.mark.parametrize("address", ["/about/", "/people/ann/", "/visits/?year=1993"])
def test_it_costs_a_page_no_query_of_its_own(client, focus, monkeypatch, address):
    person(slug="ann")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    queries()  # What is kept for the next.
    whole = queries()
    monkeypatch.setattr(Reference, "of", lambda *_args: None)
    assert whole == queries()


@pytest.mark.django_db
def test_a_reference_is_in_the_language_of_the_page(client):
    state("KAZ", name_en="Kazakhstan", name_ru="Казахстан")
    said = client.get("/cite/text/?of=/ru/states/KAZ/").content.decode()
    assert said.startswith("kzforeign, «Казахстан», редакция r")
    assert "http://testserver/ru/states/KAZ/, дата обращения: " in said
    assert "\nLA  - ru\r\n" in client.get("/cite/ris/?of=/ru/states/KAZ/").content.decode()
    assert "langid = {russian}" in client.get("/cite/bibtex/?of=/ru/states/KAZ/").content.decode()
