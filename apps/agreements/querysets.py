from django.db.models import Exists, OuterRef, Prefetch, Q

from apps.core.changes import TellingQuerySet
from apps.core.querysets import DatedQuerySet, DerivingQuerySet, EntryQuerySet


class SubjectQuerySet(TellingQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class AgreementQuerySet(DatedQuerySet, EntryQuerySet):
    def for_list(self):
        """With the public ones of the parties."""
        parties = self.model.parties.rel.related_model.objects.public()
        return self.prefetch_related(Prefetch("parties", parties)).with_citations()

    def for_detail(self):
        """With what its page and its entry in the API read; of links and the visit, the public ones."""
        links = self.model.links.rel.related_model.objects
        during = [
            f"concluded_during__{part}"
            for part in self.model.concluded_during.field.related_model.title_parts
        ]
        return (
            self.for_list()
            .select_related("place", "concluded_at", *during)
            .prefetch_related(
                "subjects",
                "projects",
                *self.public_related("figures"),
                "parties__actions",
                Prefetch("links", links.select_related("other").filter(other__status="published")),
                Prefetch(
                    "links_in",
                    links.select_related("agreement").filter(agreement__status="published"),
                ),
            )
        )

    def concerning(self, state):
        """To which the state is a party; as the database has it, each agreement has a state once as its party."""
        return self.filter(parties__party_state=state)

    def with_party(self, state):
        """As `concerning()`, for lists, of which some have a third of all agreements, and some a few."""
        parties = self.model.parties.rel.related_model.objects.filter(party_state=state)
        return self.found_by(Q(parties__party_state=state), Exists(parties.filter(agreement=OuterRef("pk"))))

    def with_organization(self, organization):
        """To which the organization is a party, or in which a party acted through it."""
        parties = self._public_parties
        as_party = parties.filter(party_organization=organization)
        acting = parties.filter(acting_through=organization)
        return self.any_of(Q(pk__in=as_party.values("agreement")), Q(pk__in=acting.values("agreement")))

    def acted_through(self, organization):
        """In which a party acted through the organization."""
        acting = self._public_parties.filter(acting_through=organization)
        return self.filter(pk__in=acting.values("agreement"))

    def with_action(self, kind, state=None):
        """About which a party, or the state as a party, did this; for lists: some actions are common, some are rare."""
        of = {"party_state": state} if state else {}
        parties = self._public_parties.filter(**of).having_done(kind)
        clue = Q(parties__actions__kind=kind, **{f"parties__{name}": value for name, value in of.items()})
        return self.found_by(clue, Exists(parties.filter(agreement=OuterRef("pk"))), repeats=True)

    def with_link(self, kind):
        """That bear in this way on an agreement that readers may see."""
        links = self.model.links.rel.related_model.objects.filter(kind=kind, other__status="published")
        return self.filter(Exists(links.filter(agreement=OuterRef("pk"))))

    def linked_with(self, agreement):
        """That bear on the agreement, or on which it bears."""
        links = self.model.links.rel.related_model.objects.order_by()
        return self.any_of(
            Q(pk__in=links.filter(other=agreement).values("agreement")),
            Q(pk__in=links.filter(agreement=agreement).values("other")),
        )

    @property
    def _public_parties(self):
        return self.model.parties.rel.related_model.objects.public().order_by()

    def of_one(self):
        """Entries that stand for one instrument."""
        return self.filter(instruments=1)

    def of_several(self):
        """Entries that stand for several instruments, where their number is not told too."""
        return self.filter(Q(instruments__gt=1) | Q(instruments__isnull=True))

    def linking(self, first, second):
        """To which both states are parties."""
        return self.concerning(first).concerning(second)


class PartyQuerySet(TellingQuerySet):
    def public(self):
        """Those that readers may see, each with whom it is and through whom it acted."""
        is_public = Q(party_state__status="published") | Q(party_organization__status="published")
        return self.filter(is_public).select_related("party_state", "party_organization", "acting_through")

    def having_done(self, kind):
        """Not by a join, of which SQLite would begin with all actions of that kind, for each agreement."""
        actions = self.model.actions.rel.related_model.objects.filter(kind=kind)
        return self.filter(Exists(actions.filter(party=OuterRef("pk"))))

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


class LinkQuerySet(TellingQuerySet):
    def get_by_natural_key(self, agreement, kind, other):
        return self.get(agreement__slug=agreement, kind=kind, other__slug=other)
