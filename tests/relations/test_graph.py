"""Memberships as a graph: as networkx opens it, whatever stands in a name."""

from io import BytesIO
from xml.etree import ElementTree

import networkx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.models import Revision
from tests.core.test_citing import HOSTILE
from tests.factories import membership, organization, state

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/graph/"
READERS = {"graphml": networkx.read_graphml, "gexf": networkx.read_gexf}
TYPES = {"graphml": "application/graphml+xml", "gexf": "application/gexf+xml"}


@pytest.fixture
def china():
    return state("CHN", name_en="China", name_kk="Қытай", name_ru="Китай")


@pytest.fixture
def sco():
    return organization(
        slug="sco", name_en="Shanghai Co-operation Organization", abbreviation="SCO", kind="alliance"
    )


def read(client, form, **parameters):
    answer = client.get(ADDRESS, {"format": form, **parameters})
    assert (answer.status_code, answer["Content-Type"]) == (200, TYPES[form])
    return READERS[form](BytesIO(answer.content))


def edges(graph):
    return {values["slug"]: values for _source, _target, values in graph.edges(data=True)}


@pytest.mark.parametrize("form", READERS)
def test_all_memberships_with_their_spans(client, china, sco, form):
    row = membership(
        slug="chn-sco",
        member_state=china,
        organization=sco,
        founder=True,
        start="[1996..2001]",
        end="..",
        attested="2015",
    )
    graph = read(client, form)
    assert not graph.is_directed()
    nodes = {
        name: {key: value for key, value in node.items() if key != "label"}
        for name, node in graph.nodes(data=True)
    }
    assert nodes == {
        "state:CHN": {
            "bipartite": 0,
            "type": "state",
            "kind": "sovereign",
            "name": "China",
            "name_kk": "Қытай",
            "name_ru": "Китай",
            "code": "CHN",
            "url": "http://testserver/states/CHN/",
        },
        "organization:sco": {
            "bipartite": 1,
            "type": "organization",
            "kind": "alliance",
            "name": "Shanghai Co-operation Organization",
            "abbreviation": "SCO",
            "slug": "sco",
            "url": "http://testserver/organizations/sco/",
        },
    }
    ((source, target, values),) = graph.edges(data=True)
    assert {source, target} == {"state:CHN", "organization:sco"}
    expected = {
        "slug": "chn-sco",
        "status": "member",
        "founder": True,
        "start": "[1996..2001]",
        "end": "..",
        "attested": "2015",
        "basis": "stated",
        "url": f"http://testserver{row.get_absolute_url()}",
    }
    assert expected.items() <= values.items() and "holds" not in values
    assert set(values) - set(expected) <= {"id", "label"}


@pytest.mark.parametrize("form", READERS)
def test_as_of_a_day(client, china, sco, form):
    membership(slug="certain", member_state=china, organization=sco, start="1996", end="..", attested="2015")
    membership(slug="possible", member_state=state(), organization=sco, start="[2010..2014]")
    membership(slug="over", member_state=state("USA"), organization=sco, start="1996", end="2001")
    membership(slug="to-come", member_state=state("DEU"), organization=sco, start="2013")
    graph = read(client, form, as_of="2012-07-01")
    holds = {slug: values["holds"] for slug, values in edges(graph).items()}
    assert holds == {"certain": "certain", "possible": "possible"}
    assert len(graph) == 3 and "state:USA" not in graph


@pytest.mark.parametrize("form", READERS)
def test_state_that_was_first_one_and_then_the_other_has_two_edges(client, china, sco, form):
    for standing in ("observer", "member"):
        membership(slug=standing, member_state=china, organization=sco, standing=standing)
    graph = read(client, form)
    assert {slug: values["status"] for slug, values in edges(graph).items()} == {
        "observer": "observer",
        "member": "member",
    }
    assert graph.is_multigraph() and len(graph) == 2


@pytest.mark.parametrize("form", READERS)
def test_it_has_two_kinds_of_nodes_and_none_that_is_not_public(client, china, sco, form):
    membership(slug="shown", member_state=china, organization=sco)
    membership(slug="of-an-organization", member_organization=organization(slug="eu"), organization=sco)
    membership(slug="draft", member_state=state("USA"), organization=sco, status="draft")
    membership(slug="of-a-draft", member_state=state("DEU", status="draft"), organization=sco)
    membership(
        slug="in-a-draft", member_state=china, organization=organization(slug="no", status="withdrawn")
    )
    graph = read(client, form)
    assert set(graph) == {"state:CHN", "organization:sco"} and set(edges(graph)) == {"shown"}
    assert networkx.is_bipartite(graph)


