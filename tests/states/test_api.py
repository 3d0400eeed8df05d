import pytest

from tests import factories
from tests.names import named

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


@pytest.fixture
@factories.at_once
def russia():
    union = factories.state("SUN", name_en="Soviet Union", kind="former", ended="1991-12-26")
    russia = factories.state(
        "RUS",
        name_en="Russia",
        name_kk="Ресей",
        name_ru="Россия",
        aliases="Russian Federation",
        alpha2="RU",
        numeric="643",
        region="151",
        begin="1991-12",
        predecessor=union,
        wikidata_id="Q159",
        basis="inferred",
        note="Why.",
    )
    factories.cite(
        russia,
        factories.passage(
            source=factories.source(slug="akiner", authors="Akiner, Shirin", title="A Policy"),
            anchor="p-3",
            section="Part",
            paragraph=3,
        ),
        field="begin",
        note="Read so.",
    )
    return russia


RUSSIA = {
    "code": "RUS",
    "name": "Russia",
    "names": {"en": "Russia", "kk": "Ресей", "ru": "Россия"},
    "alpha2": "RU",
    "numeric": "643",
    "kind": "sovereign",
    "region": {"code": "151", "name": "Eastern Europe"},
    "begin": {"edtf": "1991-12", "earliest": "1991-12-01", "latest": "1991-12-31"},
    "ended": None,
    "basis": "inferred",
    "note": "Why.",
    "citations": [
        {
            "source": {
                "slug": "akiner",
                "name": "Akiner, A Policy",
                "names": None,
                "url": f"{SITE}/api/v1/sources/akiner/",
                "passage_url": f"{SITE}/sources/akiner/#p-3",
            },
            "locator": "Part, ¶\xa03",
            "field": "begin",
            "stance": "supports",
            "claim": "",
            "note": "Read so.",
        }
    ],
    "url": f"{SITE}/api/v1/states/RUS/",
    "html_url": f"{SITE}/states/RUS/",
}


def test_state_list(client, russia):
    answer = client.get("/api/v1/states/?kind=sovereign").json()
    assert answer == {"count": 1, "count_is": "exact", "next": None, "previous": None, "results": [RUSSIA]}


def test_state_detail(client, russia):
    factories.state("QQQ", predecessor=russia, name_en="Successor")
    factories.state("QQX", predecessor=russia, status="draft")
    assert client.get("/api/v1/states/RUS/").json() == RUSSIA | {
        "aliases": ["Russian Federation"],
        "predecessor": named(f"{SITE}/api/v1/states/SUN/", "Soviet Union", code="SUN"),
        "successors": [named(f"{SITE}/api/v1/states/QQQ/", "Successor", code="QQQ")],
        "wikidata_id": "Q159",
    }


def test_state_of_which_little_is_known(client):
    factories.state("QQQ", name_en="Nowhere", begin="[..1990]", ended="..")
    answer = client.get("/api/v1/states/QQQ/").json()
    assert answer["names"] == {"en": "Nowhere", "kk": None, "ru": None}
    assert answer["region"] is answer["predecessor"] is None
    assert answer["begin"] == {"edtf": "[..1990]", "earliest": None, "latest": "1990-12-31"}
    assert answer["ended"] == {"edtf": ".."}
    assert answer["aliases"] == answer["successors"] == answer["citations"] == []


def test_state_is_found_by_its_code_in_small_letters(client, russia):
    assert client.get("/api/v1/states/rus/").json()["url"] == f"{SITE}/api/v1/states/RUS/"


def test_states_of_a_region_in_an_order(client):
    for code, name, region in [("QQA", "Bravo", "143"), ("QQB", "Alpha", "143"), ("QQC", "Charlie", "151")]:
        factories.state(code, name_en=name, region=region)

    def codes(query):
        return [row["code"] for row in client.get(f"/api/v1/states/?{query}").json()["results"]]

    assert codes("region=143") == ["QQB", "QQA"]
    assert codes("ordering=-code&q=a") == ["QQC", "QQB", "QQA"]
    assert codes("q=ALPH") == ["QQB"]
    assert codes("basis=inferred") == []


@pytest.mark.parametrize(
    "code", ["XXX", "%D9%A1%D9%A2%D9%A3", "%F0%9F%92%A9%20%20", "ßßß", "%ED%A0%80", "a.b"]
)
def test_unknown_code(client, code):
    assert client.get(f"/api/v1/states/{code}/").status_code == 404


def test_walk_through_the_pages(client):
    for number in range(5):
        factories.state(f"QQ{number}", name_en="Same")
    seen, address, links = [], "/api/v1/states/?limit=2", []
    while address:
        answer = client.get(address).json()
        seen += [row["code"] for row in answer["results"]]
        links.append((bool(answer["previous"]), bool(answer["next"])))
        assert answer["count"] == 5
        address = answer["next"]
    assert seen == [f"QQ{number}" for number in range(5)]
    assert links == [(False, True), (True, True), (True, False)]


PLACE = {
    "slug": "almaty",
    "name": "Almaty",
    "names": {"en": "Almaty", "kk": "Алматы", "ru": None},
    "state": named(f"{SITE}/api/v1/states/KAZ/", "Kazakhstan", code="KAZ"),
    "note": "",
    "url": f"{SITE}/api/v1/places/almaty/",
}


@pytest.fixture
@factories.at_once
def almaty():
    state = factories.state("KAZ", name_en="Kazakhstan")
    return factories.place(slug="almaty", name_en="Almaty", name_kk="Алматы", aliases="Alma-Ata", state=state)


def test_place_list(client, almaty):
    factories.place()
    answer = client.get("/api/v1/places/?state=KAZ&q=alma").json()
    assert answer == {"count": 1, "count_is": "exact", "next": None, "previous": None, "results": [PLACE]}


def test_place_detail(client, almaty):
    assert client.get("/api/v1/places/almaty/").json() == PLACE | {"aliases": ["Alma-Ata"]}
