"""How many ties each state has with the focal one, by kind: the numbers of the world map, its table and its files."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import get_language, gettext_lazy as _, ngettext_lazy

from apps.core.kept import Kept
from apps.core.templatetags.reading import grouped
from apps.core.text import fold
from apps.relations.counting import TiesOfPartners, numbers, totals
from apps.relations.ties import organizations_shared
from apps.states.models import State

ALL = "all"
# Of so many days and languages the numbers are kept, each some 300 KB where there are 200 states.
MOST_KEPT = 20


class Measure(NamedTuple):
    """What can be counted: the heading of its column, a number of it in words, and the kind in the index of ties."""

    label: str
    counted: str
    kind: str = ""

    def in_words(self, number):
        return self.counted % {"count": number, "shown": grouped(number)}


# By their names in addresses, those of the model's lists.
MEASURES = {
    ALL: Measure(_("All ties"), ngettext_lazy("%(shown)s tie", "%(shown)s ties", "count")),
    "memberships": Measure(
        _("Shared memberships"),
        ngettext_lazy("%(shown)s shared membership", "%(shown)s shared memberships", "count"),
        "membership",
    ),
    "visits": Measure(_("Visits"), ngettext_lazy("%(shown)s visit", "%(shown)s visits", "count"), "visit"),
    "agreements": Measure(
        _("Agreements"), ngettext_lazy("%(shown)s agreement", "%(shown)s agreements", "count"), "agreement"
    ),
    "events": Measure(_("Events"), ngettext_lazy("%(shown)s event", "%(shown)s events", "count"), "event"),
    "projects": Measure(
        _("Projects"), ngettext_lazy("%(shown)s project", "%(shown)s projects", "count"), "project"
    ),
    "figures": Measure(
        _("Figures"), ngettext_lazy("%(shown)s figure", "%(shown)s figures", "count"), "figure"
    ),
    "offices": Measure(
        _("Offices"), ngettext_lazy("%(shown)s office", "%(shown)s offices", "count"), "office"
    ),
}


def nothing():
    return dict.fromkeys(MEASURES, 0)


@dataclass
class Tally:
    """Ties of one state, {name of MEASURES: number}: how many there are, and how many of them are certain.

    Where no day was asked for, what is recorded counts as certain. `name` is the state's in the reader's language.
    """

    state: State
    name: str
    counts: dict = field(default_factory=nothing)
    certain: dict = field(default_factory=nothing)

    def add(self, measure, count, certain):
        for name in (measure, ALL):
            self.counts[name] += count
            self.certain[name] += certain


class Tallies:
    """A Tally for each published state but the focal one, as of `day`, a PartialDate, or of all that is recorded.

    An entry that concerns several states is a tie of each. They are the numbers of the page of each state: entries
    that concern both, and organizations to which both belong. The number of queries is always the same; by `mark`, they
    are kept (`core.kept`).
    """

    _kept = Kept(MOST_KEPT)

    def __init__(self, focus, day=None, mark=None):
        self.focus, self.day, self.mark = focus, day, mark

    @cached_property
    def by_state(self):
        """{primary key: Tally}, in the order of the names in the reader's language."""
        return self._kept.of(self.mark, (self.focus.pk, self.day, get_language()), self._counted)

    def _counted(self):
        states = State.objects.published().exclude(pk=self.focus.pk)
        shown = states.only("code", "region", "status", *State.name_fields)
        named = sorted(shown, key=lambda state: (fold(state.name), state.code))
        tallies = {state.pk: Tally(state, state.name) for state in named}
        measures = {measure.kind: name for name, measure in MEASURES.items()}
        for state, kind, count, certain in self._entries():
            if state in tallies and kind in measures:
                tallies[state].add(measures[kind], count, certain)
        for state, (shared, certain) in organizations_shared(self.focus, self.day).items():
            if state in tallies:
                tallies[state].add("memberships", shared, certain)
        return tallies

    def ranked(self, measure=ALL):
        """The Tally of each, those with the most first, the others by name."""
        return sorted(self.by_state.values(), key=lambda tally: -tally.counts[measure])

    def most(self, measure):
        return max((tally.counts[measure] for tally in self.by_state.values()), default=0)

    def total(self, measure):
        return sum(tally.counts[measure] for tally in self.by_state.values())

    def total_certain(self, measure):
        return sum(tally.certain[measure] for tally in self.by_state.values())

    def _entries(self):
        """(state, kind, how many entries concern it and the focal state, how many are certain)"""
        if not self.day:
            return [(*row, row[-1]) for row in totals(["of", "kind"], of__gt=0, with_focus__in=[True])]
        rows = numbers(TiesOfPartners(self.focus), ["state", "kind"], self.day)
        return [(row["state"], row["kind"], row["n"], row["certain"]) for row in rows]
