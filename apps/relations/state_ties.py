"""What ties two states, or all that one state takes part in: their page, and the API's answer of the same."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.agreements.models import Agreement
from apps.core.dates import LATEST
from apps.core.keysets import Place
from apps.core.querysets import holds_column
from apps.events.models import Event, Project
from apps.figures.models import Figure
from apps.organizations.models import Office
from apps.relations.counting import Ties, numbers
from apps.relations.models import Tie
from apps.relations.pairs import Pair
from apps.relations.partners import partners_of
from apps.relations.querysets import BY_TIME, time_key
from apps.relations.state_memberships import StateMemberships
from apps.relations.ties import GIVEN, SHOWN, Listing, on
from apps.visits.models import Visit

# Kinds that the page of a state shows whether or not they concern the other one.
OWN = ("membership", "office")


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


class StateTies:
    """All that ties `state` to `other`, or, where they are the same, all that it takes part in.

    With `day`, a PartialDate, what held and what had happened by then, each row marked certain or possible.
    With `detailed`, rows are those of the API, and have what it says of each; of the sections, whose rows its lists
    write (`serializers.listing_of_kind`), they are Places. The number of queries does not depend on that of ties; what
    all other states and organizations have a part in is kept by `mark` (`core.kept`).
    """

    def __init__(self, state, other, day=None, *, detailed=False, mark=None):
        self.state, self.other, self.day, self._detailed, self._mark = state, other, day, detailed, mark
        self._rows, self._most = ("for_detail", GIVEN) if detailed else ("for_list", SHOWN)

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

    # Memberships

    @cached_property
    def memberships(self):
        return StateMemberships(self.state, self.other, self.day, self._rows, self._most, self._mark)

    @property
    def shared_memberships(self):
        """The first SharedMemberships, in the order of the names of the organizations."""
        return self.memberships.shared.rows

    @property
    def own_memberships(self):
        """The first memberships where the other has none; asked for one state, of all."""
        return self.memberships.own.rows

    @property
    def memberships_url(self):
        """Of the list of all memberships of the state."""
        return f"{reverse('membership-list')}?{urlencode({'state': self.state.code} | self.as_of)}"

    @property
    def shared_memberships_url(self):
        return f"{reverse('membership-list')}?{urlencode(self.pair | self.as_of)}"

    @cached_property
    def of_memberships(self):
        """The ties of the memberships of either where both belong."""
        return Tie.objects.of_memberships([self.state, self.other], self.memberships.keys)

    # What the list of each kind has

    @cached_property
    def in_common(self):
        return Pair(self.state, self.other, self.day)

    def _listing(self, model, keys, total):
        """Listing of the entries of these keys, which are read from the index of ties, and then no other entries."""
        return Listing(self._read(model, keys) if total else [], total)

    def _read(self, model, keys):
        keys = list(keys)
        rows = on(model.objects.filter(pk__in=keys), self.day)
        rows = {row.pk: row for row in (places_of(rows) if self._detailed else rows.for_list())}
        yield from (rows[key] for key in keys)

    def _latest(self, model):
        kind = model._meta.model_name
        return self._listing(model, self.in_common.latest(kind, most=self._most), self._count(kind))

    def _visits(self, role):
        """Those in which the state has that part."""
        return self._listing(
            Visit, self.in_common.latest("visit", role, most=self._most), self._visits_as(role)
        )

    @cached_property
    def visits_out(self):
        """From this state to the other one; of one state, to anywhere."""
        return self._visits("sender")

    @cached_property
    def visits_in(self):
        """To this state by whoever was sent by the other one; to one state, by anyone."""
        return self._visits("host")

    @cached_property
    def agreements(self):
        return self._latest(Agreement)

    @cached_property
    def events(self):
        return self._latest(Event)

    @cached_property
    def projects(self):
        """In the order of their own beginnings; the index has them by what was proposed, too."""
        found = Project.objects.filter(pk__in=self.in_common.keys("project"))
        keys = on(found, self.day).earliest_first().values_list("pk", flat=True)
        return self._listing(Project, keys[: self._most], self._count("project"))

    @cached_property
    def figures(self):
        return self._latest(Figure)

    @cached_property
    def offices(self):
        """Posts that the state holds, and that people hold in it or for it."""
        ties = on(Pair(self.state, self.state).rows(Q(kind="office")), self.day)
        keys = ties.order_by("earliest", "entry__key").values_list("entry__key", flat=True)
        return self._listing(Office, keys[: self._most], self._own["office"])

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
    def timeline(self):
        """What ties the two in time, a row for each entry; the memberships of either where both belong included."""
        return Listing(self._in_order(), sum(row["n"] for row in self._found))

    def _in_order(self):
        """The first of the entries of both, and the first of the memberships, in one order."""
        parts = [self.in_common.by_time(self._most)]
        if not self.is_own:
            parts.append(self.of_memberships)
        ties = [
            tie
            for part in parts
            for tie in getattr(on(part, self.day), self._rows)().order_by(*BY_TIME)[: self._most]
        ]
        return sorted(ties, key=time_key)[: self._most]

    @cached_property
    def apart(self):
        """What else is recorded of the state, without the other: events, agreements and so on; none of one state."""
        if self.is_own:
            return Listing([], 0)
        alone = Tie.objects.in_time().concerning(self.state).exclude(kind__in=OWN)
        alone = alone.filter(with_focus=False) if self.other.is_focus else alone.not_concerning(self.other)
        ties = getattr(on(alone, self.day), self._rows)()
        shared = sum(row["n"] for row in self._found if row["kind"] not in OWN)
        total = sum(n for kind, n in self._own.items() if kind not in OWN) - shared
        return Listing.of(ties.order_by(*BY_TIME), total, shown=self._most)

    @cached_property
    def partners(self):
        return partners_of(self.state, self.day, self._mark)

    @cached_property
    def _found(self):
        """How many ties there are of each kind and role, how many certain, and in which years."""
        rows = self.in_common.numbers()
        if not self.is_own and (keys := self.memberships.keys):
            both = {"kind": "membership", "roles": "member", "low": None, "high": None}
            rows.append(both | {"n": len(keys), "certain": sum(keys.values())})
        return rows

    @cached_property
    def _own(self):
        """How many entries concern the state, by kind."""
        counts = Counter()
        for row in self._found if self.is_own else numbers(Ties.of(self.state), ["kind"], self.day):
            counts[row["kind"]] += row["n"]
        return counts

    def _count(self, kind):
        return sum(row["n"] for row in self._found if row["kind"] == kind)

    def _visits_as(self, role):
        """How many visits there are in which the state has that role."""
        return sum(row["n"] for row in self._found if row["kind"] == "visit" and role in row["roles"].split())

    def _dated(self, kind):
        """(first, last) year of what is dated of a kind, None where none is."""
        return bounds_of([row for row in self._found if row["kind"] == kind])

    @cached_property
    def summary(self):
        """A Line for each kind of which there is anything, in the order of the page."""
        line = self._membership_line()
        return [line, *self.lines] if line.count else self.lines

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
            first=first,
            last=last,
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
            first=first,
            last=last,
            parts=[self._directed(section) for section in sections] if kind == "visit" else [],
        )

    def _membership_line(self):
        found = self.memberships
        certain = found.own_certain if self.is_own else found.shared_certain
        return Line(
            kind="membership",
            label=_("Memberships") if self.is_own else _("Shared memberships"),
            anchor="memberships",
            count=(found.own if self.is_own else found.shared).total,
            certain=certain if self.day else None,
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


def places_of(rows):
    """The Places of entries, in no order, for whoever writes them by their keys."""
    found = rows.order_by().values_list("pk", *holds_column(rows))
    return [Place(values[:1], *values[1:]) for values in found]


def bounds_of(rows):
    """(first, last) year of groups of ties, None where none is known, or where something was still going on."""
    low, high = ([row[edge] for row in rows if row[edge]] for edge in ("low", "high"))
    last = max(high, default=None)
    return min(low, default=None), None if last == LATEST.year else last
