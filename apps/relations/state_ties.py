"""What ties two states, or all that one state takes part in: their page, and the API's answer of the same."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.agreements.models import Agreement
from apps.core.dates import EARLIEST, LATEST
from apps.core.spans import Holds
from apps.events.models import Event, Project
from apps.figures.models import Figure
from apps.organizations.models import Membership, Office
from apps.relations.models import Tie
from apps.relations.querysets import BY_TIME
from apps.relations.ties import Listing, on
from apps.states.models import State
from apps.visits.models import Visit

# Kinds that the page of a state shows whether or not they concern the other one.
OWN = ("membership", "office")


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
class Section:
    """One part of what is told of a state: rows of one kind, and the parameters of the list that has all of them."""

    id: str
    kind: str
    label: str
    caption: str
    listing: Listing
    query: dict

    @property
    def template(self):
        return f"_components/{self.kind}s.html"

    @property
    def url(self):
        """Of the list that has all of it."""
        return f"{reverse(f'{self.kind}-list')}?{urlencode(self.query)}"

    @property
    def api_url(self):
        return f"{reverse(f'api:{self.kind}-list')}?{urlencode(self.query)}"


@dataclass(frozen=True)
class Line:
    """How much of one kind is recorded, and in which years: None where that is open, or not told of the kind.

    `certain` is how many are certain on the day asked for, None where none was; `parts` tell the number apart, in
    words.
    """

    kind: str
    label: str
    anchor: str
    count: int
    certain: int | None = None
    first: int | None = None
    last: int | None = None
    parts: list = field(default_factory=list)


class Partner(NamedTuple):
    """Another state: how many entries it has in common with the one, and in how many organizations both belong."""

    state: State
    entries: int
    organizations: int


class StateTies:
    """All that ties `state` to `other`, or, where they are the same, all that it takes part in.

    With `day`, a PartialDate, what held and what had happened by then, each row marked certain or possible.
    With `detailed`, rows have what the API says of each. The number of queries does not depend on that of ties.
    """

    def __init__(self, state, other, day=None, *, detailed=False):
        self.state, self.other, self.day = state, other, day
        self._rows = "for_detail" if detailed else "for_list"

    @property
    def is_own(self):
        """Whether it is asked for what one state takes part in."""
        return self.state == self.other

    def get_absolute_url(self):
        """Of the page that shows it, as of the day asked for."""
        query = f"?{urlencode(self.as_of)}" if self.day else ""
        if self.is_own or self.other.is_focus:
            return self.state.get_absolute_url() + query
        return reverse("pair", args=[self.state.code, self.other.code]) + query

    @property
    def pair(self):
        """The parameters by which a list is asked for the two."""
        return {"state": self.state.code} | ({} if self.is_own else {"counterpart": self.other.code})

    @property
    def as_of(self):
        return {"as_of": str(self.day)} if self.day else {}

    def _listing(self, queryset, total):
        return Listing.of(getattr(on(queryset, self.day), self._rows)(), total)

    def _between(self, model):
        """The published entries of a kind that tie the two; of one state, all that concern it."""
        entries = model.objects.published()
        return entries.concerning(self.state) if self.is_own else entries.linking(self.state, self.other)

    # Memberships

    @cached_property
    def _memberships(self):
        rows = Membership.objects.published().filter(member_state__in={self.state, self.other})
        rows = getattr(on(rows, self.day), self._rows)()
        by_organization = {}
        for row in rows.order_by("organization__name_en", "start_earliest", "pk"):
            sides = by_organization.setdefault(row.organization, SharedMembership(row.organization, [], []))
            side = sides.of_state if row.member_state_id == self.state.pk else sides.of_other
            side.append(row)
        return list(by_organization.values())

    @cached_property
    def shared_memberships(self):
        return [sides for sides in self._memberships if sides.of_state and sides.of_other]

    @cached_property
    def own_memberships(self):
        """Memberships where the other has none; asked for one state, all."""
        return list(chain.from_iterable(sides.of_state for sides in self._memberships if not sides.of_other))

    # What the list of each kind has

    @cached_property
    def visits_out(self):
        """From this state to the other one; of one state, to anywhere."""
        sent = Visit.objects.published().latest_first().sent_by(self.state)
        return self._listing(sent if self.is_own else sent.to(self.other), self._visits_as("sender"))

    @cached_property
    def visits_in(self):
        """To this state by whoever was sent by the other one; to one state, by anyone."""
        received = Visit.objects.published().latest_first().to(self.state)
        return self._listing(
            received if self.is_own else received.sent_by(self.other), self._visits_as("host")
        )

    @cached_property
    def agreements(self):
        return self._listing(self._between(Agreement).latest_first(), self._count("agreement"))

    @cached_property
    def events(self):
        return self._listing(self._between(Event).latest_first(), self._count("event"))

    @cached_property
    def projects(self):
        return self._listing(self._between(Project).earliest_first(), self._count("project"))

    @cached_property
    def figures(self):
        return self._listing(self._between(Figure).latest_first(), self._count("figure"))

    @cached_property
    def offices(self):
        """Posts that the state holds, and that people hold in it or for it."""
        offices = Office.objects.published().concerning(self.state).earliest_first()
        return self._listing(offices, self._own["office", True] + self._own["office", False])

    @cached_property
    def sections(self):
        """The parts that are ledgers of one kind, in order, those without rows included."""
        state, pair = self.state, self.pair
        latest = _("Latest first.")
        wanted = [
            ("visits_out", "visit", self._visits_label(out=True), latest, pair | {"direction": "out"}),
            ("visits_in", "visit", self._visits_label(out=False), latest, pair | {"direction": "in"}),
            ("agreements", "agreement", _("Agreements"), self._agreements_caption(), pair),
            ("events", "event", _("Events"), latest, pair),
            ("projects", "project", _("Projects"), _("In the order of their beginnings."), pair),
            ("figures", "figure", _("Figures"), latest, pair),
            (
                "offices",
                "office",
                _("Offices and people of %(state)s") % {"state": state},
                _("Posts that the state holds, and that people hold in it or for it."),
                {"state": state.code},
            ),
        ]
        return [
            Section(name, kind, label, caption, getattr(self, name), query | self.as_of)
            for name, kind, label, caption, query in wanted
        ]

    def _visits_label(self, *, out):
        if self.is_own:
            return _("Visits abroad") if out else _("Visits received")
        ends = (self.state, self.other) if out else (self.other, self.state)
        return _("Visits from %(one)s to %(other)s") % {"one": ends[0], "other": ends[1]}

    def _directed(self, section):
        """How many visits went in one direction: "3 to China"."""
        number, is_out = section.listing.total, section.id == "visits_out"
        if self.is_own:
            return (_("%(number)d abroad") if is_out else _("%(number)d received")) % {"number": number}
        return _("%(number)d to %(state)s") % {
            "number": number,
            "state": self.other if is_out else self.state,
        }

    def _agreements_caption(self):
        if self.is_own:
            return _("Latest first.")
        return _("Latest first; those with more parties than two are included.")

    # What the index of ties has

    @cached_property
    def _ties(self):
        """What ties the two in time, a row for each entry."""
        ties = Tie.objects.in_time()
        if self.is_own:
            return on(ties.concerning(self.state), self.day)
        return on(ties.linking(self.state, self.other, self.day), self.day)

    @cached_property
    def timeline(self):
        return Listing.of(
            getattr(self._ties, self._rows)().order_by(*BY_TIME), sum(row["n"] for row in self._found)
        )

    @cached_property
    def apart(self):
        """What else is recorded of the state, without the other: events, agreements and so on; none of one state."""
        if self.is_own:
            return Listing([], 0)
        alone = Tie.objects.in_time().concerning(self.state).exclude(kind__in=OWN)
        ties = getattr(on(alone.not_concerning(self.other), self.day), self._rows)()
        total = sum(n for (kind, shared), n in self._own.items() if not shared and kind not in OWN)
        return Listing.of(ties.order_by(*BY_TIME), total)

    @cached_property
    def partners(self):
        """A Partner for each other state with which anything is in common, the most first."""
        entries = on(Tie.objects.in_time().concerning(self.state), self.day).values("entry")
        ties = Tie.objects.filter(entry__in=entries, state__isnull=False).exclude(state=self.state)
        common = Counter(dict(ties.order_by().values_list("state").annotate(Count("pk"))))
        memberships = on(Membership.objects.published(), self.day)
        organizations = memberships.of_state(self.state).values("organization")
        others = memberships.filter(organization__in=organizations, member_state__isnull=False)
        others = others.exclude(member_state=self.state).order_by().values_list("member_state")
        shared = Counter(dict(others.annotate(Count("organization", distinct=True))))
        states = State.objects.in_bulk(common.keys() | shared.keys())
        found = [Partner(state, common[key], shared[key]) for key, state in states.items()]
        return sorted(found, key=lambda row: (-row.entries - row.organizations, row.state.name_en))

    @cached_property
    def _found(self):
        """How many ties there are of each kind and role, how many certain, and from when to when: one query."""
        certain = Count("pk", filter=Q(holds=Holds.CERTAIN)) if self.day else Count("pk")
        groups = self._ties.order_by().values("kind", "roles")
        return groups.annotate(
            n=Count("pk"),
            certain=certain,
            low=Min("earliest", filter=~Q(earliest=EARLIEST)),
            # Of what lasts, the last day of all says that it is going on; of what happened, that no day is known.
            high=Max("latest", filter=Q(lasting=True) | ~Q(latest=LATEST)),
        )

    @cached_property
    def _own(self):
        """How many entries concern the state, by (kind, whether the other has a part in them too): one query."""
        ties = on(Tie.objects.in_time().concerning(self.state), self.day)
        shared = Exists(Tie.objects.concerning(self.other).filter(entry=OuterRef("entry")))
        groups = ties.order_by().annotate(shared=shared).values_list("kind", "shared")
        counts = defaultdict(int)
        counts.update({(kind, bool(both)): n for kind, both, n in groups.annotate(Count("pk"))})
        return counts

    def _count(self, kind):
        return sum(row["n"] for row in self._found if row["kind"] == kind)

    def _visits_as(self, role):
        """How many visits there are in which the state has that role."""
        return sum(row["n"] for row in self._found if row["kind"] == "visit" and role in row["roles"].split())

    def _dated(self, kind):
        """(first, last) day of what is dated of a kind, None where none is."""
        return bounds_of([row for row in self._found if row["kind"] == kind])

    @cached_property
    def summary(self):
        """A Line for each kind of which there is anything, in the order of the page."""
        return [self._membership_line(), *self.lines] if self._shown_memberships else self.lines

    @cached_property
    def lines(self):
        """Those of all kinds but memberships, told by the index of ties alone."""
        kinds = {section.kind: [] for section in self.sections}
        for section in self.sections:
            if section.listing.total:
                kinds[section.kind].append(section)
        return [self._line(kind, sections) for kind, sections in kinds.items() if sections]

    def way(self, section):
        """A Line of the visits of one section, "visits_out" or "visits_in"."""
        role = {"visits_out": "sender", "visits_in": "host"}[section]
        rows = [row for row in self._found if row["kind"] == "visit" and role in row["roles"].split()]
        first, last = bounds_of(rows)
        return Line(
            kind="visit",
            label=_("Visits"),
            anchor=section,
            count=sum(row["n"] for row in rows),
            certain=sum(row["certain"] for row in rows) if self.day else None,
            first=year(first),
            last=year(last),
        )

    def _line(self, kind, sections):
        # Offices are told of the state alone, so what the index has of both says nothing of them.
        own = kind == "office"
        first, last = (None, None) if own else self._dated(kind)
        certain = sum(row["certain"] for row in self._found if row["kind"] == kind)
        return Line(
            kind=kind,
            label=_("Visits") if kind == "visit" else sections[0].label,
            anchor=sections[0].id,
            count=sum(section.listing.total for section in sections),
            certain=certain if self.day and not own else None,
            first=year(first),
            last=year(last),
            parts=[self._directed(section) for section in sections] if kind == "visit" else [],
        )

    @property
    def _shown_memberships(self):
        return self.own_memberships if self.is_own else self.shared_memberships

    def _membership_line(self):
        shown = self._shown_memberships
        return Line(
            kind="membership",
            label=_("Memberships") if self.is_own else _("Shared memberships"),
            anchor="memberships",
            count=len(shown),
            certain=sum(row.holds == Holds.CERTAIN for row in shown) if self.day else None,
        )

    @property
    def years(self):
        """First and last year of what has happened between them, or None where either is open."""
        happened = [line for line in self.summary if line.kind in ("visit", "agreement", "event")]
        first = [line.first for line in happened if line.first]
        last = [line.last for line in happened if line.last]
        return (min(first), max(last)) if first and last else None

    @property
    def is_empty(self):
        """Whether nothing is recorded of both; what the page tells of the state alone does not count."""
        return not any(row["n"] for row in self._found)


def bounds_of(rows):
    """(first, last) day of groups of ties, None where no day is known."""
    low, high = ([row[edge] for row in rows if row[edge]] for edge in ("low", "high"))
    return min(low, default=None), max(high, default=None)


def year(day):
    return None if day in (None, LATEST) else day.year
