from django.db.models import Q

from apps.core.querysets import EntryQuerySet, SpanQuerySet


class OrganizationQuerySet(EntryQuerySet):
    def for_list(self):
        return self.select_related("seat", "parent")

    def for_detail(self):
        return self.select_related("seat__state", "state", "parent").with_citations()


class SuccessionQuerySet(EntryQuerySet):
    def for_list(self):
        return self.select_related("predecessor", "successor").with_citations()

    for_detail = for_list


class MembershipQuerySet(SpanQuerySet, EntryQuerySet):
    def for_list(self):
        return self.select_related("member_state", "member_organization", "organization").with_citations()

    for_detail = for_list

    def of_state(self, state):
        return self.filter(member_state=state)


class OfficeQuerySet(SpanQuerySet, EntryQuerySet):
    def for_list(self):
        return self.select_related(
            "holder_person", "holder_state", "body_state", "body_organization"
        ).with_citations()

    for_detail = for_list

    def concerning(self, state):
        """Held by the state, or by a person in it."""
        return self.filter(Q(holder_state=state) | Q(body_state=state))
