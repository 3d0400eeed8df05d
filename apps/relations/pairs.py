"""The entries that concern two states: found by an index, whichever two they are and whatever else is recorded."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Max, Min, Q

from apps.core.dates import EARLIEST, LATEST
from apps.core.spans import Holds
from apps.relations.counting import Ties, numbers, totals
from apps.relations.models import Tie
from apps.relations.querysets import YearOf
from apps.relations.ties import on


@dataclass(frozen=True)
class Pair:
    """The ties of `state` whose entries concern `other` as well; where they are the same, all ties of the state."""

    state: object
    other: object

    @cached_property
    def kept(self):
        """The Ties of which numbers are kept; None of two states neither of which is the focal one."""
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

    def by_time(self):
        """All of them, to be read in the order of time."""
        ties = Tie.objects.in_time().concerning(self.state)
        if self.state == self.other:
            return ties
        # So, the two databases see that an index has just these, in that order.
        return ties.filter(with_focus=True) if self.other.is_focus else self._common

    @cached_property
    def _common(self):
        """Found by way of the one that has fewer."""
        ties = Tie.objects.in_time().concerning(self.state)
        sizes = dict(totals(["of"], of__in=[self.state.pk, self.other.pk]))
        if sizes.get(self.state.pk, 0) < sizes.get(self.other.pk, 0):
            return ties.also_concerning(self.other)
        others = Tie.objects.in_time().concerning(self.other)
        # Those of the other state that concern the focal one are known, and the others need no look.
        others = others.filter(with_focus__in=[True]) if self.state.is_focus else others
        return ties.filter(entry__in=others.values("entry"))

    def numbers(self, day):
        """By kind and roles, as `counting.numbers` has them."""
        if self.kept:
            return numbers(self.kept, ["kind", "roles"], day)
        certain = Count("pk", filter=Q(holds=Holds.CERTAIN)) if day else Count("pk")
        groups = on(self._common, day).order_by().values("kind", "roles")
        return list(
            groups.annotate(
                n=Count("pk"),
                certain=certain,
                low=Min(YearOf("earliest"), filter=~Q(earliest=EARLIEST)),
                high=Max(YearOf("latest"), filter=Q(lasting=True) | ~Q(latest=LATEST)),
            )
        )
