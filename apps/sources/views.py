from django.views.generic import DetailView

from apps.core.citing import Cited
from apps.core.views import Citable, EntryListView
from apps.sources.coverage import coverage_of
from apps.sources.filters import SourceFilter
from apps.sources.models import Source


class SourceListView(EntryListView):
    model = Source
    filterset_class = SourceFilter

    def get_queryset(self):
        return Source.objects.for_list()


class SourceDetailView(Citable, DetailView):
    """What of a source is encoded: its passages, what rests on each, and where they say different things."""

    model = Source
    slug_url_kwarg = "public_id"

    def get_context_data(self, **kwargs):
        return super().get_context_data(coverage=coverage_of(self.object), **kwargs)

    def cited(self, context):
        return Cited(str(self.object), sources=(self.object,))
