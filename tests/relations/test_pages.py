import pytest

from tests.factories import (
    agreement,
    at_once,
    cite,
    link,
    membership,
    office,
    organization,
    party,
    passage,
    person,
    place,
    source,
    state,
    succession,
    visit,
)
from tests.sampling import sample


@at_once
def tie(focus, other, times):
    """`times` ties of every kind between two states, every column filled."""
    for number in range(times):
        where = organization(parent=organization())
        rows = [
            membership(member_state=focus, organization=where, start="1992", founder=True),
            membership(member_state=other, organization=where, start="1993"),
            membership(member_state=other, start="1994"),
            visit(sent_by_state=focus, host=other, date="1993-02", met=[person()]),
            visit(sent_by_state=other, host=focus, date="1994"),
            agreement(parties=[focus, other, organization()], signed=f"{1990 + number}"),
            office(body_state=other),
            office(holder_state=other, body_organization=where, basis="inferred", note="Concluded."),
        ]
        for row in rows:
            cite(row)
            cite(row, stance="contradicts", claim="otherwise", field=row.citations.model.citable_fields()[0])


LISTS = ["states", "organizations", "people", "visits", "agreements", "memberships", "offices", "sources"]


def queries(client, django_assert_max_num_queries, url):
    with django_assert_max_num_queries(100) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_home_names_the_newest_sources_and_leads_to_the_others(client, focus):
    first, *newest = [source() for _each in range(11)]
    page = client.get("/").content.decode()
    assert [f"/sources/{row.slug}/" in page for row in (first, *newest)] == [False, *[True] * 10]
    assert 'href="/sources/"' in page and "All 11" in page


def test_home_counts_and_lists_states_by_region(client, focus, china):
    page = client.get("/").content.decode()
    assert "Kazakhstan and the world" in page
    assert "Eastern Asia" in page and "/states/CHN/" in page


def test_home_says_what_so_many_are_called(client, focus, china):
    """In Russian, two are called otherwise than one or five."""
    assert '<span class="figure">2</span>государства' in client.get("/ru/").content.decode()
    person()
    assert '<span class="figure">1</span>лицо' in client.get("/ru/").content.decode()
    assert '<span class="figure">0</span>визитов' in client.get("/ru/").content.decode()


def test_state_page_says_what_ties_it(client, focus, china):
    tie(focus, china, 1)
    page = " ".join(client.get("/states/CHN/").content.decode().split())
    assert (
        "What ties China and Kazakhstan; visits, agreements and events are dated from 1990 to 1994." in page
    )
    assert "1 to Kazakhstan, 1 to China" in page
    for heading in (
        "Shared memberships",
        "Visits from Kazakhstan to China",
        "Visits from China to Kazakhstan",
        "Agreements",
        "Offices and people",
        "Other memberships of China",
    ):
        assert heading in page
    assert "February 1993" in page and ">inferred</span>" in page and ">differs</span>" in page


def test_state_without_ties_says_so(client, focus, china):
    assert "record nothing that ties it to Kazakhstan" in client.get("/states/CHN/").content.decode()


def test_focal_state_page(client, focus, china):
    tie(focus, china, 1)
    page = client.get("/states/KAZ/").content.decode()
    assert "Visits abroad" in page and "Visits received" in page and "Shared memberships" not in page


@pytest.mark.once
@pytest.mark.exhaustive
@pytest.mark.parametrize("code", ["CHN", "KAZ"])
def test_state_page_costs_the_same_for_more_ties(
    client, without_history, focus, china, django_assert_max_num_queries, code
):
    tie(focus, china, 2)
    few = queries(client, django_assert_max_num_queries, f"/states/{code}/")
    tie(focus, china, 18)
    assert queries(client, django_assert_max_num_queries, f"/states/{code}/") == few


def test_state_page_as_of(client, focus, china):
    where = organization(name_en="The club")
    membership(member_state=focus, organization=where, start="1992", end="2020")
    membership(member_state=china, organization=where, start="2012-05", end="2020")
    page = client.get("/states/CHN/?as_of=2012-05-10").content.decode()
    assert "as of 10 May 2012" in page and '<span class="holds possible">possible</span>' in page
    assert (
        "Nothing recorded ties China to Kazakhstan as of 1991"
        in client.get("/states/CHN/?as_of=1991").content.decode()
    )


@pytest.mark.parametrize("address", sample(["/states/CHN/", "/organizations/club/"], ["/states/CHN/"]))
@pytest.mark.parametrize("day", ["2001-02-29", "1993?", "[1992..1997]", "x", "10000", "0000", "9" * 30])
def test_day_that_is_none_is_refused_and_kept(client, focus, china, address, day):
    membership(member_state=china, organization=organization(slug="club"))
    response = client.get(address, {"as_of": day})
    page = response.content.decode()
    assert response.status_code == 400
    assert "Nothing is shown" in page and f'value="{day}"' in page and 'class="wrong"' in page
    assert "Members</h2>" not in page and "memberships</h2>" not in page


def test_code_in_small_letters_leads_to_the_state(client, focus, china):
    response = client.get("/states/chn/?as_of=2012")
    assert (response.status_code, response["Location"]) == (301, "/states/CHN/?as_of=2012")
    assert client.get("/states/xxx/").status_code == 404


