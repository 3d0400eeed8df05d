from html.parser import HTMLParser

import pytest
from django.forms.renderers import DjangoTemplates
from django.http import QueryDict

from apps.agreements.filters import AgreementFilter
from apps.agreements.models import Agreement
from apps.core import filter_widgets
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
