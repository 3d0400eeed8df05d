import pytest

from apps.sources.models import Passage, Source
from tests.adminpages import address, errors, page_of, saved, submit
from tests.factories import cite, passage, source, visit

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]

TYPED = {
    "kind": "article",
    "title": "Foreign Policy",
    "authors": "Akiner, Shirin",
    "date": "2011",
    "language": "en",
}


def test_source_gets_a_slug(admin_client):
    assert saved(submit(admin_client, Source, **TYPED, change_reason="new"))
    row = Source.objects.get()
    assert (row.slug, row.history.get().history_change_reason) == ("akiner-2011-foreign-policy", "new")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"accessed": "2011-13-01"}, "accessed"),
        ({"date": "June 2011"}, "date"),
        ({"slug": "TAKEN"}, "slug"),
    ],
)
def test_what_sources_must_not_be(values, field, admin_client):
    source(slug="taken")
    assert errors(submit(admin_client, Source, **TYPED | values)).keys() == {field}


def test_passages_are_numbered_and_named_as_they_come(admin_client):
    book = source()
    for number in (1, 2):
        typed = {"source": book, "section": "Bilateral Relations", "paragraph": number, "research": "open"}
        assert saved(submit(admin_client, Passage, **typed))
    assert saved(submit(admin_client, Passage, source=book, page="xii", research="open"))
    assert list(book.passages.values_list("position", "anchor")) == [
        (1, "bilateral-relations-1"),
        (2, "bilateral-relations-2"),
        (3, "p-xii"),
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"paragraph": ""}, "page"),
        ({"position": 1}, "position"),
        ({"anchor": "first"}, "anchor"),
        ({"research": "nothing"}, "reason"),
        ({"paragraph": 10**30}, "paragraph"),
        ({"position": -1}, "position"),
        ({"source": ""}, "source"),
    ],
)
def test_what_passages_must_not_be(values, field, admin_client):
    first = passage(position=1, anchor="first")
    typed = {"source": first.source, "section": "Introduction", "paragraph": 2, "research": "open"}
    assert errors(submit(admin_client, Passage, **typed | values)).keys() == {field}


def test_passage_shows_what_rests_on_it(admin_client):
    read = passage()
    first = visit(occasion="a summit")
    cite(first, read)
    page = admin_client.get(page_of(Passage, read.pk)).content.decode()
    assert f'<a href="/admin/visits/visit/{first.pk}/change/">Visit: {first}</a>' in page


def test_source_that_is_cited_is_not_deleted(admin_client):
    read = passage()
    cite(visit(), read)
    response = admin_client.post(address(Source, "delete", read.source.pk), {"post": "yes"})
    assert response.context["protected"]
    assert Source.objects.exists()


def test_passage_is_found_by_section_and_source(admin_client):
    wanted = passage(source=source(title="Foreign Policy"), section="Bilateral Relations")
    passage(section="Bilateral Relations")
    asked = {"app_label": "visits", "model_name": "visitcitation", "field_name": "passage"}
    found = admin_client.get("/admin/autocomplete/", {**asked, "term": "foreign bilateral"}).json()["results"]
    assert [row["id"] for row in found] == [str(wanted.pk)]


def test_source_links_to_its_passages(admin_client):
    read = passage()
    page = admin_client.get(address(Source, "changelist")).content.decode()
    assert f'<a href="/admin/sources/passage/?source__id__exact={read.source.pk}">1</a>' in page
