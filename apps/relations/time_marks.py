"""The time picture of a state, of two, of an organization or a person: read from the index of ties.

Of each kind the database first says how much there is and between which days. Only what is little is read row by row;
of what is much, the database counts the rows of each stretch. So what is read is bounded, whatever is recorded.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import Count, F, Func, IntegerField, Max, Min, Q, Value
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.dates import EARLIEST, LATEST
from apps.relations.models import Tie
from apps.relations.querysets import BY_TIME
from apps.relations.time_axis import Axis
from apps.relations.time_bars import Tally
from apps.relations.time_picture import Lane, picture
from apps.relations.time_shapes import BOTH, ONE, OTHER, Mark

# Rows that are read one by one: of a lane, and in all.
MOST_MARKS, MOST_IN_ALL = 150, 300
# Of what each kind is called in a lane: the first of those with this part in it whom the page is not about.
NAMED_BY = {
    "membership": ("organization", "member"),
    "office": ("holder", "body"),
    "visit": ("visitor", "host"),
}
PARTS = [(kind, part) for kind, parts in NAMED_BY.items() for part in parts]
# Of when something is known; what is not, has no place in a picture of time.
DATED = (
    Q(earliest__gt=EARLIEST)
    | Q(latest__lt=LATEST)
    | Q(lasting=True, certain_from__lt=LATEST)
    | Q(lasting=True, certain_until__gt=EARLIEST)
)


@dataclass(frozen=True)
class LaneOf:
    """Which ties a lane has: of some kinds, and, with `role`, where the subject of the page has that role."""

    kinds: tuple
    label: str
    role: str = ""
    side: str = BOTH
    # The list of all of it, and its parameters.
    list_name: str = "timeline"
    query: tuple = ()

    def has(self, kind, roles):
        return kind in self.kinds and (not self.role or self.role in roles.split())

    def address(self, months, bucket):
        """Of the list of what lies, possibly, in a Bucket of so many months."""
        if months == 12:
            when = {"year": f"{bucket.years[0]:04}"}
        else:
            when = dict(zip(("from", "to"), bucket.months, strict=True))
        return f"{reverse(f'{self.list_name}')}?{urlencode(dict(self.query) | when)}"


class MonthNumber(Func):
    """Months since January of the year 0. Of a date that is text, as SQLite has it, without asking Python."""

    output_field = IntegerField()
    template = (
        "(CAST(EXTRACT(YEAR FROM %(expressions)s) AS integer) * 12"
        " + CAST(EXTRACT(MONTH FROM %(expressions)s) AS integer) - 1)"
    )

    def as_sqlite(self, compiler, connection, **context):
        template = (
            "(CAST(substr(%(expressions)s, 1, 4) AS integer) * 12"
            " + CAST(substr(%(expressions)s, 6, 2) AS integer) - 1)"
        )
        return self.as_sql(compiler, connection, template=template, **context)


class TimePicture:
    """What the page of one or two `subjects` draws of `ties`; `query` are the parameters of the time line of both.

    Everything is drawn, whatever the day asked for: `day`, a PartialDate or None, is a line in it.
    """

    def __init__(self, subjects, ties, lanes, query, day=None):
        self.subjects, self.ties, self.lanes, self.query, self.day = subjects, ties, lanes, query, day

    @property
    def list_url(self):
        """Of the same as a list."""
        return f"{reverse('timeline')}?{urlencode(self.query)}"

    @property
    def undated_url(self):
        """Of the list from its end, where what is not dated stands."""
        return f"{self.list_url}&ordering=-date"

    @property
    def csv_url(self):
        return f"{reverse('api:timeline-list')}?{urlencode(self.query)}&format=csv"

    @cached_property
    def drawn(self):
        """The Picture, or None where nothing is dated. At most five queries, whatever there is."""
        few, many = self._divided
        marks = self._read(few)
        axis = Axis.of([mark for found in marks.values() for mark in found], days_of(many), self.day)
        if axis is None:
            return None
        tallies = self._counted(many, axis)
        lanes = [
            Lane(
                lane.label,
                sum(row["dated"] for row in self._groups[lane]),
                marks.get(lane, []),
                tallies.get(lane),
                partial(lane.address, axis.bucket_months),
                lane.side,
            )
            for lane in self.lanes
        ]
        return picture(lanes, axis, self.day)

    @property
    def sides(self):
        """The two whose marks are told apart, if it is about two."""
        return self.subjects if len(self.subjects) == 2 else []

    @property
    def total(self):
        """How much is drawn."""
        return sum(row["dated"] for row in self._found)

    @property
    def undated(self):
        return sum(row["n"] - row["dated"] for row in self._found)

    @cached_property
    def _found(self):
        """How much there is of each kind and role, and between which days: one query, that reads no row."""
        ties = self.ties.order_by().values("kind", "roles")
        found = ties.annotate(
            n=Count("pk"),
            dated=Count("pk", filter=DATED),
            first=Min("earliest", filter=Q(earliest__gt=EARLIEST)),
            last=Max("latest", filter=Q(latest__lt=LATEST)),
            sure_first=Min("certain_from", filter=Q(lasting=True, certain_from__lt=LATEST)),
            sure_last=Max("certain_until", filter=Q(lasting=True, certain_until__gt=EARLIEST)),
        )
        return [row for row in found if row["n"]]

    @cached_property
    def _groups(self):
        """The rows of `_found` by the lane in which they are drawn."""
        groups = {lane: [] for lane in self.lanes}
        for row in self._found:
            groups[self._lane_of(row["kind"], row["roles"])].append(row)
        return groups

    def _lane_of(self, kind, roles):
        return next(lane for lane in self.lanes if lane.has(kind, roles))

    @property
    def _divided(self):
        """The rows of `_found` of lanes that are read row by row, and those of lanes that are counted."""
        few, many, total = [], [], 0
        sized = sorted((sum(row["dated"] for row in rows), n) for n, rows in enumerate(self._groups.values()))
        groups = list(self._groups.values())
        for size, n in sized:
            total += size
            (few if size <= MOST_MARKS and total <= MOST_IN_ALL else many).extend(groups[n])
        return few, many

    def _read(self, groups):
        """{lane: its marks in the order of time}: two queries at most."""
        if not any(row["dated"] for row in groups):
            return {}
        ties = list(self.ties.filter(DATED, within(groups)).for_list().order_by(*BY_TIME))
        names = self._names([tie.entry_id for tie in ties if tie.kind in NAMED_BY])
        marks = defaultdict(list)
        for tie in ties:
            lane = self._lane_of(tie.kind, tie.roles)
            # Of two, the membership of either in one organization stands beside that of the other.
            is_shared = bool(self.sides) and tie.kind == "membership"
            side = (ONE if tie.state_id == self.subjects[0].pk else OTHER) if is_shared else lane.side
            marks[lane].append(mark_of(tie, names.get(tie.entry_id), side, is_shared=is_shared))
        return marks

    def _names(self, entries):
        """{entry: whom it is called after here}, a state, an organization or a person that the page is not about."""
        parts = reduce(or_, (Q(kind=kind, roles__contains=part) for kind, part in PARTS))
        ends = Tie.objects.filter(parts, entry__in=entries)
        found = defaultdict(dict)
        for end in ends.select_related("state", "organization", "person"):
            if end.bearer not in self.subjects:
                found[end.entry_id] |= {(end.kind, role): end.bearer for role in end.roles.split()}
        return {
            entry: bearer
            for entry, ends in found.items()
            if (bearer := next((ends[kind, part] for kind, part in PARTS if (kind, part) in ends), None))
        }

    def _counted(self, groups, axis):
        """{lane: its Tally}: two queries, which answer with no more rows than the axis has pairs of stretches."""
        tallies = defaultdict(Tally)
        if not groups:
            return tallies
        ties = self.ties.filter(DATED, within(groups)).order_by()
        held = ties.filter(lasting=True, certain_from__lte=F("certain_until"))
        for rows, ends, certain in (
            (ties, ("earliest", "latest"), True),
            (held, ("certain_from", "certain_until"), False),
        ):
            first, last = (place_in(end, axis) for end in ends)
            rows = rows.annotate(first=first, last=last).values("kind", "roles", "lasting", "first", "last")
            for row in rows.annotate(n=Count("pk")):
                tally = tallies[self._lane_of(row["kind"], row["roles"])]
                part = tally.certain if not certain else tally.lasting if row["lasting"] else tally.happened
                part[row["first"], row["last"]] += row["n"]
        return tallies


def within(groups):
    """That a tie is of one of the kinds and roles."""
    roles = defaultdict(list)
    for row in groups:
        roles[row["kind"]].append(row["roles"])
    return reduce(or_, (Q(kind=kind, roles__in=found) for kind, found in roles.items()))


def days_of(groups):
    """The days that an axis has to show for what is counted."""
    return [row[name] for row in groups for name in ("first", "last", "sure_first", "sure_last") if row[name]]


def place_in(column, axis):
    """`time_bars.place` of a column, as an expression."""
    low, high = (month // axis.bucket_months for month in axis.months)
    place = MonthNumber(F(column)) / axis.bucket_months - low
    return Greatest(Least(place, Value(high - low + 1)), Value(-1), output_field=IntegerField())


def mark_of(tie, bearer, side, *, is_shared):
    """The Mark of a tie that is called after `bearer`, or, where that is None, by its title."""
    entry = tie.entry
    when, doubtful = entry.when, [entry.date, entry.start, entry.end, entry.attested]
    title = _("%(kind)s, %(when)s: %(title)s") % {
        "kind": capfirst(entry.kind_label), "when": when, "title": entry.title
    }
    doubt = "?" * any(date.uncertain for date in doubtful) + "~" * any(date.approximate for date in doubtful)
    return Mark(
        **bounds(tie),
        label=str(getattr(bearer, "short_name", bearer) or entry.title),
        title=title,
        entry=entry,
        side=side,
        group=bearer if is_shared else None,
        doubt=doubt,
    )


def bounds(tie):
    """When it was, as a Mark has it. What went on from one day to another, such as a visit of a week, lasted."""
    date = tie.entry.date
    if tie.lasting or not date.is_lasting:
        names = ("earliest", "latest", "lasting", "certain_from", "certain_until")
        return {name: getattr(tie, name) for name in names}
    first, last = date.parts
    return {
        "earliest": date.earliest,
        "latest": date.latest,
        "lasting": True,
        "certain_from": first.latest,
        "certain_until": last.earliest,
    }
