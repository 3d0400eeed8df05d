"""The entries that concern two states: found by an index, whichever two they are and whatever else is recorded."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from heapq import nsmallest
from typing import NamedTuple

from django.db.models import Q

from apps.core.dates import EARLIEST, LATEST
from apps.core.querysets import holds_column
from apps.core.spans import Holds
from apps.relations.counting import Ties, numbers, totals
from apps.relations.models import Tie
from apps.relations.querysets import time_key
from apps.relations.ties import on

# Of a visit, what the one was where the other was the other.
MIRRORED = {"sender": "host", "host": "sender"}


class Common(NamedTuple):
    """As much of a tie of the first state as is counted and put in order; `key` is the primary key of its entry."""

    pk: int
    key: int
    kind: str
    roles: str
    lasting: bool
    position: date
    earliest: date
    latest: date
    certain_from: date
    certain_until: date
    holds: str = Holds.CERTAIN


COLUMNS = ("pk", "entry__key", *Common._fields[2:-1])


@dataclass(frozen=True)
class Pair:
    """The entries that concern `state` and `other`, by the ties of the first; of the same twice, all of that state.

    Of the focal state and another, they are found by the ties of the other, whose numbers are kept: `is_mirrored` says
    that it is the second. With `day`, a PartialDate, what is counted and put in order is that of it.
    """

    state: object
    other: object
    day: object = None

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
        return self.kept or self

    def rows(self, which):
        """Those that meet a condition."""
        return self.kept.rows(which) if self.kept else self._common.filter(which)

    def keys(self, kind):
        """Primary keys of all entries of a kind."""
        if self.kept:
            return self.kept.rows(Q(kind=kind)).values("entry__key")
        return [tie.key for tie in self.found if tie.kind == kind]

    def latest(self, kind, role="", *, most):
        """Primary keys of the latest entries of a kind, of visits those in which the first state has that part."""
        if not self.kept:
            found = [tie for tie in self.found if tie.kind == kind and role in tie.roles]
            return [
                tie.key for tie in nsmallest(most, found, lambda tie: (-tie.earliest.toordinal(), tie.key))
            ]
        role = MIRRORED.get(role, role) if self.is_mirrored else role
        ties = on(self.rows(Q(kind=kind, roles__contains=role) if role else Q(kind=kind)), self.day)
        return ties.order_by("-earliest", "entry__key").values_list("entry__key", flat=True)[:most]

    def by_time(self, most):
        """Ties to be read in the order of time, the first `most` at least among them."""
        if not self.kept and self.state != self.other:
            return Tie.objects.filter(pk__in=[tie.pk for tie in nsmallest(most, self.found, time_key)])
        ties = Tie.objects.in_time().concerning(self.other if self.is_mirrored else self.state)
        # So, the two databases see that an index has just these, in that order.
        return ties if self.state == self.other else ties.filter(with_focus=True)

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

    @cached_property
    def found(self):
        """All of them, read once: to find them costs more than to count them here and to put them in order."""
        ties = on(self._common, self.day)
        return [Common(*tie) for tie in ties.values_list(*COLUMNS, *holds_column(ties))]

    def numbers(self):
        """By kind and roles, as `counting.numbers` has them."""
        if self.kept:
            rows = numbers(self.kept, ["kind", "roles"], self.day)
            return [row | {"roles": mirrored(row["roles"])} for row in rows] if self.is_mirrored else rows
        groups = {}
        for tie in self.found:
            groups.setdefault((tie.kind, tie.roles), []).append(tie)
        return [numbers_of(*group, ties) for group, ties in groups.items()]


def numbers_of(kind, roles, ties):
    """What `counting.numbers` says of one kind and its roles, of these Commons."""
    return {
        "kind": kind,
        "roles": roles,
        "n": len(ties),
        "certain": sum(tie.holds == Holds.CERTAIN for tie in ties),
        "low": min((tie.earliest.year for tie in ties if tie.earliest != EARLIEST), default=None),
        "high": max((tie.latest.year for tie in ties if tie.lasting or tie.latest != LATEST), default=None),
    }


def mirrored(roles):
    return " ".join(MIRRORED.get(role, role) for role in roles.split())