@pytest.mark.parametrize("debug", [False, True])
def test_without_the_focal_state_the_page_says_what_to_do(client, db, settings, debug):
    settings.DEBUG = debug
    for address in ("/", "/states/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "set FOCUS_STATE to the code of the state" in answer.content.decode()


DRAFT_PARTS = {
    "visit": (visit, ["visitor", "host", "sent_by_state", "met", "places"]),
    "membership": (membership, ["member_state", "organization"]),
    "office": (office, ["holder_person", "body_state", "from_state"]),
    "succession": (succession, ["predecessor", "successor"]),
    "organization": (organization, ["state", "parent", "seat"]),
    "agreement": (agreement, ["concluded_during", "party", "acting_through", "link"]),
    "state": (state, ["predecessor"]),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize(("kind", "name"), [(k, n) for k, (_, names) in DRAFT_PARTS.items() for n in names])
def test_no_page_and_no_answer_names_what_is_not_published(client, focus, kind, name):
    """A published row that refers to a draft, by each of its relations: the draft's name is nowhere."""
    secret = {"name_en": "Canary", "status": "draft"}
    make = DRAFT_PARTS[kind][0]
    drafts = {
        "visitor": lambda: person(**secret),
        "holder_person": lambda: person(**secret),
        "met": lambda: [person(**secret)],
        "organization": lambda: organization(**secret),
        "parent": lambda: organization(**secret),
        "acting_through": lambda: organization(**secret),
        "places": lambda: [place(state=state(**secret))],
        "seat": lambda: place(state=state(**secret)),
        "concluded_during": lambda: visit(visitor=person(**secret)),
        "link": lambda: agreement(title="Canary", status="draft"),
    }
    draft = drafts.get(name, lambda: (organization if kind == "succession" else state)(**secret))()
    if name == "party":
        row = agreement(parties=[draft, focus])
    elif name == "acting_through":
        row = party(party_state=focus, acting_through=draft).agreement
    elif name == "link":
        row = link(other=draft).agreement
    else:
        row = make(**{name: draft})
    cite(row, passage(source=source(slug="read")))
    addresses = [
        row.get_absolute_url(),
        row.api_url,
        "/states/KAZ/",
        "/sources/read/",
        "/api/v1/sources/read/",
    ]
    addresses += [f"/{prefix}{path}/" for prefix in ("", "api/v1/") for path in LISTS]
    for address in addresses:
        assert "Canary" not in client.get(address).content.decode(), address


def test_unknown_state_is_a_page_of_the_site(client, focus):
    response = client.get("/states/XXX/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_unpublished_entries_have_no_page(client, focus, status):
    rows = [
        state("XZZ", status=status),
        person(status=status),
        organization(status=status),
        membership(status=status),
        office(status=status),
        visit(status=status),
        agreement(status=status),
        succession(status=status),
    ]
    assert {client.get(row.get_absolute_url()).status_code for row in rows} == {404}


def test_state_list_counts_ties(client, focus, china):
    tie(focus, china, 3)
    page = client.get("/states/").content.decode()
    assert "the state that this database is about" in page
    row = page[page.index("/states/CHN/") :]
    assert row[: row.index("</tr>")].count(">3</td>") == 3


def test_state_list_keeps_its_day(client, focus, china):
    page = client.get("/states/?as_of=2012").content.decode()
    assert "/states/CHN/?as_of=2012" in page


def test_organization_page(client, focus, china):
    club, heir = organization(slug="club", name_en="The club"), organization(name_en="The heir")
    succession(predecessor=club, successor=heir, kind="transformed", date="2001")
    membership(member_state=china, organization=club, standing="observer", start="2005")
    office(body_organization=club, role="chair")
    agreement(parties=[club], title="A pact")
    page = client.get("/organizations/club/").content.decode()
    for words in ("Observer", "since 2005", "The heir", "transformed into", "A pact", "Officers"):
        assert words in page


def test_organization_list_counts_members(client, focus, china):
    club = organization(slug="club")
    membership(organization=club, start="1992")
    membership(organization=club, start="2012")
    assert "/memberships/?organization=club" in client.get("/organizations/").content.decode()
    page = client.get("/organizations/?as_of=1999").content.decode()
    assert "/organizations/club/?as_of=1999" in page


def test_person_page(client, focus, china):
    somebody = person(slug="li-peng", name_en="Li Peng", name_ru="Ли Пэн")
    visit(visitor=somebody, date="[1992..1997]")
    office(holder_person=somebody, title="Premier")
    page = client.get("/people/li-peng/").content.decode()
    assert (
        "Li Peng" in page and "some time in 1992–1997" in page and "Premier" in page and 'lang="ru"' in page
    )


@pytest.mark.once
@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/states/",
        "/organizations/",
        "/people/",
        "/memberships/",
        "/offices/",
        "/visits/",
        "/agreements/",
    ],
)
def test_lists_cost_the_same_for_more_rows(
    client, without_history, focus, china, django_assert_max_num_queries, address
):
    tie(focus, china, 2)
    few = queries(client, django_assert_max_num_queries, address)
    tie(focus, china, 10)
    assert queries(client, django_assert_max_num_queries, address) == few


@pytest.mark.once
@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", ["organization", "person"])
def test_detail_costs_the_same_for_more_rows(
    client, without_history, focus, china, django_assert_max_num_queries, kind
):
    where, somebody = organization(), person()

    def add(times):
        for _ in range(times):
            cite(membership(organization=where))
            cite(office(body_organization=where, holder_person=somebody))
            cite(agreement(parties=[where, focus, china]))
            cite(visit(visitor=somebody, sent_by_organization=where))
            cite(visit(met=[somebody]))

    url = {"organization": where, "person": somebody}[kind].get_absolute_url()
    add(2)
    few = queries(client, django_assert_max_num_queries, url)
    add(10)
    assert queries(client, django_assert_max_num_queries, url) == few
