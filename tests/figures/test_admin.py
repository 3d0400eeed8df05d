import pytest

from apps.figures.models import Figure
from tests.adminpages import address, errors, reasons, saved, submit
from tests.factories import agreement, cite, event, figure, organization, passage, project, state

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]


@pytest.fixture
def typed():
    return {
        "title": "Trade between the neighbours",
        "measure": "trade_volume",
        "comparison": "more_than",
        "value": "27000000000",
        "unit": "money",
        "currency": "USD",
        "date": "2010",
        "of_state": state("KAZ"),
        "basis": "stated",
    }


def test_figure_is_entered_with_its_citation_on_one_page(admin_client, admin_user, typed):
    told_of = {"event": event(), "project": project(), "agreement": agreement()}
    response = submit(
        admin_client,
        Figure,
        **typed | told_of | {"change_reason": "first reading"},
        with_state=state("CHN"),
        approximate="on",
        target="on",
        total="on",
        according_to="official estimate",
        rows={"citations": [{"passage": passage(), "field": "value", "stance": "supports"}]},
    )
    assert saved(response)
    new = Figure.objects.get()
    assert new.slug == "2010-trade-between-the-neighbours"
    assert new.words == "more than about 27,000,000,000 US dollars"
    assert (new.of.code, new.shared_with.code, new.target, new.total) == ("KAZ", "CHN", True, True)
    assert {name: getattr(new, name) for name in told_of} == told_of
    assert new.updated_by == admin_user
    for row in (new, new.citations.get()):
        assert reasons(row) == [("admin", "first reading")]


MONEY = "Money needs its currency, and nothing else has one."


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"currency": ""}, "currency", MONEY),
        ({"unit": "km"}, "currency", MONEY),
        ({"value": "-1"}, "value", "The value is not negative."),
        ({"value": "1e30"}, "value", "digits"),
        ({"value": "many"}, "value", "number"),
        ({"value": ""}, "value", "required"),
        ({"title": ""}, "title", "required"),
        ({"title": "Торговля"}, "slug", "Latin letters"),
        ({"measure": "luck"}, "measure", "valid choice"),
        ({"unit": "furlong"}, "unit", "valid choice"),
        ({"date": "July 2010"}, "date", "2010-07"),
        ({"date": "2001-02-29"}, "date", "2001-02-28"),
        ({"basis": "inferred"}, "note", "how it was concluded"),
        ({"of_state": None}, "of_organization", "whose figure it is"),
        ({"event": 10**30}, "event", "valid choice"),
    ],
)
def test_wrong_figure_is_answered_at_the_field(values, field, words, admin_client, typed):
    found = errors(submit(admin_client, Figure, **typed | values))
    assert found.keys() == {field}
    assert words in found[field]
    assert not Figure.objects.exists()


def test_figure_is_of_one_and_with_one(admin_client, typed):
    response = submit(admin_client, Figure, **typed, of_organization=organization())
    assert errors(response).keys() == {"of_organization"}
    response = submit(admin_client, Figure, **typed, with_state=state(), with_organization=organization())
    assert errors(response).keys() == {"with_organization"}


def test_state_shares_no_figure_with_itself(admin_client, typed):
    found = errors(submit(admin_client, Figure, **typed, with_state=typed["of_state"]))
    assert found == {"with_state": "A state shares no figure with itself."}


def test_figure_without_a_date_gets_a_slug_that_says_so(admin_client, typed):
    assert saved(submit(admin_client, Figure, **typed | {"date": ""}))
    assert Figure.objects.get().slug == "undated-trade-between-the-neighbours"


def test_slug_is_numbered_where_it_is_taken(admin_client, typed):
    figure(slug="2010-trade-between-the-neighbours")
    assert saved(submit(admin_client, Figure, **typed))
    assert Figure.objects.filter(slug="2010-trade-between-the-neighbours-2").exists()


def test_figure_is_corrected(admin_client):
    row = figure(value=300, status="draft")
    cite(row)
    assert saved(submit(admin_client, Figure, row.pk, value="301.25", change_reason="read again"))
    row.refresh_from_db()
    assert row.words == "301.25 kilometres"
    assert [version.value for version in row.history.order_by("pk")] == [300, row.value]


def test_list_shows_the_words_and_whose_it_is(admin_client):
    wanted = figure(value=7500, of_state=state(name_en="Ruritania"), target=True)
    figure(of_organization=organization(), unit="money", currency="USD", measure="loan")
    page = admin_client.get(address(Figure, "changelist")).content.decode()
    assert "7,500 kilometres" in page and "300 US dollars" in page and "Ruritania" in page
    for asked in (
        {"of_state__id__exact": wanted.of_state.pk},
        {"target__exact": "1"},
        {"measure__exact": "length"},
        {"q": "RURITANIA"},
    ):
        shown = admin_client.get(address(Figure, "changelist"), asked)
        assert list(shown.context["cl"].result_list) == [wanted], asked
