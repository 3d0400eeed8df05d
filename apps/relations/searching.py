"""What a search finds, ranked: by how well a name fits, then by kind, then by how much there is of it.

The database finds candidates, a bounded number of each kind; they are ranked here, so that both databases rank alike.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from math import prod
from typing import NamedTuple

from django.db import connection
from django.db.models import IntegerField, OuterRef, Subquery

from apps.core.skeletons import key_of
from apps.core.statements import Statement
from apps.relations.models import KINDS, SearchEntry, Tie, TiedEntry
from apps.relations.querysets import SUBJECTS
from apps.relations.search_index import ORDER_AT, number_of, span_of, span_of_year
from apps.relations.search_places import found_by_fts5, found_by_postgresql
from apps.relations.search_query import Asked, Fit, How

# Of kinds of which there are few, so many are ranked; of others the latest are.
FEW = (*SUBJECTS, "event", "project")
MOST_OF_FEW = 100
MOST = 20
MOST_OF_ONE = 500
# Whom more ties concern, is not told apart by how many.
MOST_TIES = 1000
# In that many languages.
TITLES = 3
# So many times as many entries are gone through at most as should do.
STEPS = 4
# Of a year, whose rows lie together, more: many that stand in it do not have it among their words.
OF_YEAR = 16
# Of more than so many times as many as are to be found, the latest are looked for: as if they were spread over that
# many stretches of time, in the first that should have enough.
MANY, SPREAD = 20, 200
_IS_YEAR = re.compile(r"[1-9]\d{3}").fullmatch


@dataclass(frozen=True)
class Kind:
    """A kind in which all words occur: which are wanted there, how many are to be found, and what that may cost."""

    name: str
    wanted: list
    most: int
    entries: int
    # At most so many have all words; of how many of those that are gone through, enough should.
    at_most: int
    steps: int
    # What is asked for is of this year, and only entries that stand in it are gone through.
    year: str = ""
    # Whether those that have the words may be anywhere in the order of the kind.
    is_spread: bool = False

    @classmethod
    def of(cls, name, asked, most):
        """None, where one of the words does not occur."""
        counts = {word: kinds[name] for word, kinds in asked.counts.items() if name in kinds}
        wanted, entries = asked.wanted_of(counts), asked.totals.get(name, 0)
        if not all(wanted):
            return None
        at_most = min(
            sum(sum(counts[word] for word in min_of(reading, counts)) for reading in unit) for unit in wanted
        )
        years = [word for word in counts if _IS_YEAR(word)]
        # Who has a year stands together with the others, behind all who have a later one.
        year = years[0] if len(years) == 1 and [[years]] in wanted and name not in SUBJECTS else ""
        # As if who has one word had the others no sooner than anybody, and those that may be meant by one word stood in
        # the same entries: as they often do, one being the stem of another.
        often = (
            max(max(counts[word] for word in min_of(reading, counts)) for reading in unit)
            for unit in wanted
            if not year or unit != [[years]]
        )
        share = prod(number / entries for number in often)
        steps = STEPS * most / share * (OF_YEAR if year else 1)
        steps = entries if years and not year else min(entries, int(steps))
        is_spread = not years and name not in SUBJECTS
        return cls(name, wanted, most, entries, at_most, steps, year, is_spread)

    @property
    def is_frequent(self):
        """Whether to go through the first of the kind, or of the year, costs less than to look for the words."""
        return self.steps < self.at_most * (1 / STEPS if self.is_many else STEPS)

    @property
    def is_many(self):
        """Whether to look for the latest that have the words, and not for all."""
        return self.is_spread and self.at_most > MANY * self.most

    @property
    def stretches(self):
        """How many of the latest stretches of time are looked into first."""
        return 1 + SPREAD * self.most // self.at_most

    @property
    def number(self):
        return number_of(self.name)

    @property
    def span(self):
        return span_of(self.name)

    @property
    def walked(self):
        """The lowest and the highest place of those that are gone through."""
        return span_of_year(self.name, int(self.year)) if self.year else self.span

    def those_in(self, rows):
        lowest, highest = self.walked
        return [row for row in rows if lowest <= row[0] <= highest]


def min_of(reading, counts):
    """The words that stand for the rarest part of a reading."""
    return min(reading, key=lambda words: sum(counts[word] for word in words))


class Hit(NamedTuple):
    """An entry that was found, and which of its names was, by its place among them; None where none has all words."""

    # By which hits are ordered: rank, number of the kind, less the ties, what `place_of` has, public identifier.
    order: tuple
    kind: str
    place: int
    entry_id: int
    line: int | None
    # Other names than its titles, one a line.
    names: str

    @property
    def public_id(self):
        return self.order[-1]

    @property
    def fit(self):
        return Fit(self.order[0] // len(How))


def rank_of(fit, how):
    """As one number, of which the least is the best."""
    return len(How) * fit + how


# Of an entry that has all words, but none of whose names has.
OF_TEXT = rank_of(Fit.TEXT, How.ITSELF)
OF_PLACE = rank_of(Fit.BEGINNING, How.PLACE)


class Search:
    """What a text finds in all kinds, or in one."""

    def __init__(self, text, kind=None, most=MOST):
        self.kind, self.asked = kind, Asked.of(text)
        self.most = MOST_OF_ONE if kind else most
        # Whether what was found has other words than those that were asked for.
        self.taken_for_others = False
        # The kinds of which more have all words than were ranked.
        self.more = set()
        self._ranks = {}

    def limit(self, kind):
        return self.most if self.kind else MOST_OF_FEW if kind in FEW else self.most

    @cached_property
    def kinds(self):
        """The kinds in which all words occur, each a Kind."""
        if not self.asked.units or not all(self.asked.wanted):
            return []
        names = [self.kind] if self.kind else sorted(KINDS, key=number_of)
        return list(filter(None, (Kind.of(name, self.asked, self.limit(name) + 1) for name in names)))

    @cached_property
    def hits(self):
        """{kind: [Hit] in the order of their ranks}, the kind of the best first.

        Where nothing has all words, those that nothing has are taken for others that are but one letter away.
        """
        found = self._find()
        if not found and self.asked.units and self.asked.taken_for_others():
            del self.kinds
            self._ranks.clear()
            self.taken_for_others = True
            found = self._find()
        return found

    def _find(self):
        found = {}
        if self.kinds:
            for row in candidates(self.kinds):
                found.setdefault(row[4], []).append(row)
        ranked = {}
        for kind, rows in found.items():
            if len(rows) > self.limit(kind):
                self.more.add(kind)
            latest = sorted(rows)[: self.limit(kind)]
            ranked[kind] = sorted(self._ranked(kind, latest))
        return dict(sorted(ranked.items(), key=lambda item: item[1][0].order))

    def _ranked(self, kind, rows):
        number, is_subject = number_of(kind), kind in SUBJECTS
        ties = importance(kind, [row[6] for row in rows]) if is_subject and len(rows) > 1 else {}
        for place, keys, names, entry_id, _kind, public_id, key in rows:
            rank, line = self.best(keys, names)
            latest = 0 if is_subject else place >> ORDER_AT
            yield Hit(
                (rank, number, -ties.get(key, 0), latest, public_id), kind, place, entry_id, line, names
            )

    def best(self, keys, names):
        """(rank, line) of the name that fits best, by the keys of an entry's own names and by all other names."""
        rank, found = OF_TEXT, None
        for line, key in enumerate(keys.split("\n")) if self.asked.may_fit(keys) else ():
            as_title, as_other = self._ranks.get(key) or self._ranks_of(key)
            own = as_other if line >= TITLES else as_title
            if own < rank:
                rank, found = own, line
        if names and rank > OF_PLACE:
            first = keys.count("\n") + 1
            of_places = names.split("\n")[first - TITLES :]
            called = [line for line, name in enumerate(of_places, first) if self._is_called(name)]
            return (OF_PLACE, called[0]) if called else (rank, found)
        return rank, found

    def _ranks_of(self, key):
        """(rank as a title, as another name) by a name of that key; many entries have the same names."""
        found = OF_TEXT, OF_TEXT
        if key and (fits := self.asked.fit_of(key)):
            fit, how = fits
            found = rank_of(fit, how), rank_of(Fit.OTHER_NAME if fit == Fit.NAME else fit, how)
        self._ranks[key] = found
        return found

    def _is_called(self, name):
        return bool(name) and self.asked.is_called(key_of(name))

    @property
    def ranked(self):
        """All hits, the best first."""
        return sorted(hit for hits in self.hits.values() for hit in hits)


def candidates(kinds):
    """Rows of the first entries of each kind that have all words: their places, and all by which they are ranked."""
    if connection.vendor == "postgresql":
        return found_by_postgresql(kinds)
    return zip(*by_places().columns_of(found_by_fts5(kinds)), strict=True)


@cache
def by_places():
    """A statement that is compiled once."""
    columns = ("keys", "names", "entry_id", "entry__kind", "entry__public_id", "entry__key")
    return Statement(SearchEntry.objects.all(), "pk", columns)


def importance(kind, keys):
    """{primary key: how many ties there are of it, no more than MOST_TIES} of states, organizations or people."""
    return dict(zip(*ties_counted(kind).columns_of(keys), strict=True))


@cache
def ties_counted(kind):
    ties = Tie.objects.filter(**{kind: OuterRef("key")}).order_by()[:MOST_TIES]
    # Counted no further: a count of all ties of the focal state would read half of the index.
    count = Subquery(ties.values("pk"), output_field=IntegerField())
    count.template = "(SELECT COUNT(*) FROM (%(subquery)s) ties_of)"
    rows = TiedEntry.objects.filter(kind=kind).annotate(ties_counted=count)
    return Statement(rows, "key", ["ties_counted"])
