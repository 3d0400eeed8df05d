from apps.core.citing import Cited
from apps.core.views import Citable, Described, EntryListView, LastingView
from apps.core.views_day import SAME
from apps.sources import jsonld
from apps.sources.coverage import coverage_of
from apps.sources.filters import SourceOnDayFilter
from apps.sources.models import Source


class SourceListView(EntryListView):
    model = Source
    filterset_class = SourceOnDayFilter
    page_only = ("as_of",)
    day_means = SAME
    cites_day = False

    def get_queryset(self):
        return Source.objects.for_list()


class SourceDetailView(Citable, Described, LastingView):
    """What of a source is encoded: its passages, what rests on each, and where they say different things."""

    model = Source
    linked_data = staticmethod(jsonld.source)
    day_means = SAME

    def get_context_data(self, **kwargs):
        return super().get_context_data(coverage=coverage_of(self.object), **kwargs)

    def cited(self, context):
        return Cited(str(self.object), sources=(self.object,))