@pytest.mark.exhaustive
@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name(client, china, sco, form, name):
    name = name.replace("\x00", "") + "]]>\x01\ufffe\U0001f4a9\t"
    sco.name_en = name
    sco.save()
    membership(member_state=china, organization=sco)
    found = read(client, form).nodes["organization:sco"]["name"]
    assert found.replace("\r\n", "\n") == in_xml(name).replace("\r\n", "\n")


def in_xml(text):
    kept = "\t\n\r"
    return "".join(
        char if char in kept or (char >= " " and char not in "\ufffe\uffff") else "\ufffd" for char in text
    )


@pytest.mark.parametrize("form", READERS)
def test_nothing_to_show_is_a_graph_too(client, form):
    assert len(read(client, form)) == 0


def test_it_says_of_what_it_is(client, china, sco):
    membership(member_state=china, organization=sco)
    about = read(client, "graphml", as_of="2012").graph
    revision = str(Revision.objects.current())
    assert {name: about[name] for name in ("database", "revision", "as_of")} == {
        "database": "kzforeign",
        "revision": revision,
        "as_of": "2012",
    }
    top = ElementTree.fromstring(client.get(f"{ADDRESS}?format=gexf&as_of=2012").content)
    told = top.findtext("{*}meta/{*}description")
    assert (
        told == f"Memberships of states in organizations: database kzforeign, revision {revision}, as_of 2012"
    )


def test_default_is_graphml_whatever_is_accepted(client):
    for accept in ("*/*", "application/xml", "text/html", "application/json"):
        answer = client.get(ADDRESS, headers={"Accept": accept})
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/graphml+xml")
        assert answer["Content-Disposition"] == 'attachment; filename="memberships.graphml"'
        assert answer["Access-Control-Allow-Origin"] == "*" and answer["ETag"]
    answer = client.get(f"{ADDRESS}?format=gexf&as_of=2012-07-01")
    assert answer["Content-Disposition"] == 'attachment; filename="memberships-2012-07-01.gexf"'


def test_it_is_the_same_each_time(client, china, sco):
    for number in range(3):
        membership(slug=f"m{number}", member_state=state(), organization=sco)
    assert client.get(ADDRESS).content == client.get(ADDRESS).content


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        ("format=json", "format", "This format is not known here. Allowed: graphml, gexf."),
        ("format=", "format", "This format is not known here. Allowed: graphml, gexf."),
        ("as_of=", "as_of", "It has no value. Give it one or leave it out."),
        ("as_of=2012&as_of=2013", "as_of", "Give it once."),
        ("as_of=199X", "as_of", "Ask for a day, a month or a year: 2012-07-01, 2012-07 or 2012."),
        ("state=CHN", "state", "There is no such parameter here."),
    ],
)
def test_wrong_parameters(client, query, parameter, detail):
    answer = client.get(f"{ADDRESS}?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    (fault,) = answer.json()["errors"]
    assert (fault["parameter"], fault["detail"]) == (parameter, detail)


def test_it_takes_as_many_queries_for_20_as_for_2(client, sco):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{ADDRESS}?as_of=2012").status_code == 200
        return len(captured)

    for _ in range(2):
        membership(member_state=state(), organization=sco)
    few = queries()
    for _ in range(18):
        membership(member_state=state())
    assert queries() == few


def test_a_graph_that_is_too_large_is_refused(client, china, monkeypatch):
    """It is in memory as a whole, and anybody may ask for it."""
    monkeypatch.setattr("apps.relations.graph.MOST_EDGES", 2)
    membership(member_state=china, start="1992", end="2001")
    membership(member_state=china, start="2002", end="..")
    assert client.get(ADDRESS).status_code == 200
    membership(member_state=china, start="2003", end="..")
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"] == (
        "This graph has more than 2 memberships, which is the most that one answer holds. "
        "Ask for a day (as_of), or take them as a table (/api/v1/memberships/?format=csv)."
    )
    assert client.get(ADDRESS, {"as_of": "1995"}).status_code == 200
