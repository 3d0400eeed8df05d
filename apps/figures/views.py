from apps.core.views import EntryDetailView, EntryListView
from apps.figures import jsonld
from apps.figures.filters import FigureFilter
from apps.figures.models import Figure


class FigureListView(EntryListView):
    model = Figure
    filterset_class = FigureFilter


class FigureDetailView(EntryDetailView):
    model = Figure
    linked_data = staticmethod(jsonld.figure)
