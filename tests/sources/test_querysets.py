import pytest

from apps.people.models import PersonCitation
from apps.sources.coverage import citations_beside
from apps.sources.models import Passage, Source
from tests.factories import cite, passage, person, source

pytestmark = pytest.mark.django_db


def test_for_list_counts_passages_by_their_research():
    paper, empty = source(), source()
    for research in ("encoded", "encoded", "encoded", "nothing", "nothing", "open"):
        passage(source=paper, research=research, reason="It sums up.")
    names = ("pk", "passage_count", "encoded_count", "nothing_count", "open_count")
    counts = Source.objects.for_list().values_list(*names)
    assert set(counts) == {(paper.pk, 6, 3, 2, 1), (empty.pk, 0, 0, 0, 0)}


def test_of_published():
    shown = cite(person())
    cite(person(status="withdrawn"))
    assert PersonCitation.objects.of_published().get() == shown


def test_citations_beside_those_of_a_source_are_of_other_sources_too():
    told, other = person(), person()
    here, there = cite(told), cite(told)
    cite(other)
    citations = citations_beside(PersonCitation, here.passage.source)
    assert set(citations) == {here, there}


def test_for_coverage_reads_what_a_title_needs(django_assert_num_queries):
    for _ in range(3):
        cite(person())
    with django_assert_num_queries(1):
        assert all(str(citation.entry) for citation in PersonCitation.objects.for_coverage())


def test_natural_keys():
    row = cite(person(), field="name_en")
    for found in (row, row.passage, row.passage.source):
        assert type(found).objects.get_by_natural_key(*found.natural_key()) == found
    with pytest.raises(Passage.DoesNotExist):
        Passage.objects.get_by_natural_key("none", "none")
