from django.db.models import Exists, OuterRef, Prefetch, Q

from apps.core.changes import TellingQuerySet
from apps.core.querysets import DatedQuerySet, EntryQuerySet, SpanQuerySet


class PartsQuerySet(TellingQuerySet):
    """Rows that say which part a state, an organization or a person has in something.

    A subclass names in `sides` the foreign keys of which each row has exactly one, in `whole` that to the whole.
    """

    sides = ()
    whole = ""

    @property
    def is_public(self):
        """Condition that readers may see it."""
        condition = Q()
        for side in self.sides:
            condition |= Q(**{f"{side}__status": "published"})
        return condition

    def public(self):
        """Those that readers may see, each with whom it is."""
        return self.filter(self.is_public).select_related(*self.sides)

    def get_by_natural_key(self, whole, bearer, role):
        """`bearer` is the ISO code of a state or the slug of an organization or a person."""
        is_bearer = Q()
        for side in self.sides:
            model = self.model._meta.get_field(side).related_model
            is_bearer |= Q(**{f"{side}__{model.public_id_field}": bearer})
        return self.get(is_bearer, role=role, **{f"{self.whole}__slug": whole})


class ParticipantQuerySet(PartsQuerySet):
    sides = ("participant_state", "participant_organization", "participant_person")
    whole = "event"


class ProjectPartyQuerySet(PartsQuerySet):
    sides = ("party_state", "party_organization")
    whole = "project"


class PartiedQuerySet(EntryQuerySet):
    """Words for entries in which states and others have parts, rows of the related set named in `parts`."""

    parts = ""

    def _with_part(self, *conditions, **fields):
        """In which there is such a part, once however many there are."""
        related = getattr(self.model, self.parts).rel
        rows = related.related_model.objects.filter(*conditions, **fields)
        return self.filter(Exists(rows.filter(**{related.field.name: OuterRef("pk")})))

    def with_role(self, role, bearers=()):
        """In which one of the states, organizations or people has that part; without any, somebody public has it."""
        parts = getattr(self.model, self.parts).rel.related_model
        if not bearers:
            return self._with_part(parts.objects.all().is_public, role=role)
        sides = {parts._meta.get_field(side).related_model: side for side in parts.objects.all().sides}
        held = Q()
        for bearer in bearers:
            held |= Q(**{sides[type(bearer)]: bearer})
        return self._with_part(held, role=role)

    def linking(self, first, second):
        """In which both states have parts."""
        return self.concerning(first).concerning(second)

    def for_list(self):
        """With the public ones of the parts."""
        parts = getattr(self.model, self.parts).rel.related_model.objects.public()
        return self.select_related("place").prefetch_related(Prefetch(self.parts, parts)).with_citations()


class EventQuerySet(DatedQuerySet, PartiedQuerySet):
    parts = "participants"

    def concerning(self, state):
        """In which the state has a part, be it by staying away."""
        return self._with_part(participant_state=state)

    def with_organization(self, organization):
        return self._with_part(participant_organization=organization)

    def with_person(self, person):
        return self._with_part(participant_person=person)

    def for_detail(self):
        """With the public ones of the visits made for it, the agreements concluded at it and its figures."""
        return self.for_list().prefetch_related(*self.public_related("visits", "outcomes", "figures"))


class ProjectQuerySet(SpanQuerySet, PartiedQuerySet):
    parts = "parties"

    def concerning(self, state):
        return self._with_part(party_state=state)

    def with_organization(self, organization):
        return self._with_part(party_organization=organization)

    def between(self, first, last):
        """As for other spans; what was proposed only later did not run yet."""
        return super().between(first, last).filter(proposed_earliest__lte=last)

    def for_detail(self):
        """With the public ones of the agreements about it and of its figures."""
        return self.for_list().prefetch_related(*self.public_related("agreements", "figures"))
