from apps.core.views import EntryDetailView, EntryListView
from apps.visits import jsonld
from apps.visits.filters import VisitFilter
from apps.visits.models import Visit


class VisitListView(EntryListView):
    model = Visit
    filterset_class = VisitFilter


class VisitDetailView(EntryDetailView):
    model = Visit
    linked_data = staticmethod(jsonld.visit)
