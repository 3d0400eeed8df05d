import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import agreement, at_once, cite, event, figure, organization, project, state

pytestmark = pytest.mark.django_db


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
@at_once
def trade():
    return figure(
        title="Trade of the neighbours",
        measure="trade_volume",
        comparison="more_than",
        value=27_000_000_000,
        unit="money",
        currency="USD",
        target=True,
        total=True,
        according_to="official estimate",
        date="2010",
        of_state=state("KAZ", name_en="Kazakhstan"),
        with_state=state("CHN", name_en="China"),
        note="A round number.",
    )


WORDS = [
    "more than 27,000,000,000 US dollars",
    ">aim<",
    ">total<",
    "official estimate",
    "Kazakhstan",
    "China",
]


def test_figure_page(client, trade):
    trade.event, trade.project, trade.agreement = event(title="Fair"), project(title="Zone"), agreement()
    trade.save()
    page = text_of(client, trade.get_absolute_url())
    for words in (*WORDS, "trade volume", "2010", "A round number.", "Trade of the neighbours"):
        assert words in page
    for told_of in (trade.event, trade.project, trade.agreement):
        assert f'<a href="{told_of.get_absolute_url()}">{told_of}</a>' in page


def test_figure_page_names_nothing_unpublished(client):
    hidden = {make.__name__: make(title="SECRET", status="draft") for make in (event, project, agreement)}
    page = text_of(client, figure(**hidden).get_absolute_url())
    for words in ("SECRET", "<dt>Event</dt>", "<dt>Project</dt>", "<dt>Agreement</dt>", "<dt>With</dt>"):
        assert words not in page


def test_plain_result_has_no_marks(client):
    row = figure(value="2228.0000")
    for address in (row.get_absolute_url(), "/figures/"):
        page = text_of(client, address)
        assert '<span class="value">2,228 kilometres</span>' in page
        assert ">aim<" not in page and ">total<" not in page


def test_figure_list(client, trade):
    figure(title="SECRET", status="draft"), figure(title="SECRET", of_state=state(status="draft"))
    page = text_of(client, "/figures/")
    for words in (*WORDS, "1 figure.", "Trade of the neighbours"):
        assert words in page
    assert "SECRET" not in page


def test_figure_list_is_narrowed(client, trade):
    figure(title="An Area", measure="area", of_organization=organization(name_en="Union"))
    page = text_of(client, "/figures/?measure=trade_volume&target=yes&state=KAZ&counterpart=CHN")
    assert "1 figure:" in page and "Trade of the neighbours" in page and "An Area" not in page
    page = text_of(client, "/figures/?target=no")
    assert "An Area" in page and "Union" in page and "Trade of the neighbours" not in page


@pytest.mark.parametrize("name", ["measure", "target", "year", "counterpart", "as_of"])
def test_wrong_filter_is_said(client, trade, name):
    response = client.get("/figures/", {name: "KAZ" if name == "counterpart" else "x"})
    page = response.content.decode()
    assert response.status_code == 400
    assert f"<code>{name}</code>" in page and "ledger" not in page


@pytest.mark.parametrize(
    ("make", "field"), [(event, "event"), (project, "project"), (agreement, "agreement")]
)
def test_figures_are_told_on_the_page_of_what_they_are_told_of(client, make, field):
    row = make()
    figure(title="Length", target=True, **{field: row})
    figure(title="SECRET", status="draft", **{field: row})
    page = text_of(client, row.get_absolute_url())
    told = page[page.index('id="figures"') :]
    assert "Length" in told and "300 kilometres" in told and ">aim<" in told
    assert "SECRET" not in page


@at_once
def fill(number):
    for _ in range(number):
        cite(figure(with_organization=organization())), cite(figure(of_organization=organization()))


@pytest.mark.once
def test_list_costs_the_same_queries_for_two_rows_and_for_twenty(client):
    costs = {}
    for number in (1, 9):
        fill(number)
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/figures/").content.decode()
        costs[page.count('<th scope="row">')] = len(captured)
    assert costs.keys() == {2, 20}
    assert costs[2] == costs[20]
