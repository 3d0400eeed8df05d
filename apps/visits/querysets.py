from django.db.models import Q

from apps.core.querysets import DatedQuerySet, EntryQuerySet


class VisitQuerySet(DatedQuerySet, EntryQuerySet):
    def for_list(self):
        return (
            self.select_related("visitor", "sent_by_state", "sent_by_organization", "host")
            .prefetch_related("places")
            .with_citations()
        )

    def for_detail(self):
        return self.for_list().prefetch_related("met", "outcomes")

    def concerning(self, state):
        """To the state, or by somebody whom it sent."""
        return self.filter(Q(host=state) | Q(sent_by_state=state))

    def linking(self, first, second):
        """From one of two states to the other, either way."""
        return self.filter(
            Q(sent_by_state=first, host=second) | Q(sent_by_state=second, host=first)
        )
