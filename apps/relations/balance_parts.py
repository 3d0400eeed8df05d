"""Of what a balance of ties is told: periods, and how the ties of one are spread over regions and partners."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import fsum
from typing import NamedTuple

from apps.core.dates import EARLIEST, LATEST
from apps.relations.models import KINDS
from apps.states.models import State


class Period(NamedTuple):
    """Whole years, both included."""

    first: int
    last: int

    @property
    def from_year(self):
        """The first of its years that a date can have."""
        return max(self.first, EARLIEST.year)

    @property
    def to_year(self):
        return min(self.last, LATEST.year)

    @property
    def label(self):
        return str(self.first) if self.first == self.last else f"{self.from_year}–{self.to_year}"

    @property
    def last_day(self):
        return date(self.to_year, 12, 31)


@dataclass(frozen=True)
class Ties:
    """How many ties of a kind there are with a partner in a period; `address` gives that of the list of just them."""

    kind: str
    n: int
    address: Callable[[], str]

    @property
    def url(self):
        # Most partners are not shown.
        return self.address()

    @property
    def label(self):
        return KINDS[self.kind]._meta.verbose_name_plural


@dataclass(frozen=True)
class Share:
    """What a region, or a partner, has of all ties of a period."""

    n: int
    all: int

    @property
    def of_all(self):
        return self.n / self.all if self.all else 0


@dataclass(frozen=True)
class Spread:
    """How the ties of one period are spread over partners."""

    period: Period
    counts: Counter

    @property
    def all(self):
        return sum(self.counts.values())

    @property
    def partners(self):
        return len(+self.counts)

    @cached_property
    def concentration(self):
        """Herfindahl and Hirschman's: the sum of the squared shares, from 1 / partners to 1; None of no ties."""
        return fsum((n / self.all) ** 2 for n in self.counts.values()) if self.all else None

    @property
    def effective_partners(self):
        """So many partners with equal shares would be as concentrated; None of no ties."""
        return 1 / self.concentration if self.all else None


@dataclass(frozen=True)
class Region:
    """A region: its number in the picture, its name, a Share for each period."""

    number: int
    code: str
    name: str
    shares: list


@dataclass(frozen=True)
class Partner:
    """A state: a list of Ties by kind for each period, how many in all, and how many cannot be placed."""

    state: State
    periods: list
    all: int
    unplaced: int

    @property
    def numbers(self):
        return [sum(ties.n for ties in kinds) for kinds in self.periods]
