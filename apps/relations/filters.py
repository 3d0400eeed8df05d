"""Filters of lists whose counts span several kinds of entries."""

from django.utils.translation import gettext_lazy as _

from apps.core.parameters import AsOfParameter
from apps.organizations.filters import OrganizationFilter
from apps.relations.ties import with_member_counts, with_tie_counts
from apps.states.filters import StateFilter
from apps.states.models import State


class TieCountsParameter(AsOfParameter):
    """Counts the ties of each state as of the day; all of them where none is given. Leaves no state out."""

    def filter(self, queryset, value):
        return with_tie_counts(queryset, State.objects.focus(), value or None)


class MemberCountsParameter(AsOfParameter):
    """Counts the memberships of each organization as of the day; all of them where none is given."""

    def filter(self, queryset, value):
        return with_member_counts(queryset, value or None)


class StateAsOfFilter(StateFilter):
    as_of = TieCountsParameter(help_text=_("Counts what held, or had happened, on this day."))


class OrganizationAsOfFilter(OrganizationFilter):
    as_of = MemberCountsParameter(help_text=_("Counts the memberships that held on this day."))
