"""Two to four states side by side: the rows of the table, each with a cell for each state, and what ties each two.

What is counted is read from the index of ties, grouped by the database, as the pages of the states have it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Case, Count, F, Max, Min, Q, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext as _

from apps.agreements.models import Agreement, Party, Subject
from apps.core.dates import EARLIEST, LATEST
from apps.core.datewords import date_words, span_words
from apps.figures.models import Figure
from apps.organizations.models import Membership, Organization
from apps.relations.models import PairCount
from apps.relations.pairs import Pair as Both
from apps.relations.state_memberships import told_apart
from apps.relations.state_ties import StateTies
from apps.relations.ties import GIVEN, on
from apps.states.models import State

FEWEST, MOST = 2, 4


@dataclass(frozen=True)
class Cell:
    """What is said of one state in a row: `text` says all of it in words.

    `count` is None in a row that counts nothing, `certain` where no day is asked for; `first` and `last` are years.
    `entries` are the rows behind it. `is_itself` is of the focal state, which has no ties with itself.
    """

    text: str = ""
    count: int | None = None
    certain: int | None = None
    first: int | None = None
    last: int | None = None
    url: str = ""
    entries: tuple = ()
    is_itself: bool = False

    @classmethod
    def of(cls, line, url):
        return cls(str(line.count), line.count, line.certain, line.first, line.last, url)


class Row(NamedTuple):
    """`id` tells it from the others of its part of the table; `subject` is the entry that it is about, if any."""

    id: str
    label: str
    cells: list
    subject: object = None
    is_part: bool = False


class Part(NamedTuple):
    """Rows of the table under one heading; `rest` more are left out. `empty` says that there are none."""

    id: str
    label: str
    rows: list
    note: str = ""
    rest: int = 0
    empty: str = ""


class Pair(NamedTuple):
    """Two of the states, neither the focal one, and how much they have in common."""

    one: State
    other: State
    entries: int
    organizations: int

    @property
    def url(self):
        return reverse("pair", args=[self.one.code, self.other.code])


class Comparison:
    """Of `states`, two to four, in their order, in what ties them to `focus`, on `day`, a PartialDate or None."""

    def __init__(self, states, focus, day=None):
        self.states, self.focus, self.day = states, focus, day
        self.others = [state for state in states if state != focus]
        self._ties = {state: StateTies(state, focus, day) for state in self.others}

    @property
    def parameters(self):
        """By which the address asks for it."""
        return [("state", state.code) for state in self.states] + ([("as_of", self.day)] if self.day else [])

    def get_absolute_url(self):
        return f"{reverse('compare')}?{urlencode(self.parameters)}"

    @cached_property
    def parts(self):
        parts = [self.facts, self.ties, *self.organizations, self.subjects, self.figures]
        return [part for part in parts if part.rows or part.empty]

    # What is known of each

    @property
    def facts(self):
        language = get_language()
        told = [
            ("code", _("Code"), lambda state: state.code),
            ("kind", _("Kind"), lambda state: state.get_kind_display()),
            ("region", _("Region"), lambda state: state.get_region_display()),
            ("began", _("Began"), lambda state: date_words(state.begin, language) if state.begin else ""),
            ("ended", _("Ended"), lambda state: date_words(state.ended, language) if state.ended else ""),
        ]
        rows = [Row(id, label, [Cell(str(tell(state))) for state in self.states]) for id, label, tell in told]
        return Part("facts", _("The states"), [row for row in rows if any(cell.text for cell in row.cells)])

    # What ties each to the focal state

    @property
    def ties(self):
        """The numbers of the pages of the states."""
        focus = {"state": self.focus}
        rows = [
            self._row("memberships", _("Shared memberships"), self._shared),
            self._row("visits", _("Visits"), self._line_of("visit")),
            self._row("visits_in", _("Visits there"), self._way("visits_in"), is_part=True),
            self._row("visits_out", _("Visits from there"), self._way("visits_out"), is_part=True),
            self._row("agreements", _("Agreements"), self._line_of("agreement")),
            self._row("events", _("Events"), self._line_of("event")),
            self._row("projects", _("Projects"), self._line_of("project")),
            self._row("figures", _("Figures"), self._line_of("figure")),
            self._row("offices", _("Offices and people"), self._line_of("office")),
        ]
        return Part("ties", _("In common with %(state)s") % focus, rows)

    def _row(self, id, label, tell, **kinds):
        cells = [Cell(is_itself=True) if state == self.focus else tell(state) for state in self.states]
        return Row(id, label, cells, **kinds)

    def _line_of(self, kind):
        def tell(state):
            line = next((line for line in self._ties[state].lines if line.kind == kind), None)
            return Cell.of(line, f"{state.get_absolute_url()}#{line.anchor}") if line else Cell("0", 0)

        return tell

    def _way(self, section):
        def tell(state):
            line = self._ties[state].way(section)
            return Cell.of(line, f"{state.get_absolute_url()}#{section}" if line.count else "")

        return tell

    def _shared(self, state):
        """Organizations to which it and the focal state belong; certain where both certainly do."""
        sides = [self._memberships[one.pk] for one in (state, self.focus)]
        shared = sides[0].keys() & sides[1].keys()
        certain = sum(all(any(sure for _pk, sure in side[key]) for side in sides) for key in shared)
        url = f"{state.get_absolute_url()}#memberships" if shared else ""
        return Cell(str(len(shared)), len(shared), certain if self.day else None, url=url)

    # Who belongs to what

    @cached_property
    def _memberships(self):
        """{state's key: {organization's key: [(primary key, whether it is certain) of its memberships]}}: one query.

        The focal state has its own among them.
        """
        states = {*self.states, self.focus}
        found = {state.pk: {} for state in states}
        for pk, state, organization, sure in told_apart(states, self.day, "start_earliest", "pk"):
            found[state].setdefault(organization, []).append((pk, sure))
        return found

    @property
    def organizations(self):
        """Three parts: the organizations of all of the states, of some, of one only."""
        sides = [self._memberships[state.pk] for state in self.states]
        shared = {number: [] for number in range(1, len(sides) + 1)}
        for key in in_order_of_names({key for side in sides for key in side}):
            known = [[pk for pk, _sure in side.get(key, ())] for side in sides]
            shared[sum(map(bool, known))].append((key, known))
        some = [found for number in range(len(sides) - 1, 1, -1) for found in shared[number]]
        everybody, some, one = self._read(shared[len(sides)], some, shared[1])
        label = _("Organizations of all of them")
        return [
            matrix("all-organizations", label, *everybody, _("None is recorded.")),
            matrix("some-organizations", _("Organizations of some of them"), *some),
            self._of_one(*one),
        ]

    def _read(self, *parts):
        """([(organization, the memberships of each state)] of the first, how many more there are) for each part."""
        shown = [found[:GIVEN] for found in parts]
        organizations = Organization.objects.in_bulk([key for found in shown for key, _known in found])
        keys = [pk for found in shown for _key, known in found for side in known for pk in side]
        rows = on(Membership.objects.filter(pk__in=keys), self.day).for_title()
        rows = {row.pk: row for row in rows}
        return [
            (
                [(organizations[key], [[rows[pk] for pk in side] for side in known]) for key, known in some],
                len(found) - len(some),
            )
            for some, found in zip(shown, parts, strict=True)
        ]

    def _of_one(self, found, rest):
        """One row, each cell with the organizations to which that state alone belongs."""
        cells = []
        for number in range(len(self.states)):
            memberships = [row for _organization, known in found for row in known[number]]
            cells.append(membership_cell(memberships, with_organization=True))
        rows = [Row("one", _("of this state alone"), cells)] if found else []
        return Part("one-organization", _("Organizations of one of them"), rows, rest=rest)

    # What was agreed on

    @property
    def subjects(self):
        """Agreements with the focal state by subject, the most frequent first."""
        found = {(row["party_state"], row["agreement__subjects"]): row for row in self._agreements_by_subject}
        names = Subject.objects.in_bulk({key for _state, key in found if key})
        totals = Counter()
        for (_state, key), row in found.items():
            totals[key] += row["n"]
        rows = []
        for key in sorted(totals, key=lambda key: (key is None, -totals[key], str(names.get(key)))):
            subject = names.get(key)
            tell = self._agreed(found, subject)
            label = capfirst(str(subject)) if subject else _("No subject recorded")
            rows.append(self._row(subject.slug if subject else "none", label, tell))
        note = _("An agreement on two subjects is counted under each.")
        return Part(
            "subjects", _("Agreements with %(state)s, by subject") % {"state": self.focus}, rows, note
        )

    def _agreed(self, found, subject):
        def tell(state):
            row = found.get((state.pk, subject and subject.pk))
            if not row:
                return Cell("0", 0)
            asked = {"state": state.code, "counterpart": self.focus.code}
            query = urlencode(asked | {"subject": subject.slug}) if subject else ""
            return Cell(
                str(row["n"]),
                row["n"],
                row["certain"] if self.day else None,
                year(row["low"]),
                year(row["high"]),
                f"{reverse('agreement-list')}?{query}" if query else "",
            )

        return tell

    @property
    def _agreements_by_subject(self):
        agreements = on(Agreement.objects.published().concerning(self.focus), self.day)
        parties = Party.objects.filter(party_state__in=self.others, agreement__in=agreements.values("pk"))
        certain = self.day and Q(agreement__signed_latest__lte=self.day.latest)
        signed = {edge: f"agreement__signed_{edge}" for edge in ("earliest", "latest")}
        return (
            parties.order_by()
            .values("party_state", "agreement__subjects")
            .annotate(
                n=Count("pk"),
                certain=Count("pk", filter=certain) if self.day else Count("pk"),
                low=Min(signed["earliest"], filter=~Q(**{signed["earliest"]: EARLIEST})),
                high=Max(signed["latest"], filter=~Q(**{signed["latest"]: LATEST})),
            )
        )

    # What was measured

    @property
    def figures(self):
        """The latest of each measure: of a state alone, and of it and the focal one, either way."""
        found = defaultdict(list)
        for figure in self._latest_figures:
            found[figure.measure, figure.whose].append(figure)
        rows = []
        for measure in Figure.Measure:
            cells = [figures_cell(found.get((measure.value, state.pk), ())) for state in self.states]
            if any(cell.entries for cell in cells):
                rows.append(Row(measure.value, capfirst(str(measure.label)), cells))
        note = _("The latest of each state alone, and of it with %(state)s.") % {"state": self.focus}
        return Part("measures", _("Figures"), rows, note)

    @property
    def _latest_figures(self):
        own = Q(of_state__in=self.states, with_state=None, with_organization=None)
        shared = Q(of_state__in=self.others, with_state=self.focus)
        shared |= Q(of_state=self.focus, with_state__in=self.others)
        figures = on(Figure.objects.published().filter(own | shared), self.day)
        # Of a figure of the focal state with another, that other one.
        is_theirs = Q(of_state=self.focus, with_state__isnull=False)
        whose = Case(When(is_theirs, then=F("with_state")), default=F("of_state"))
        return (
            figures.annotate(whose=whose)
            .annotate(
                place=Window(
                    RowNumber(),
                    partition_by=[F("whose"), F("measure"), F("of_state"), F("with_state")],
                    order_by=[F("date_earliest").desc(), F("pk").asc()],
                )
            )
            .filter(place=1)
            .for_list()
            .order_by("measure", "-date_earliest", "pk")
        )

    # What ties each two

    @cached_property
    def pairs(self):
        return [
            Pair(
                one,
                other,
                self._entries_of_both[frozenset([one.pk, other.pk])],
                self._organizations_of_both(one, other),
            )
            for one, other in combinations(self.others, 2)
        ]

    def _organizations_of_both(self, *both):
        one, other = (self._memberships[state.pk] for state in both)
        return len(one.keys() & other.keys())

    @cached_property
    def _entries_of_both(self):
        """{keys of two states: the number of entries that concern both}"""
        others = [state.pk for state in self.others]
        if self.day:
            return {
                frozenset([one.pk, other.pk]): sum(row["n"] for row in Both(one, other, self.day).numbers())
                for one, other in combinations(self.others, 2)
            }
        counts = PairCount.objects.filter(one__in=others, other__in=others)
        found = counts.values_list("one", "other", "entries")
        return Counter({frozenset([one, other]): n for one, other, n in found})


def compare_url(states):
    query = urlencode([("state", state.code) for state in states])
    return f"{reverse('compare')}?{query}" if query else reverse("compare")


def in_order_of_names(keys):
    """Keys of organizations in the order of their names in the reader's language."""
    name = f"name_{(get_language() or 'en')[:2]}"
    rows = Organization.objects.filter(pk__in=keys).values_list("pk", name, "name_en")
    return [pk for _name, pk in sorted((own or english, pk) for pk, own, english in rows)]


def matrix(id, label, found, rest, empty=""):
    """The Part of organizations, [(organization, the memberships of each state)], a row for each."""
    rows = [
        Row(organization.slug, str(organization), [membership_cell(rows) for rows in known], organization)
        for organization, known in found
    ]
    return Part(id, label, rows, rest=rest, empty=empty)


def membership_cell(memberships, *, with_organization=False):
    """Of one state in one organization, or in several, each of which is named then."""
    language = get_language() or "en"
    words = []
    for row in memberships:
        told = [row.get_standing_display(), span_words(row.start, row.end, row.attested, language)]
        words.append(", ".join([str(row.organization)] + told if with_organization else told))
    return Cell("; ".join(words), entries=tuple(memberships))


def figures_cell(figures):
    """Of one measure of one state."""
    language = get_language() or "en"
    words = [f"{row.title}: {row.words}, {date_words(row.date, language)}" for row in figures]
    return Cell("; ".join(words), entries=tuple(figures))


def year(day):
    """That of a day; None where there is none, or it is still going on."""
    return None if day in (None, LATEST) else day.year
