import pytest
from django.core.exceptions import ValidationError

from apps.people.models import PersonCitation
from apps.sources.models import Passage, Source
from apps.visits.models import VisitCitation
from tests.constraints import check
from tests.factories import cite, passage, person, source, visit

pytestmark = pytest.mark.django_db


def repeat(**fields):
    """A passage with these fields of another passage of the same source."""
    other = passage()
    return passage(source=other.source, **{name: getattr(other, name) for name in fields})


CONSTRAINTS = {
    "sources_source_has_title": (source, lambda: source(title="")),
    "sources_source_url_is_http": (
        lambda: source(url="HTTPS://example.org/x"),
        lambda: source(url="javascript:alert(1)//http://"),
    ),
    "sources_source_archived_url_is_http": (
        lambda: source(archived_url="http://example.org/x"),
        lambda: source(archived_url="data:text/html,x"),
    ),
    "sources_passage_anchor_unique": (
        lambda: passage(anchor=passage(anchor="p-1").anchor),
        lambda: repeat(anchor=True),
    ),
    "sources_passage_position_unique": (
        lambda: passage(position=passage().position),
        lambda: repeat(position=True),
    ),
    "sources_passage_has_locator": (
        lambda: passage(paragraph=None, page="12"),
        lambda: passage(paragraph=None, page=""),
    ),
    "sources_passage_nothing_has_reason": (
        lambda: passage(research="nothing", reason="An outlook."),
        lambda: passage(research="nothing"),
    ),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_constraint(name):
    check(name, *CONSTRAINTS[name])


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)//https://x.org", "data:text/html,x", "vbscript:x"),
        *(
            "java\tscript:alert(1)",
            " javascript:alert(1)",
            "\x01javascript:x",
            "ftp://example.org/",
            "//example.org/",
        ),
        *("file:///etc/passwd", "https:example.org", "blob:https://example.org/x", "http://"),
    ],
)
@pytest.mark.parametrize("name", ["url", "archived_url"])
def test_address_of_a_source_is_one_of_the_web(name, address):
    with pytest.raises(ValidationError) as error:
        Source(slug="a", kind="article", title="A", **{name: address}).full_clean()
    assert error.value.messages


def test_a_source_is_called_by_its_first_author():
    assert str(Source(title="A Paper", authors="Akiner, Shirin; Other, A.")) == "Akiner, A Paper"
    assert str(Source(title="A Paper")) == "A Paper"


@pytest.mark.parametrize(
    ("fields", "locator"),
    [
        ({"section": "States", "paragraph": 3}, "States, ¶ 3"),
        ({"paragraph": 3}, "¶ 3"),
        ({"section": "States", "page": "12"}, "States, p. 12"),
        ({"page": "12-13"}, "p. 12-13"),
    ],
)
def test_a_passage_says_where_it_is(fields, locator):
    assert Passage(**fields).locator.replace("\N{NO-BREAK SPACE}", " ") == locator


def test_a_passage_is_linked_within_its_source():
    row = passage()
    assert row.get_absolute_url() == f"/sources/{row.source.slug}/#{row.anchor}"


def test_a_citation_of_a_field_that_there_is():
    cite(visit(), field="date").full_clean()
    cite(visit(), field="met").full_clean()


@pytest.mark.parametrize(
    "field", ["weather", "slug", "status", "citations", "date_earliest", "id", "history"]
)
def test_a_citation_of_a_field_that_there_is_not(field):
    with pytest.raises(ValidationError) as error:
        cite(visit(), field=field).clean()
    (message,) = error.value.message_dict["field"]
    assert message.startswith(f"visit has no field “{field}”. It has: capacity, date, discussed, ")


def test_what_can_be_cited():
    assert PersonCitation.citable_fields() == ["aliases", "name_en", "name_kk", "name_ru", "wikidata_id"]
    assert {"date", "host", "places", "met"} <= set(VisitCitation.citable_fields())


def test_what_a_person_is_cited_for_is_deleted_with_the_person():
    citation = cite(person())
    citation.entry.delete()
    assert not PersonCitation.objects.exists()
    assert Passage.objects.filter(pk=citation.passage.pk).exists()
