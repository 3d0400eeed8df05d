"""What pages and the API say in JSON-LD: the same, true to the dates, of nothing that is not public, and safely."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core.dates import PartialDate
from apps.core.jsonld import dated, embedded, interval, iso
from apps.core.models import Entry
from apps.core.views import Described
from kzforeign.api import ROUTES
from tests import factories
from tests.core.test_api import rename
from tests.core.test_citing import HOSTILE
from tests.core.world import world

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


@pytest.fixture(autouse=True)
def focus(db):
    return factories.state("KAZ", name_en="Kazakhstan")


class Scripts(HTMLParser):
    """The scripts in a page as a browser finds them, each with its attributes, and the names of its elements.

    Those that it only names, such as the one behind the search, are no part of it.
    """

    def __init__(self):
        super().__init__()
        self.found, self.names = [], []

    def handle_starttag(self, tag, attrs):
        if "src" in dict(attrs):
            return
        self.names.append(tag)
        if tag == "script":
            self.found.append([dict(attrs), ""])

    def handle_data(self, data):
        if self.get_starttag_text() and self.lasttag == "script" and self.cdata_elem == "script":
            self.found[-1][1] += data


def on_page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    scripts = Scripts()
    scripts.feed(response.content.decode())
    ((attributes, text),) = scripts.found
    assert attributes == {"type": "application/ld+json"}
    return json.loads(text)


def in_api(client, row):
    answer = client.get(row.api_url, {"format": "jsonld"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/ld+json")
    return answer.json()


def of(row, kind, name, path=None):
    """What points at a row of the given type."""
    if isinstance(name, dict):
        name = [{"@value": text, "@language": language} for language, text in name.items()]
    return {"@type": kind, "@id": f"{SITE}{path or row.get_absolute_url()}#entry", "name": name}


DATASET = {"@type": "Dataset", "@id": f"{SITE}/#dataset", "name": "kzforeign", "url": f"{SITE}/"}


def page_of(row, path=None, **besides):
    return {
        "@type": "WebPage",
        "url": f"{SITE}{path or row.get_absolute_url()}",
        "inLanguage": "en",
        "isPartOf": DATASET,
        "dateModified": row.updated_at.date().isoformat(),
        **besides,
    }


def is_described(client, row, kind, name, page, **properties):
    """The whole of what the page and the API say of it."""
    expected = {"@context": "https://schema.org/"} | of(row, kind, name) | properties | {"subjectOf": page}
    assert in_api(client, row) == expected
    assert on_page(client, row.get_absolute_url()) == expected


# Dates.


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1993", {"startDate": "1993"}),
        ("1993-02", {"startDate": "1993-02"}),
        ("1993-02-14", {"startDate": "1993-02-14"}),
        ("2012/2015-06", {"startDate": "2012", "endDate": "2015-06"}),
        ("2012/..", {"startDate": "2012"}),
        ("/2012", {"endDate": "2012"}),
        ("2012~/2015", {"endDate": "2015"}),
        *(
            (written, {})
            for written in ("", "1993?", "1993~", "1993-02%", "199X", "2001-23", "[2008,2010]", "..")
        ),
        *((written, {}) for written in ("[1992..1997]", "[1992..]", "[..2007-04]")),
    ],
)
def test_date_is_said_as_precisely_as_it_is_known_or_not_at_all(written, said):
    assert dated(PartialDate.parse(written)) == said


def test_sides_of_an_interval():
    assert interval(PartialDate.parse("1992"), PartialDate.parse("..")) == "1992/.."
    assert interval(PartialDate.parse(""), PartialDate.parse("199X")) == "/199X"
    assert interval(PartialDate.parse(""), PartialDate.parse("")) == ""
    assert iso(PartialDate.parse("0988-08")) == "0988-08"


# Each kind.


def test_state(client):
    china = factories.state(
        "CHN",
        name_en="China",
        name_kk="Қытай",
        name_ru="Китай",
        aliases="PRC\nПХР",
        alpha2="CN",
        numeric="156",
        region="030",
        begin="1949-10-01",
        wikidata_id="Q148",
    )
    read = factories.source(title="A Text", slug="read")
    factories.cite(china, factories.passage(source=read))
    factories.cite(china, stance="contradicts", claim="1912")
    is_described(
        client,
        china,
        "Country",
        {"en": "China", "kk": "Қытай", "ru": "Китай"},
        page_of(china, temporalCoverage="1949-10-01/", citation=[of(read, "ScholarlyArticle", "A Text")]),
        alternateName=["PRC", "ПХР"],
        identifier=[
            {"@type": "PropertyValue", "propertyID": "ISO 3166-1 alpha-3", "value": "CHN"},
            {"@type": "PropertyValue", "propertyID": "ISO 3166-1 alpha-2", "value": "CN"},
            {"@type": "PropertyValue", "propertyID": "UN M49", "value": "156"},
        ],
        containedInPlace={"@type": "Place", "name": "Eastern Asia", "identifier": "030"},
        sameAs="http://www.wikidata.org/entity/Q148",
    )
    assert in_api(client, factories.state(kind="other"))["@type"] == "AdministrativeArea"


def test_person(client):
    ann = factories.person(name_en="Ann", name_ru="Анна", aliases="Annie", wikidata_id="Q1")
    is_described(
        client,
        ann,
        "Person",
        {"en": "Ann", "ru": "Анна"},
        page_of(ann),
        alternateName=["Annie"],
        sameAs="http://www.wikidata.org/entity/Q1",
    )


def test_organization(client):
    seat = factories.place(slug="here", name_en="Here")
    whole = factories.organization(name_en="Whole")
    row = factories.organization(
        name_en="Part", abbreviation="P", parent=whole, seat=seat, founded="[1992..1997]", dissolved="2001-05"
    )
    is_described(
        client,
        row,
        "Organization",
        {"en": "Part"},
        page_of(row, temporalCoverage="[1992..1997]/2001-05"),
        alternateName=["P"],
        dissolutionDate="2001-05",
        location=of(seat, "Place", {"en": "Here"}, "/api/v1/places/here/"),
        parentOrganization=of(whole, "Organization", {"en": "Whole"}),
    )
    assert in_api(client, factories.organization(kind="company"))["@type"] == "Corporation"
    assert in_api(client, factories.organization(kind="ministry"))["@type"] == "GovernmentOrganization"


def test_place(client):
    china = factories.state("CHN", name_en="China")
    row = factories.place(slug="urumqi", name_en="Ürümqi", name_kk="Үрімжі", state=china, aliases="Urumchi")
    address = "/api/v1/places/urumqi/"
    assert client.get(f"{address}?format=jsonld").json() == {
        "@context": "https://schema.org/",
        **of(None, "Place", {"en": "Ürümqi", "kk": "Үрімжі"}, address),
        "alternateName": ["Urumchi"],
        "containedInPlace": of(china, "Country", {"en": "China"}),
        "subjectOf": page_of(row, address),
    }


def test_membership(client):
    china, sco = factories.state("CHN", name_en="China"), factories.organization(name_en="SCO")
    row = factories.membership(
        member_state=china, organization=sco, standing="observer", start="1996", end="..", attested="2015"
    )
    is_described(
        client,
        row,
        "OrganizationRole",
        "China, observer of SCO",
        page_of(row, temporalCoverage="1996/..", description="since 1996, last attested 2015"),
        roleName="observer",
        member=of(china, "Country", {"en": "China"}),
        memberOf=of(sco, "Organization", {"en": "SCO"}),
        startDate="1996",
    )


def test_office(client, focus):
    ann = factories.person(name_en="Ann")
    row = factories.office(
        holder_person=ann,
        body_state=focus,
        title="Premier",
        start="[..2007-04]",
        end="2008-01-10",
        basis="inferred",
        note="From the rest.",
    )
    is_described(
        client,
        row,
        "OrganizationRole",
        "Ann, Premier, Kazakhstan",
        page_of(
            row,
            temporalCoverage="[..2007-04]/2008-01-10",
            description="began April 2007 or earlier; ended 10 January 2008. Inferred: From the rest.",
        ),
        roleName="Premier",
        member=of(ann, "Person", {"en": "Ann"}),
        memberOf={
            "@type": "GovernmentOrganization",
            "areaServed": of(focus, "Country", {"en": "Kazakhstan"}),
        },
        endDate="2008-01-10",
    )


def test_visit(client, focus):
    china = factories.state("CHN", name_en="China")
    ann, bob = factories.person(name_en="Ann"), factories.person(name_en="Bob")
    there = factories.place(slug="xian", name_en="Xi'an", state=china)
    summit = factories.event(title="A summit")
    row = factories.visit(
        visitor=ann,
        sent_by_state=focus,
        host=china,
        places=[there],
        met=[bob, factories.person(status="draft")],
        date="1993-02",
        kind="state",
        occasion="A jubilee",
        event=summit,
    )
    pact = factories.agreement(title="A pact", concluded_during=row)
    places = [
        of(china, "Country", {"en": "China"}),
        of(there, "Place", {"en": "Xi'an"}, "/api/v1/places/xian/"),
    ]
    is_described(
        client,
        row,
        ["Event", "TravelAction"],
        "Ann to China, February 1993",
        page_of(row, temporalCoverage="1993-02", description="February 1993"),
        description="A jubilee",
        keywords="state visit",
        agent=of(ann, "Person", {"en": "Ann"}),
        participant=[of(bob, "Person", {"en": "Bob"})],
        toLocation=places,
        location=places,
        superEvent=of(summit, "Event", "A summit"),
        result=[of(pact, "Legislation", "A pact")],
        startDate="1993-02",
    )


def test_event(client, focus):
    there = factories.place(slug="here", name_en="Here")
    ann, sco = factories.person(name_en="Ann"), factories.organization(name_en="SCO")
    row = factories.event(
        [focus, factories.state("CHN", status="draft")],
        title="A summit",
        place=there,
        date="2005-07?",
        summary="They met.",
    )
    factories.participant(event=row, participant_state=focus, role="host")
    factories.participant(event=row, participant_organization=sco, role="organizer")
    factories.participant(event=row, participant_person=ann, role="speaker")
    factories.participant(event=row, participant_state=factories.state("USA"), role="absent")
    factories.participant(event=row, participant_state=factories.state("DEU"), role="invited")
    is_described(
        client,
        row,
        "Event",
        "A summit",
        page_of(row, temporalCoverage="2005-07?", description="perhaps July 2005"),
        description="They met.",
        keywords="summit",
        location=of(there, "Place", {"en": "Here"}, "/api/v1/places/here/"),
        attendee=[of(focus, "Country", {"en": "Kazakhstan"})],
        organizer=[of(sco, "Organization", {"en": "SCO"})],
        performer=[of(ann, "Person", {"en": "Ann"})],
    )


def test_succession(client):
    old, new = factories.organization(name_en="Old"), factories.organization(name_en="New")
    row = factories.succession(predecessor=old, successor=new, date="2001-06-15")
    is_described(
        client,
        row,
        "Event",
        "Old was renamed New",
        page_of(row, temporalCoverage="2001-06-15", description="15 June 2001"),
        about=[of(old, "Organization", {"en": "Old"}), of(new, "Organization", {"en": "New"})],
        startDate="2001-06-15",
    )


def test_agreement(client, focus):
    there, other = factories.place(slug="here", name_en="Here"), factories.agreement(title="Before")
    row = factories.agreement(
        [focus],
        title="A treaty",
        signed="1994-04-26",
        in_force="1995",
        place=there,
        subjects=[factories.subject(name_en="borders")],
    )
    factories.link(agreement=row, other=other, kind="amends")
    factories.link(agreement=row, other=factories.agreement(), kind="replaces")
    factories.link(agreement=row, other=factories.agreement(status="draft"), kind="extends")
    shared = {
        "creator": [of(focus, "Country", {"en": "Kazakhstan"})],
        "locationCreated": of(there, "Place", {"en": "Here"}, "/api/v1/places/here/"),
        "keywords": ["borders"],
        "isBasedOn": [of(other, "Legislation", "Before")],
    }
    page = {"temporalCoverage": "1994-04-26", "description": "26 April 1994"}
    is_described(
        client,
        row,
        "Legislation",
        "A treaty",
        page_of(row, **page),
        **shared,
        legislationType="treaty",
        legislationDate="1994-04-26",
        legislationDateOfApplicability="1995",
    )
    row.kind = "loan"
    row.save()
    is_described(
        client,
        row,
        "CreativeWork",
        "A treaty",
        page_of(row, **page),
        **shared,
        genre="loan",
        dateCreated="1994-04-26",
    )


def test_project(client, focus):
    row = factories.project(
        [focus], title="A pipeline", stage="agreed", start="1996~", end="2001", summary="It carries oil."
    )
    factories.project_party(project=row, party_state=factories.state("USA"), role="opponent")
    is_described(
        client,
        row,
        "Project",
        "A pipeline",
        page_of(row, temporalCoverage="1996~/2001", description="about 1996 to 2001"),
        description="It carries oil.",
        keywords=["pipeline", "agreed"],
        member=[of(focus, "Country", {"en": "Kazakhstan"})],
        dissolutionDate="2001",
    )


def test_figure(client, focus):
    china = factories.state("CHN", name_en="China")
    money = {"measure": "trade_volume", "unit": "money", "currency": "USD", "value": "27000000000"}
    row = factories.figure(
        title="Trade",
        of_state=focus,
        with_state=china,
        comparison="more_than",
        date="2010",
        target=True,
        according_to="official estimate",
        **money,
    )
    is_described(
        client,
        row,
        "Observation",
        "Trade",
        page_of(row, temporalCoverage="2010", description="2010"),
        description="more than 27,000,000,000 US dollars, an aim, not a result, official estimate",
        observationAbout=[of(focus, "Country", {"en": "Kazakhstan"}), of(china, "Country", {"en": "China"})],
        variableMeasured="trade volume",
        observationDate="2010",
        unitText="USD",
        minValue=27_000_000_000,
    )
    length = in_api(client, factories.figure(value="7500.5", unit="km", comparison="exactly", date="2010?"))
    assert (length["value"], length["unitCode"], length["unitText"]) == ("7500.5", "KMT", "kilometres")
    assert "observationDate" not in length
    assert in_api(client, factories.figure(comparison="up_to", value=5))["maxValue"] == 5


def test_source(client):
    row = factories.source(
        title="A Text",
        authors="Doe, Jane; The Bureau",
        container="Proceedings",
        publisher="A Press",
        date="[2015..]",
        url="https://example.org/a",
        archived_url="https://archive.example/a",
    )
    is_described(
        client,
        row,
        "ScholarlyArticle",
        "A Text",
        page_of(row, description="Published 2015 or later ([2015..])"),
        author=[
            {"@type": "Person", "name": "Jane Doe", "familyName": "Doe", "givenName": "Jane"},
            {"name": "The Bureau"},
        ],
        isPartOf={"@type": "CreativeWork", "name": "Proceedings"},
        publisher={"@type": "Organization", "name": "A Press"},
        inLanguage="en",
        url="https://example.org/a",
        archivedAt="https://archive.example/a",
    )
    assert in_api(client, factories.source(date="2013-05"))["datePublished"] == "2013-05"


def test_database(client, focus):
    read = factories.source(title="A Text")
    described = on_page(client, "/")
    assert described.items() >= DATASET.items()
    assert re.fullmatch("r[1-9][0-9]*", described["version"])
    assert described["creditText"].startswith("kzforeign, “Kazakhstan and the world”, revision r")
    assert described["isBasedOn"] == [of(read, "ScholarlyArticle", "A Text")]
    assert described["spatialCoverage"] == of(focus, "Country", {"en": "Kazakhstan"})


# All kinds.


@pytest.mark.exhaustive
def test_page_and_api_say_the_same_of_every_kind(client):
    for row in world():
        found = in_api(client, row)
        assert on_page(client, row.get_absolute_url()) == found
        assert found["@id"] == f"{SITE}{row.get_absolute_url()}#entry"


@pytest.mark.exhaustive
def test_what_is_not_public_is_not_named(client):
    """Each kind among others of which none is published."""
    entries = world()
    for kind in Entry.__subclasses__():
        if kind.title_parts:  # Such an entry is public no more than they are.
            continue
        with transaction.atomic():
            for other in {*Entry.__subclasses__()} - {kind}:
                rename(other)
            for entry in entries:
                if type(entry) is kind:
                    assert "SECRET" not in json.dumps(in_api(client, entry)), entry
                    # The page of a state needs the focal one, which is of its own kind.
                    assert "SECRET" not in json.dumps(on_page(client, entry.get_absolute_url())), entry
            transaction.set_rollback(True)


def test_drafts_are_not_there(client):
    draft = factories.person(status="draft")
    answer = client.get(draft.api_url, {"format": "jsonld"})
    assert answer.status_code == 404
    assert answer.json()["detail"] == f"There is no published person with the slug “{draft.slug}”."


@pytest.mark.exhaustive
@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_title_stays_within_its_script(client, title):
    title = title.replace("\x00", "")
    row = factories.event(title=title, summary=f"<!-- <script> {title}")
    plain = Scripts()
    plain.feed(client.get(factories.event(title="Plain", summary="x").get_absolute_url()).content.decode())
    found = Scripts()
    found.feed(client.get(row.get_absolute_url()).content.decode())
    # As many elements of each name as on a page with a plain title.
    assert [name for name in found.names if name == "script"] == ["script"]
    assert sorted(set(found.names)) == sorted(set(plain.names))
    assert on_page(client, row.get_absolute_url())["name"] == title
    assert in_api(client, row)["name"] == title


def test_embedded_text_holds_nothing_that_ends_a_script():
    text = embedded({"name": "</script><!--<script>&amp;\u2028\u2029 ә"})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["name"] == "</script><!--<script>&amp;\u2028\u2029 ә"
    assert "ә" in text


@pytest.mark.once
@pytest.mark.exhaustive
def test_it_costs_a_page_no_query(client, monkeypatch):
    rows = world()

    def queries():
        counts = []
        for row in rows:
            with CaptureQueriesContext(connection) as captured:
                client.get(row.get_absolute_url())
            counts.append((row._meta.model_name, len(captured)))
        return counts

    whole = queries()
    monkeypatch.setattr(
        Described,
        "get_context_data",
        lambda self, **kwargs: super(Described, self).get_context_data(**kwargs),
    )
    assert queries() == whole


@pytest.mark.parametrize("prefix", ROUTES)
def test_unknown_format_is_refused(client, prefix):
    answer = client.get(f"/api/v1/{prefix}/QQQ/?format=xml")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"] == [
        {
            "parameter": "format",
            "value": "xml",
            "detail": "This format is not known here. Allowed: json, jsonld.",
            "allowed": ["json", "jsonld"],
        }
    ]


@pytest.mark.parametrize(
    "query", ["format=", "format=jsonld&format=xml", "format=JSONLD", "format=jsonld&x=1"]
)
def test_wrong_parameters(client, query):
    assert client.get(f"/api/v1/states/KAZ/?{query}").status_code == 400


def test_lists_have_no_such_format(client):
    assert client.get("/api/v1/states/?format=jsonld").status_code == 400


def test_the_page_that_speaks_of_it_is_the_one_in_the_readers_language(client, focus):
    """What it speaks of is the same, whatever the language."""
    english, russian = (on_page(client, f"{prefix}{focus.get_absolute_url()}") for prefix in ("", "/ru"))
    page = english.pop("subjectOf")
    same = page | {"url": f"{SITE}/ru{focus.get_absolute_url()}", "inLanguage": "ru"}
    assert russian.pop("subjectOf") == same
    assert russian == english
