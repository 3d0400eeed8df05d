from html.parser import HTMLParser

import pytest
from django.forms.renderers import DjangoTemplates
from django.http import QueryDict
from django.test import RequestFactory
from django.utils.translation import override

from apps.agreements.filters import AgreementFilter
from apps.agreements.models import Agreement
from apps.core import filter_widgets
from apps.core.changes import undone
from apps.states.models import State
from apps.visits.filters import VisitFilter
from apps.visits.models import Visit
from tests import factories

pytestmark = pytest.mark.django_db


class Elements(HTMLParser):
    """The elements of a text, whatever the blanks between them and the order of their attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, sorted(attrs)))

    def handle_endtag(self, tag):
        self.found.append(tag)

    def handle_data(self, data):
        self.found.append(data.strip())


@pytest.mark.parametrize(
    "query", ["", "state=QAA&kind=state&q=%22%3Cb%3E&as_of=x", "state=nowhere&ordering=date"]
)
@pytest.mark.parametrize(("filters", "model"), [(VisitFilter, Visit), (AgreementFilter, Agreement)])
def test_fields_are_written_as_djangos_templates_write_them(query, filters, model):
    factories.state("QAA", name_en='<b>"A"&')
    form = filters(QueryDict(query), model.objects.published()).form
    ours = [Elements(str(field)).found for field in form]
    form.renderer = DjangoTemplates()
    assert ours == [Elements(str(field)).found for field in form]


def test_of_more_entries_than_anybody_looks_through_one_is_typed(monkeypatch):
    monkeypatch.setattr(filter_widgets, "MOST_OFFERED", 3)
    for number in range(2):
        factories.state(f"QA{number}")
    form = VisitFilter(QueryDict("state=QA0"), Visit.objects.published()).form
    assert str(form["state"]).startswith("<select")
    factories.state("QAX")
    form = VisitFilter(QueryDict("state=QA0"), Visit.objects.published()).form
    written = str(form["state"])
    assert written.startswith("<input") and 'value="QA0"' in written and "<option" not in written


def offered(query=""):
    """The field of a state as a page writes it that is asked for now."""
    request = RequestFactory().get("/visits/", QueryDict(query))
    return str(VisitFilter(request.GET, Visit.objects.published(), request=request).form["state"])


def test_options_are_those_that_there_are_now():
    turan = factories.state("QAA", name_en="Turan")
    assert ">Turan<" in offered()
    State.objects.filter(pk=turan.pk).update(status="draft")
    assert "Turan" not in offered()
    State.objects.filter(pk=turan.pk).update(status="published")
    turan.name_en, turan.name_ru = "New Turan", "Туран"
    State.objects.bulk_update([turan], ["name_en", "name_ru"])
    assert ">New Turan<" in offered()
    with override("ru"):
        assert ">Туран<" in offered()
    with undone():
        factories.state("QAB", name_en="Never there")
        assert "Never there" in offered()
    assert "Never there" not in offered() and ">New Turan<" in offered()


def test_what_is_asked_for_is_chosen_and_nothing_else():
    factories.state("QAA"), factories.state("QAB")
    assert offered().count(" selected") == 1 and '<option value="" selected>' in offered()
    assert offered("state=QAB").count(" selected") == 1
    assert '<option value="QAB" selected>' in offered("state=QAB")
    assert " selected" not in offered("state=QA") and " selected" not in offered("state=%22%3E")
