from django.db import models
from django.db.models import Exists, OuterRef, Q

from apps.core.querysets import DatedQuerySet, DerivingQuerySet, EntryQuerySet


class SubjectQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class AgreementQuerySet(DatedQuerySet, EntryQuerySet):
    def for_list(self):
        return (
            self.select_related("place", "concluded_during")
            .prefetch_related(
                "subjects",
                "parties__party_state",
                "parties__party_organization",
                "parties__acting_through",
            )
            .with_citations()
        )

    def for_detail(self):
        during = self.for_list().select_related("concluded_during__visitor", "concluded_during__host")
        return during.prefetch_related("parties__actions", "links__other", "links_in__agreement")

    def concerning(self, state):
        """To which the state is a party."""
        return self.filter(parties__party_state=state)

    def with_organization(self, organization):
        """To which the organization is a party, or in which a party acted through it."""
        parties = self.model.parties.rel.related_model.objects.filter(
            Q(party_organization=organization) | Q(acting_through=organization), agreement=OuterRef("pk")
        )
        return self.filter(Exists(parties))

    def linking(self, first, second):
        """To which both states are parties."""
        return self.concerning(first).concerning(second)


class PartyQuerySet(models.QuerySet):
    def get_by_natural_key(self, agreement, party):
        """`party` is the ISO code of a state or the slug of an organization."""
        return self.get(
            Q(party_state__code=party) | Q(party_organization__slug=party), agreement__slug=agreement
        )


class ActionQuerySet(DerivingQuerySet):
    def get_by_natural_key(self, agreement, party, kind, date):
        return self.get(
            Q(party__party_state__code=party) | Q(party__party_organization__slug=party),
            party__agreement__slug=agreement,
            kind=kind,
            date=date,
        )


class LinkQuerySet(models.QuerySet):
    def get_by_natural_key(self, agreement, kind, other):
        return self.get(agreement__slug=agreement, kind=kind, other__slug=other)
