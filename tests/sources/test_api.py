import pytest

from tests import factories
from tests.names import named, titled

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


@pytest.fixture
@factories.at_once
def source():
    source = factories.source(
        slug="akiner",
        title="A Policy",
        authors="Akiner, Shirin; Other, An",
        container="A Journal",
        date="2011-05",
        url="https://example.org/a",
        accessed="2026-01-31",
    )
    factories.passage(source=source, anchor="p-1", position=1, paragraph=1, research="encoded")
    factories.passage(source=source, anchor="p-2", position=2, paragraph=2, section="Part", page="7")
    factories.passage(
        source=source, anchor="p-3", position=3, paragraph=None, page="9", research="nothing", reason="Notes."
    )
    return source


SUMMARY = {
    "slug": "akiner",
    "kind": "article",
    "title": "A Policy",
    "authors": ["Akiner, Shirin", "Other, An"],
    "container": "A Journal",
    "publisher": "",
    "date": {"edtf": "2011-05", "earliest": "2011-05-01", "latest": "2011-05-31"},
    "original_url": "https://example.org/a",
    "archived_url": "",
    "accessed": "2026-01-31",
    "language": "en",
    "note": "",
    "passage_count": 3,
    "encoded_count": 1,
    "nothing_count": 1,
    "open_count": 1,
    "url": f"{SITE}/api/v1/sources/akiner/",
    "html_url": f"{SITE}/sources/akiner/",
}


def test_source_list(client, source):
    answer = client.get("/api/v1/sources/").json()
    assert answer == {"count": 1, "count_is": "exact", "next": None, "previous": None, "results": [SUMMARY]}


def test_source_detail_has_its_passages_in_order_with_what_rests_on_them(client, source):
    first, second, third = source.passages.order_by("position")
    state, visit = factories.state("CHN", name_en="China"), factories.visit(slug="a-visit")
    factories.cite(state, first)
    factories.cite(state, first, field="begin", stance="contradicts", claim="Otherwise.")
    factories.cite(visit, second, field="date")
    factories.cite(factories.person(status="draft"), second)

    answer = client.get("/api/v1/sources/akiner/").json()

    passages, coverage, conflicts = (answer.pop(name) for name in ("passages", "coverage", "conflicts"))
    assert answer == SUMMARY
    assert coverage["passages"] == {"total": 3, "encoded": 1, "nothing": 1, "open": 1}
    assert coverage["entries"]["by_kind"] == {"state": 1, "visit": 1}
    assert [(row["entry"]["code"], row["field"]) for row in conflicts] == [("CHN", "begin")]
    assert passages == [
        {
            "anchor": "p-1",
            "locator": "¶\xa01",
            "section": "",
            "paragraph": 1,
            "page": "",
            "research": "encoded",
            "reason": "",
            "html_url": f"{SITE}/sources/akiner/#p-1",
            "counts": {"state": 1},
            "entries": [
                {
                    "kind": "state",
                    "entry": named(f"{SITE}/api/v1/states/CHN/", "China", code="CHN"),
                    "contradicts": True,
                }
            ],
        },
        {
            "anchor": "p-2",
            "locator": "Part, ¶\xa02",
            "section": "Part",
            "paragraph": 2,
            "page": "7",
            "research": "open",
            "reason": "",
            "html_url": f"{SITE}/sources/akiner/#p-2",
            "counts": {"visit": 1},
            "entries": [
                {
                    "kind": "visit",
                    "entry": titled(f"{SITE}/api/v1/visits/a-visit/", str(visit), slug="a-visit"),
                    "contradicts": False,
                }
            ],
        },
        {
            "anchor": "p-3",
            "locator": "p.\xa09",
            "section": "",
            "paragraph": None,
            "page": "9",
            "research": "nothing",
            "reason": "Notes.",
            "html_url": f"{SITE}/sources/akiner/#p-3",
            "counts": {},
            "entries": [],
        },
    ]


def test_sources_of_a_kind_in_an_order(client, source):
    factories.source(slug="b", kind="book", authors="Aaa", date="1999")
    factories.source(slug="c", authors="", date="")

    def slugs(query):
        return [row["slug"] for row in client.get(f"/api/v1/sources/?{query}").json()["results"]]

    assert slugs("") == ["c", "b", "akiner"]
    assert slugs("kind=book") == ["b"]
    assert slugs("ordering=-date") == ["akiner", "b", "c"]
