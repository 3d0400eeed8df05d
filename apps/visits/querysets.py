from django.db.models import Prefetch, Q

from apps.core.querysets import DatedQuerySet, EntryQuerySet


class VisitQuerySet(DatedQuerySet, EntryQuerySet):
    def for_list(self):
        return self.for_title().prefetch_related("places").with_citations()

    def for_detail(self):
        """With the public ones of the people met and of the agreements concluded, the latest first."""
        people = self.model._meta.get_field("met").related_model.objects.published()
        agreements = self.model.outcomes.rel.related_model.objects.published().latest_first()
        return (
            self.for_list()
            .select_related("event")
            .prefetch_related(Prefetch("met", people), Prefetch("outcomes", agreements))
        )

    def concerning(self, state):
        """To the state, or by somebody whom it sent."""
        return self.any_of(Q(host=state), Q(sent_by_state=state))

    def to(self, state):
        return self.filter(host=state)

    def sent_by(self, state):
        return self.filter(sent_by_state=state)

    def with_person(self, person):
        """By the person, or on which the person was met."""
        meetings = self.model.met.through.objects.filter(person=person)
        return self.any_of(Q(visitor=person), Q(pk__in=meetings.values("visit")))

    def linking(self, first, second):
        """From one of two states to the other, either way."""
        return self.any_of(Q(sent_by_state=first, host=second), Q(sent_by_state=second, host=first))
