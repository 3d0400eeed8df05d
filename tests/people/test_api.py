import pytest

from tests import factories

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
PERSON = {
    "slug": "nazarbayev",
    "name": "Nursultan Nazarbayev",
    "names": {"en": "Nursultan Nazarbayev", "kk": None, "ru": "Нурсултан Назарбаев"},
    "basis": "stated",
    "note": "",
    "citations": [],
    "url": f"{SITE}/api/v1/people/nazarbayev/",
    "html_url": f"{SITE}/people/nazarbayev/",
}


@pytest.fixture
def nazarbayev():
    return factories.person(
        slug="nazarbayev",
        name_en="Nursultan Nazarbayev",
        name_ru="Нурсултан Назарбаев",
        aliases="Nazarbaev",
        wikidata_id="Q57274",
    )


def test_person_list(client, nazarbayev):
    factories.person(status="draft")
    answer = client.get("/api/v1/people/").json()
    assert answer == {"count": 1, "count_is": "exact", "next": None, "previous": None, "results": [PERSON]}


def test_person_detail(client, nazarbayev):
    assert client.get("/api/v1/people/nazarbayev/").json() == PERSON | {
        "aliases": ["Nazarbaev"],
        "wikidata_id": "Q57274",
    }


def test_people_of_a_state(client):
    state = factories.state("QQQ")
    factories.office(holder_person=factories.person(slug="in-office"), body_state=state)
    abroad = factories.organization()
    factories.office(
        holder_person=factories.person(slug="official"), body_organization=abroad, from_state=state
    )
    factories.visit(visitor=factories.person(slug="visitor"), sent_by_state=state)
    factories.visit(visitor=factories.person(slug="guest"), host=state)
    factories.office(holder_person=factories.person(slug="unpublished"), body_state=state, status="draft")
    answer = client.get("/api/v1/people/?state=QQQ").json()
    assert [row["slug"] for row in answer["results"]] == ["in-office", "official", "visitor"]


def test_people_by_name(client, nazarbayev):
    factories.person(slug="aaa", name_en="Zebra")
    for query, slugs in {
        "q=НАЗАРБАЕВ": ["nazarbayev"],
        "q=nazarbaev": ["nazarbayev"],
        "ordering=name": ["nazarbayev", "aaa"],
        "": ["aaa", "nazarbayev"],
    }.items():
        assert [row["slug"] for row in client.get(f"/api/v1/people/?{query}").json()["results"]] == slugs
