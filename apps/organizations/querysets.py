from django.db.models import Exists, OuterRef, Q

from apps.core.querysets import DatedQuerySet, EntryQuerySet, SpanQuerySet

# All that is asked of memberships as of a day, in the order in which an index finds those of a state.
AS_OF = ["member_state", "start_earliest", "end_latest", "organization", "end_earliest", "start_latest"]


class OrganizationQuerySet(EntryQuerySet):
    def for_list(self):
        return self.select_related("seat", "parent")

    def for_detail(self):
        return self.select_related("seat__state", "state", "parent").with_citations()

    def concerning(self, state):
        """To which the state belongs, in any status that is published, or which belong to the state."""
        memberships = self.model.members.rel.related_model.objects.published().of_state(state)
        return self.filter(Q(state=state) | Exists(memberships.filter(organization=OuterRef("pk"))))


class SuccessionQuerySet(DatedQuerySet, EntryQuerySet):
    def for_list(self):
        return self.for_title().with_citations()

    for_detail = for_list

    def concerning(self, organization):
        """Of which the organization is the one before or the one after."""
        return self.any_of(Q(predecessor=organization), Q(successor=organization))


class MembershipQuerySet(SpanQuerySet, EntryQuerySet):
    def for_list(self):
        return self.for_title().with_citations()

    for_detail = for_list

    def of_state(self, state):
        return self.filter(member_state=state)

    def shared_with(self, state, day=None):
        """In organizations to which the state belongs too, in any status that is published.

        With `day`, a PartialDate, to which it may have belonged then.
        """
        memberships = self.model.objects.published().of_state(state)
        if day:
            memberships = memberships.between(day.earliest, day.latest)
        return self.filter(Exists(memberships.filter(organization=OuterRef("organization"))))


class OfficeQuerySet(SpanQuerySet, EntryQuerySet):
    def for_list(self):
        return self.for_title().select_related("from_state").with_citations()

    for_detail = for_list

    def concerning(self, state):
        """Held by the state, or by a person in it or from it."""
        return self.any_of(Q(holder_state=state), Q(body_state=state), Q(from_state=state))
