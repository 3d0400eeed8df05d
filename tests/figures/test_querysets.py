from datetime import date

import pytest

from apps.figures.models import Figure
from tests.factories import (
    agreement,
    cite,
    event,
    figure,
    organization,
    project,
    state,
)

pytestmark = pytest.mark.django_db


def test_concerning_a_state_of_it_or_with_it():
    china = state("CHN")
    rows = {figure(of_state=china), figure(with_state=china), figure(of_state=china, with_state=state())}
    figure(), figure(of_organization=organization())
    assert set(Figure.objects.concerning(china)) == rows
    assert Figure.objects.concerning(china).count() == 3


def test_linking_two_states_either_way():
    ours, theirs = state("KAZ"), state("CHN")
    rows = {figure(of_state=ours, with_state=theirs), figure(of_state=theirs, with_state=ours)}
    figure(of_state=ours), figure(with_state=theirs), figure(of_state=ours, with_state=state())
    assert set(Figure.objects.linking(ours, theirs)) == rows


def test_with_an_organization_of_it_or_with_it():
    union = organization()
    rows = {figure(of_organization=union), figure(with_organization=union)}
    figure(of_organization=organization())
    assert set(Figure.objects.with_organization(union)) == rows


def test_a_figure_is_public_once_all_whom_it_names_are():
    china = state("CHN")
    shown = figure(of_state=china)
    figure(of_state=china, status="draft")
    figure(of_state=china, with_state=state(status="draft"))
    figure(of_state=china, with_organization=organization(status="withdrawn"))
    figure(of_state=state(status="in_review"), with_state=china)
    assert Figure.objects.published().get() == shown
    assert Figure.objects.published().concerning(china).get() == shown


def test_between_as_of_and_latest_first_go_by_the_date():
    first, second, undated = figure(date="1994-04"), figure(date="1996"), figure()
    assert list(Figure.objects.latest_first()) == [second, first, undated]
    assert set(Figure.objects.between(date(1994, 1, 1), date(1994, 12, 31))) == {first, undated}
    found = {row: row.holds for row in Figure.objects.as_of(date(1996, 7, 1))}
    assert found == {first: "certain", second: "possible", undated: "possible"}


def test_matching_looks_at_the_title():
    row = figure(title="Trade with Türkiye")
    figure()
    assert Figure.objects.matching("turkiye").get() == row


def test_for_detail_reads_all_at_once(django_assert_max_num_queries):
    row = figure(with_organization=organization(), event=event(), project=project(), agreement=agreement())
    cite(row), cite(row)
    with django_assert_max_num_queries(2):
        found = Figure.objects.for_detail().get(pk=row.pk)
        assert all(map(str, (found.of, found.shared_with, found.event, found.project, found.agreement)))
        assert [str(citation.passage) for citation in found.citations.all()]
