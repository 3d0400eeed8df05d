from django.db.models import Q

from apps.core.querysets import EntryQuerySet


class PersonQuerySet(EntryQuerySet):
    def concerning(self, state):
        """Who held an office in the state, or from it, or went on a visit for it, as far as these are published."""
        offices = self.model.offices.rel.related_model.objects.published().concerning(state)
        visits = self.model.visits.rel.related_model.objects.published_one_by_one().sent_by(state)
        # Not EXISTS, for which SQLite would look through all visits for the state once for each person.
        held = offices.filter(holder_person__isnull=False).order_by().values("holder_person")
        return self.filter(Q(pk__in=held) | Q(pk__in=visits.order_by().values("visitor")))
