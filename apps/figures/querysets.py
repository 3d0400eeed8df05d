from django.db.models import Q

from apps.core.querysets import DatedQuerySet, EntryQuerySet


class FigureQuerySet(DatedQuerySet, EntryQuerySet):
    def for_list(self):
        return self.for_title().with_citations()

    def for_detail(self):
        return self.for_list().select_related(*self.model.context)

    def concerning(self, state):
        """Of the state, or of another with it."""
        return self.any_of(Q(of_state=state), Q(with_state=state))

    def with_organization(self, organization):
        """Of the organization, or of another with it."""
        return self.any_of(Q(of_organization=organization), Q(with_organization=organization))

    def linking(self, first, second):
        """Of one of two states with the other, either way."""
        return self.any_of(Q(of_state=first, with_state=second), Q(of_state=second, with_state=first))
