import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.names import named, titled

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
API = f"{SITE}/api/v1"


def slugs(client, query):
    answer = client.get(f"/api/v1/figures/?{query}").json()
    return [row["slug"] for row in answer["results"]]


@pytest.fixture
def states():
    return {code: factories.state(code, name_en=code.title()) for code in ("KAZ", "CHN", "TUR")}


@pytest.fixture
@factories.at_once
def figure(states):
    return factories.figure(
        slug="trade-2010",
        title="Trade",
        measure="trade_volume",
        comparison="more_than",
        value="27000000000.50",
        unit="money",
        currency="USD",
        approximate=True,
        total=True,
        target=True,
        date="2010",
        according_to="official estimate",
        of_state=states["KAZ"],
        with_state=states["CHN"],
        event=factories.event(slug="summit", title="Summit"),
        project=factories.project(slug="pipeline", title="Pipeline"),
        agreement=factories.agreement(slug="oil", title="Oil Agreement"),
    )


FIGURE = {
    "slug": "trade-2010",
    "title": "Trade",
    "measure": "trade_volume",
    "comparison": "more_than",
    "value": "27000000000.5",
    "unit": "money",
    "currency": "USD",
    "approximate": True,
    "target": True,
    "total": True,
    "date": {"edtf": "2010", "earliest": "2010-01-01", "latest": "2010-12-31"},
    "according_to": "official estimate",
    "of": named(f"{API}/states/KAZ/", "Kaz", code="KAZ"),
    "with": named(f"{API}/states/CHN/", "Chn", code="CHN"),
    "event": titled(f"{API}/events/summit/", "Summit", slug="summit"),
    "project": titled(f"{API}/projects/pipeline/", "Pipeline", slug="pipeline"),
    "agreement": titled(f"{API}/agreements/oil/", "Oil Agreement", slug="oil"),
    "basis": "stated",
    "note": "",
    "citations": [],
    "url": f"{API}/figures/trade-2010/",
    "html_url": f"{SITE}/figures/trade-2010/",
}


def test_figure(client, figure):
    assert client.get("/api/v1/figures/trade-2010/").json() == FIGURE
    answer = client.get("/api/v1/figures/").json()
    assert answer == {"count": 1, "count_is": "exact", "next": None, "previous": None, "results": [FIGURE]}


def test_figure_of_an_organization_of_which_little_is_known(client):
    union = factories.organization(slug="sco", name_en="SCO")
    factories.figure(slug="x", of_organization=union)
    answer = client.get("/api/v1/figures/x/").json()
    assert answer["of"] == named(f"{API}/organizations/sco/", "SCO", slug="sco")
    for name in ("date", "with", "event", "project", "agreement"):
        assert answer[name] is None


@pytest.mark.parametrize(
    ("value", "text"), [("300", "300"), ("0", "0"), ("1.25", "1.25"), ("27e12", "27" + "0" * 12)]
)
def test_value_is_in_full_without_needless_zeros(client, value, text):
    factories.figure(slug="x", value=value)
    assert client.get("/api/v1/figures/x/").json()["value"] == text


@pytest.mark.parametrize("name", ["event", "project", "agreement"])
def test_figure_does_not_name_what_is_unpublished(client, name):
    hidden = getattr(factories, name)(slug="secret", status="draft")
    factories.figure(slug="x", **{name: hidden})
    for address in ("/api/v1/figures/x/", "/api/v1/figures/"):
        assert "secret" not in client.get(address).content.decode()
    assert client.get("/api/v1/figures/x/").json()[name] is None


@pytest.mark.parametrize("side", ["of_state", "of_organization", "with_state", "with_organization"])
def test_figure_of_who_is_unpublished_is_not_there(client, side):
    make = getattr(factories, side.partition("_")[2])
    factories.figure(slug="x", **{side: make(status="withdrawn")})
    assert client.get("/api/v1/figures/x/").status_code == 404
    assert slugs(client, "") == []


@pytest.mark.parametrize(
    ("as_of", "holds"), [("2009", None), ("2010-07-15", "possible"), ("2010", "certain")]
)
def test_figures_as_of_a_day_are_those_dated_by_then(client, figure, as_of, holds):
    answer = client.get(f"/api/v1/figures/?as_of={as_of}").json()
    assert answer["results"] == ([FIGURE | {"holds": holds}] if holds else [])


def test_figures_by_whose_they_are(client, figure, states):
    union = factories.organization(slug="sco")
    factories.figure(slug="back", of_state=states["CHN"], with_state=states["KAZ"], date="2009")
    factories.figure(slug="alone", of_state=states["KAZ"], date="2008")
    factories.figure(slug="union", of_state=states["TUR"], with_organization=union, date="2007")
    factories.figure(slug="of-union", of_organization=union, date="2006")
    assert slugs(client, "state=KAZ") == ["trade-2010", "back", "alone"]
    assert slugs(client, "state=KAZ&counterpart=CHN") == ["trade-2010", "back"]
    assert slugs(client, "state=CHN&counterpart=KAZ") == ["trade-2010", "back"]
    assert slugs(client, "state=TUR&counterpart=CHN") == []
    assert slugs(client, "organization=sco") == ["union", "of-union"]


def test_figures_by_measure_aim_title_basis_and_time(client):
    factories.figure(
        slug="a",
        measure="loan",
        title="Über Öl",
        date="1994",
        target=True,
        basis="inferred",
        note="So.",
    )
    factories.figure(slug="b", measure="area", title="An Area", date="")
    assert slugs(client, "measure=loan") == slugs(client, "q=uber") == slugs(client, "target=yes") == ["a"]
    assert slugs(client, "basis=inferred") == ["a"]
    assert slugs(client, "target=no") == slugs(client, "year=1993") == slugs(client, "from=1995") == ["b"]
    assert slugs(client, "to=1994") == slugs(client, "ordering=-date") == ["a", "b"]
    assert slugs(client, "ordering=date") == slugs(client, "ordering=title") == ["b", "a"]
    assert slugs(client, "ordering=-title") == ["a", "b"]


def test_wrong_values_are_named(client, states, subtests):
    for query, wrong in [
        ("measure=royal", ["measure"]),
        ("target=perhaps", ["target"]),
        ("state=QQQ", ["state"]),
        ("counterpart=KAZ", ["counterpart"]),
        ("state=KAZ&counterpart=QQQ", ["counterpart"]),
        ("organization=nothing", ["organization"]),
        ("year=93", ["year"]),
        ("from=2001-02-29", ["from"]),
        ("as_of=x", ["as_of"]),
        ("ordering=value", ["ordering"]),
        ("kind=summit&measure=royal", ["kind", "measure"]),
    ]:
        with subtests.test(query=query):
            answer = client.get(f"/api/v1/figures/?{query}")
            assert answer.status_code == 400
            assert [error["parameter"] for error in answer.json()["errors"]] == wrong


@factories.at_once
def fill(number):
    for _ in range(number):
        row = factories.figure(
            with_organization=factories.organization(),
            event=factories.event(),
            project=factories.project(),
            agreement=factories.agreement(),
            date="1994",
        )
        factories.cite(row)


@pytest.mark.once
def test_list_costs_the_same_queries_for_two_rows_and_for_twenty(client):
    counts = {}
    for number in (2, 18):
        fill(number)
        with CaptureQueriesContext(connection) as captured:
            found = client.get("/api/v1/figures/?as_of=1994").json()["results"]
        counts[len(found)] = len(captured)
    assert counts.keys() == {2, 20}
    assert counts[2] == counts[20] < 9
