from apps.core.views import EntryDetailView, EntryListView
from apps.visits.filters import VisitFilter
from apps.visits.models import Visit


class VisitListView(EntryListView):
    model = Visit
    filterset_class = VisitFilter


class VisitDetailView(EntryDetailView):
    model = Visit

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            met=self.object.met.published(),
            outcomes=self.object.outcomes.published().latest_first(),
            **kwargs,
        )
