"""Which states belong to which organizations, and in what status: a table of states by organizations."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy

from apps.core.querysets import holds_column
from apps.core.spans import Holds
from apps.organizations.models import Membership, Organization
from apps.relations.ties import on
from apps.states.models import State

Standing = Membership.Standing
# Unless they are named: more would not be taken in at a glance.
MOST_COLUMNS = 20
MOST_NAMED = 40
MOST_ROWS = 250
BY_NAME, BY_NUMBER = "name", "number"
# Beside each in the legend stand its words.
MARKS = {
    Standing.MEMBER: pgettext_lazy("mark of a status", "M"),
    Standing.ASSOCIATE: pgettext_lazy("mark of a status", "A"),
    Standing.OBSERVER: pgettext_lazy("mark of a status", "O"),
    Standing.DIALOGUE_PARTNER: pgettext_lazy("mark of a status", "D"),
    Standing.PARTNER: pgettext_lazy("mark of a status", "P"),
    Standing.PARTICIPANT: pgettext_lazy("mark of a status", "T"),
    Standing.APPLICANT: pgettext_lazy("mark of a status", "C"),
}
RANK = {standing: rank for rank, standing in enumerate(Standing.values)}


@dataclass(frozen=True)
class Status:
    """A membership in a cell; `holds` is "" where no day is asked for."""

    slug: str
    standing: str
    holds: str

    @property
    def mark(self):
        return MARKS[self.standing]

    @property
    def is_possible(self):
        return self.holds == Holds.POSSIBLE

    @property
    def words(self):
        label = Standing(self.standing).label
        return gettext("%(status)s, only possibly") % {"status": label} if self.is_possible else label

    @property
    def url(self):
        return reverse("membership-detail", args=[self.slug])

    @property
    def rank(self):
        """The closest status comes first, and what is certain before what is only possible."""
        return self.is_possible, RANK[self.standing]


@dataclass(frozen=True)
class Row:
    """A state and its statuses in the organization of each column, a list for each."""

    state: State
    cells: list

    @property
    def number(self):
        """In how many of the organizations it is."""
        return sum(map(bool, self.cells))

    def rank_in(self, column):
        return min((status.rank for status in self.cells[column]), default=(True, len(RANK)))


@dataclass(frozen=True)
class Common:
    """Who is in each of several organizations: those that certainly were on the day, and those that perhaps were.

    Where no day is asked for, all are among the certain ones: it is certain that they were in each at some time.
    """

    organizations: list
    certain: list
    possible: list


class Matrix:
    """States by organizations as of `day`, a PartialDate, or without one, whenever it was.

    `named` are the organizations to be shown, otherwise those with the most members are; `common` are those in each of
    which a state has to be; `sort` is BY_NAME, BY_NUMBER or an organization. Five queries at most.
    """

    def __init__(self, day=None, named=(), common=(), states=(), region="", kind="", sort=BY_NUMBER):
        self.day, self.common, self.sort = day, list(common), sort
        self._named, self._states, self._region, self._kind = list(named), list(states), region, kind

    @classmethod
    def of(cls, form, focus):
        names = {"named": "organization", "common": "in", "states": "state"}
        entries = {name: form.given(parameter) or () for name, parameter in names.items()}
        return cls(
            form.given("as_of"),
            region=form.given("region"),
            kind=form.given("kind"),
            sort=form.given("sort") or BY_NUMBER,
            **entries,
        )

    @cached_property
    def _memberships(self):
        of_states = Membership.objects.published().filter(member_state__isnull=False)
        if self._region:
            of_states = of_states.filter(member_state__region=self._region)
        if self._states:
            of_states = of_states.filter(member_state__in=self._states)
        return on(of_states, self.day)

    @property
    def _asked_for(self):
        """The organizations that are to be shown in any case."""
        sort = [self.sort] if isinstance(self.sort, Organization) else []
        return list(dict.fromkeys([*self.common, *sort, *self._named]))

    @cached_property
    def _numbers(self):
        """{organization's key: how many of the states are in it}: one query for all of them."""
        rows = self._memberships.order_by().values_list("organization")
        return dict(rows.annotate(Count("member_state", distinct=True)))

    @cached_property
    def _candidates(self):
        """Keys of the organizations that are shown where there is room: those of the kind asked for with any state."""
        if not self._kind:
            return self._numbers.keys()
        of_kind = Organization.objects.filter(kind=self._kind).values_list("pk", flat=True)
        return self._numbers.keys() & {*of_kind}

    @cached_property
    def organizations(self):
        """Of the columns, each with `n`, how many of the states are in it; those of `common` first, then by `n`."""
        asked = {row.pk for row in self._asked_for}
        room = max(MOST_COLUMNS, len(asked)) - len(asked)
        others = [] if self._named else self._candidates - asked
        # Those with the most, and, as names decide between those with as many as the last of them, these too.
        least = sorted((self._numbers[key] for key in others), reverse=True)[:room][-1:]
        found = {key for key in others if least and self._numbers[key] >= least[0]}
        rows = list(Organization.objects.published().filter(pk__in=asked | found).order_by("name_en", "pk"))
        for row in rows:
            row.n = self._numbers.get(row.pk, 0)
        rows.sort(key=lambda row: (row.pk not in asked, -row.n))
        return sorted(rows[: room + len(asked)], key=lambda row: (row not in self.common, -row.n))

    @cached_property
    def left_out(self):
        """How many more organizations there are in which any of the states is; 0 where they were named."""
        if self._named or len(self.organizations) < MOST_COLUMNS:
            return 0
        return len(self._candidates - {row.pk for row in self.organizations})

    @cached_property
    def _found(self):
        """The Row of each state that is in any of the organizations."""
        columns = {row.pk: place for place, row in enumerate(self.organizations)}
        names, cells = ("member_state", "organization", "slug", "standing"), {}
        rows = self._memberships.filter(organization__in=columns).order_by("start_earliest", "pk")
        for state, organization, slug, standing, *holds in rows.values_list(*names, *holds_column(rows)):
            row = cells.setdefault(state, [[] for _column in columns])
            row[columns[organization]].append(Status(slug, standing, *holds or [""]))
        states = State.objects.in_bulk(cells)
        for row in cells.values():
            for statuses in row:
                statuses.sort(key=lambda status: status.rank)
        return [Row(states[key], row) for key, row in cells.items()]

    @cached_property
    def rows(self):
        """In the order asked for; with `common`, of states that are in each of these organizations."""
        shared = range(len(self.common))
        rows = [row for row in self._found if all(row.cells[place] for place in shared)]
        rows.sort(key=lambda row: row.state.name.casefold())
        if self.sort == BY_NUMBER:
            rows.sort(key=lambda row: -row.number)
        elif self.sort != BY_NAME:
            column = self.organizations.index(self.sort)
            rows.sort(key=lambda row: (row.rank_in(column), -row.number))
        return rows

    @property
    def shown(self):
        return self.rows[:MOST_ROWS]

    @property
    def rows_left_out(self):
        return len(self.rows) - len(self.shown)

    @cached_property
    def in_common(self):
        """The answer to who is in each of several organizations; None where fewer than two are asked for."""
        if len(self.common) < 2:
            return None
        places = range(len(self.common))
        certain, possible = [], []
        for row in self.rows:
            is_certain = all(not row.cells[place][0].is_possible for place in places)
            (certain if is_certain else possible).append(row.state)
        by_name = sorted(certain, key=lambda row: row.name), sorted(possible, key=lambda row: row.name)
        return Common(self.organizations[: len(self.common)], *by_name)

    @property
    def standings(self):
        """Those that stand in any cell, for the legend."""
        found = {status.standing for row in self.shown for cell in row.cells for status in cell}
        return [Status("", standing, "") for standing in Standing.values if standing in found]

    # As files

    @property
    def about(self):
        return {"organizations": [row.slug for row in self.organizations], "left_out": self.left_out}

    def table(self, request):
        """(names of the columns, rows): a column for each organization, and in it the statuses in words."""
        names = ["code", "state", *(row.slug for row in self.organizations)]
        rows = [
            [row.state.code, row.state.name_en, *("; ".join(map(told, cell)) for cell in row.cells)]
            for row in self.rows
        ]
        return names, rows


def told(status):
    """As the API has it, with "?" behind what is only possible on the day asked for."""
    return f"{status.standing}{'?' if status.is_possible else ''}"
