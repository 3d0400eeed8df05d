"""The entries that concern two states: found by an index, whichever two they are and whatever else is recorded."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from apps.relations.counting import Ties, numbers, numbers_of, totals
from apps.relations.models import Tie
from apps.relations.ties import on

# Of a visit, what the one was where the other was the other.
MIRRORED = {"sender": "host", "host": "sender"}


@dataclass(frozen=True)
class Pair:
    """The entries that concern `state` and `other`, by the ties of the first; of the same twice, all of that state.

    Of the focal state and another, they are found by the ties of the other, whose numbers are kept: `is_mirrored` says
    that it is the second.
    """

    state: object
    other: object

    @property
    def is_mirrored(self):
        return self.state.is_focus and self.state != self.other

    @cached_property
    def kept(self):
        """The Ties of which numbers are kept; None of two states neither of which is the focal one."""
        if self.is_mirrored:
            return Ties.of(self.other, with_focus=True)
        if self.state == self.other:
            return Ties.of(self.state, with_focus=True if self.state.is_focus else None)
        return Ties.of(self.state, with_focus=True) if self.other.is_focus else None

    @property
    def part(self):
        """Of a time picture."""
        return self.kept or self._common

    def rows(self, which):
        """Those that meet a condition."""
        return self.kept.rows(which) if self.kept else self._common.filter(which)

    def visits(self, role):
        """Those of visits in which the first state has that part."""
        role = MIRRORED[role] if self.is_mirrored else role
        return self.rows(Q(kind="visit", roles__contains=role))

    def by_time(self):
        """All of them, to be read in the order of time."""
        ties = Tie.objects.in_time().concerning(self.other if self.is_mirrored else self.state)
        if self.state == self.other:
            return ties
        # So, the two databases see that an index has just these, in that order.
        return ties.filter(with_focus=True) if self.kept else self._common

    @cached_property
    def _common(self):
        """Found by way of the one that has fewer, by indexes of states and entries that need no look at a tie."""
        one, other = (Tie.objects.filter(state=state) for state in (self.state, self.other))
        common = other.filter(entry__in=one.values("entry")) if self._is_smaller else other
        return Tie.objects.in_time().concerning(self.state).filter(entry__in=common.values("entry"))

    @property
    def _is_smaller(self):
        sizes = dict(totals(["of"], of__in=[self.state.pk, self.other.pk]))
        return sizes.get(self.state.pk, 0) < sizes.get(self.other.pk, 0)

    def numbers(self, day):
        """By kind and roles, as `counting.numbers` has them."""
        if self.kept:
            rows = numbers(self.kept, ["kind", "roles"], day)
            return [row | {"roles": mirrored(row["roles"])} for row in rows] if self.is_mirrored else rows
        return numbers_of(on(self._common, day), ["kind", "roles"], day)


def mirrored(roles):
    return " ".join(MIRRORED.get(role, role) for role in roles.split())
