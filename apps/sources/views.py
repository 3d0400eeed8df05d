from django.views.generic import DetailView

from apps.core.views import EntryListView
from apps.sources.coverage import passages_with_entries
from apps.sources.filters import SourceFilter
from apps.sources.models import Source


class SourceListView(EntryListView):
    model = Source
    filterset_class = SourceFilter

    def get_queryset(self):
        return Source.objects.for_list()


class SourceDetailView(DetailView):
    """A source, passage by passage, with what each supports."""

    model = Source
    slug_url_kwarg = "public_id"

    def get_context_data(self, **kwargs):
        passages = passages_with_entries(self.object)
        entries = {cited.entry for passage in passages for cited in passage.cited_entries}
        summary = {
            "passages": len(passages),
            "citing": sum(bool(passage.cited_entries) for passage in passages),
            "entries": len(entries),
        }
        return super().get_context_data(passages=passages, summary=summary, **kwargs)
