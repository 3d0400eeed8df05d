"""To what organizations two states belong, together or one without the other."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from apps.core.kept import Kept
from apps.core.querysets import holds_column
from apps.core.spans import Holds
from apps.organizations.models import Membership
from apps.relations.ties import Listing, on


@dataclass(frozen=True)
class SharedMembership:
    """An organization to which two states belong, each in its status and for its time."""

    organization: object
    of_state: list
    of_other: list

    @property
    def holds(self):
        """As of the day asked for: certain where both certainly belong; None where no day was asked for."""
        sides = [{getattr(row, "holds", None) for row in side} for side in (self.of_state, self.of_other)]
        if sides[0] == {None}:
            return None
        return Holds.CERTAIN if all(Holds.CERTAIN in side for side in sides) else Holds.POSSIBLE


@dataclass(frozen=True)
class Sides:
    """The same by keys alone: (primary key, whether it is certain) of each membership."""

    of_state: list = field(default_factory=list)
    of_other: list = field(default_factory=list)

    @property
    def is_certain(self):
        return all(any(certain for _pk, certain in side) for side in (self.of_state, self.of_other))

    @property
    def keys(self):
        return [pk for pk, _certain in (*self.of_state, *self.of_other)]


def told_apart(states, day, *order):
    """(primary key, state's key, organization's key, whether it is certain) of all memberships of these states.

    As of `day`, a PartialDate or None, in the order of these columns: there may be thousands, of which few are shown.
    """
    rows = on(Membership.objects.published().filter(member_state__in=states), day).order_by(*order)
    names = ("pk", "member_state", "organization")
    for pk, state, organization, *holds in rows.values_list(*names, *holds_column(rows)):
        yield pk, state, organization, holds != [Holds.POSSIBLE]


class Rest(NamedTuple):
    """How many memberships are not shown, and how many there are in the list that has all of them."""

    rest: int
    total: int


class StateMemberships:
    """Memberships of `state` and of `other`, or, where they are the same, its own; as of `day`, a PartialDate or None.

    There may be thousands: they are told apart by keys, and only the first are read, `most` of each kind. The
    keys of the focal state's own are kept by `mark` (`core.kept`).
    """

    # Of so many days, each time some 300 KB of a thousand memberships.
    _kept = Kept(10)

    def __init__(self, state, other, day, rows, most, mark=None):
        self.state, self.other, self.day, self._rows, self._most = state, other, day, rows, most
        self._mark = mark if state == other and state.is_focus else None

    @cached_property
    def _sides(self):
        """The Sides of each organization, in the order of the names of these."""
        return self._kept.of(self._mark, (self.state.pk, self.day), self._told_apart)

    def _told_apart(self):
        found, order = {}, ("organization__name_en", "start_earliest", "pk")
        for pk, state, organization, sure in told_apart({self.state, self.other}, self.day, *order):
            sides = found.setdefault(organization, Sides())
            side = sides.of_state if state == self.state.pk else sides.of_other
            side.append((pk, sure))
        return list(found.values())

    @cached_property
    def _shared(self):
        return [sides for sides in self._sides if sides.of_state and sides.of_other]

    @cached_property
    def _own(self):
        return [row for sides in self._sides if not sides.of_other for row in sides.of_state]

    @property
    def keys(self):
        """Primary keys of the memberships of either where both belong, and whether each is certain."""
        return {pk: certain for sides in self._shared for pk, certain in (*sides.of_state, *sides.of_other)}

    @property
    def shared_certain(self):
        return sum(sides.is_certain for sides in self._shared)

    @property
    def own_certain(self):
        return sum(certain for _pk, certain in self._own)

    @cached_property
    def shared(self):
        """Listing of the SharedMembership of each organization to which both belong."""
        return Listing(self._told(self._shared[: self._most]), len(self._shared))

    @cached_property
    def own(self):
        """Listing of those where the other has none; asked for one state, of all."""
        keys = [pk for pk, _certain in self._own[: self._most]]
        return Listing(self._read(keys), len(self._own))

    @property
    def shared_rest(self):
        return Rest(self.shared.rest, sum(len(sides.of_state) for sides in self._shared))

    @property
    def own_rest(self):
        return Rest(self.own.rest, sum(len(sides.of_state) for sides in self._sides))

    def _told(self, found):
        rows = {row.pk: row for row in self._read([pk for sides in found for pk in sides.keys])}
        for sides in found:
            sides = [[rows[pk] for pk, _certain in side] for side in (sides.of_state, sides.of_other)]
            yield SharedMembership(sides[0][0].organization, *sides)

    def _read(self, keys):
        """The memberships of these keys, in their order, but for what is gone since the keys were read.

        Nothing is read before the first is asked for.
        """
        rows = getattr(on(Membership.objects.filter(pk__in=keys), self.day), self._rows)()
        rows = {row.pk: row for row in rows} if keys else {}
        yield from (rows[pk] for pk in keys if pk in rows)
