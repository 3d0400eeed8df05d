from django.db.models import Exists, OuterRef

from apps.core.querysets import EntryQuerySet


class PersonQuerySet(EntryQuerySet):
    def concerning(self, state):
        """Who held an office in the state, or from it, or went on a visit for it, as far as these are published."""
        offices = self.model.offices.rel.related_model.objects.published().concerning(state)
        visits = self.model.visits.rel.related_model.objects.published().sent_by(state)
        return self.filter(
            Exists(offices.filter(holder_person=OuterRef("pk")))
            | Exists(visits.filter(visitor=OuterRef("pk")))
        )
