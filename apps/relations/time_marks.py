"""The time picture of a state, of two, of an organization or a person: read from the index of ties.

The database first says how much there is of each kind and when. Of what is little, the ties are read and drawn one by
one; of what is much, those numbers are all that is needed. So what is read is bounded, whatever is recorded.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.kept import Kept
from apps.relations.counting import Ties
from apps.relations.models import Tie
from apps.relations.pairs import Pair
from apps.relations.querysets import time_key
from apps.relations.time_axis import Axis
from apps.relations.time_counts import DATED, counted, days_of, tally_of, within
from apps.relations.time_picture import Lane, picture
from apps.relations.time_shapes import BOTH, ONE, OTHER, Mark

# Ties that are read one by one: of a lane, and in all.
MOST_OF_LANE, MOST_IN_ALL = 150, 300
# Of what each kind is called in a lane: the first of those with this part in it whom the page is not about.
NAMED_BY = {
    "membership": ("organization", "member"),
    "visit": ("visitor", "host"),
}
PARTS = [(kind, part) for kind, parts in NAMED_BY.items() for part in parts]


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
    # What it is called where there is little room.
    short: str = ""

    def has(self, kind, roles):
        return kind in self.kinds and (not self.role or self.role in roles.split())

    def addresses(self, months):
        """Function of a Bucket of so many months that gives the address of the list of what lies, possibly, in it."""
        before, query = reverse(self.list_name), dict(self.query)

        def address(bucket):
            if months == 12:
                when = {"year": f"{bucket.years[0]:04}"}
            else:
                when = dict(zip(("from", "to"), bucket.months, strict=True))
            return f"{before}?{urlencode(query | when)}"

        return address


class TimePicture:
    """What the page of one or two `subjects` draws of `parts`; `query` are the parameters of the time line of both.

    The parts, of which no two have a tie in common, are querysets of ties, `counting.Ties`, or a Pair. Everything is
    drawn, whatever the day asked for: `day`, a PartialDate or None, is a line in it. What was counted is kept by `mark`
    (`core.kept`).
    """

    # Of one page, that of the focal state, which has a part in most of what there is: up to 10,000 Groups, some 3 MB.
    _kept = Kept(1)

    def __init__(self, subjects, parts, lanes, query, day=None, mark=None):
        self.subjects, self.parts, self.lanes, self.query, self.day = subjects, parts, lanes, query, day
        self.mark = mark

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

    @property
    def sides(self):
        """The two whose marks are told apart, if it is about two."""
        return self.subjects if len(self.subjects) == 2 else []

    @cached_property
    def _counted(self):
        subjects = tuple((type(subject), subject.pk) for subject in self.subjects)
        return self._kept.of(
            self.mark, subjects, lambda: [row for part in self.parts for row in counted(part)]
        )

    @property
    def drawn(self):
        """The Picture, or None where nothing is dated. A few queries, whatever there is."""
        few, many = self._divided
        marks = self._marks(few)
        days = days_of(row for rows in many.values() for row in rows)
        axis = Axis.of([mark for found in marks.values() for mark in found], days, self.day)
        return axis and picture(list(self._lanes(marks, many, axis)), axis, self.day)

    def _lanes(self, marks, many, axis):
        for lane in self.lanes:
            numbers = tally_of(many[lane], axis) if lane in many else None
            total = sum(row.dated for row in many[lane]) if numbers else len(marks[lane])
            address = lane.addresses(axis.bucket_months)
            yield Lane(lane.label, total, marks[lane], numbers, address, lane.side, lane.short or lane.label)

    @property
    def total(self):
        """How many entries are drawn."""
        return sum(row.dated for row in self._counted)

    @property
    def undated(self):
        """How many entries have no date by which to draw them."""
        return sum(row.n - row.dated for row in self._counted)

    def _lane_of(self, kind, roles):
        return next(lane for lane in self.lanes if lane.has(kind, roles))

    @property
    def _divided(self):
        """What was counted, of lanes with few marks, and by lane of the others."""
        groups, lane_of = {lane: [] for lane in self.lanes}, cache(self._lane_of)
        for row in self._counted:
            groups[lane_of(row.kind, row.roles)].append(row)
        sizes = {lane: sum(row.dated for row in rows) for lane, rows in groups.items()}
        few, many, total = [], {}, 0
        for lane in sorted(groups, key=sizes.get):
            total += sizes[lane]
            if sizes[lane] <= MOST_OF_LANE and total <= MOST_IN_ALL:
                few += groups[lane]
            else:
                many[lane] = groups[lane]
        return few, many

    def _marks(self, few):
        """{lane: its Marks in the order of time} of what was counted to be few: two queries at most."""
        marks = defaultdict(list)
        if not any(row.dated for row in few):
            return marks
        which = DATED & within(few)
        found = [
            part.rows(which) if isinstance(part, Ties | Pair) else part.filter(which) for part in self.parts
        ]
        ties = [tie for part in found for tie in part.for_list()]
        ties.sort(key=time_key)
        bearers = self._bearers([tie.entry_id for tie in ties if tie.kind in NAMED_BY])
        for tie in ties:
            lane = self._lane_of(tie.kind, tie.roles)
            marks[lane].append(self._told(Mark.of(tie), tie, lane, bearers.get(tie.entry_id)))
        return marks

    def _told(self, mark, tie, lane, bearer):
        """The mark with its words, its side and its group; called after `bearer`, or as it is where that is None."""
        entry, side, group = tie.entry, lane.side, None
        if self.sides and tie.kind == "membership":
            # The membership of either in one organization stands beside that of the other.
            side, group = ONE if tie.state_id == self.subjects[0].pk else OTHER, bearer
        title = _("%(kind)s, %(when)s: %(title)s") % {
            "kind": capfirst(entry.kind_label),
            "when": entry.when,
            "title": entry.title,
        }
        name = getattr(bearer, "short_name", None) or str(bearer or self._without_subject(entry.title))
        return mark.told(entry=entry, label=name, title=title, side=side, group=group)

    def _without_subject(self, title):
        """A title without whom the page is about, where it begins or ends with that: "Kazakhstan, Chair, OSCE"."""
        for subject in self.subjects:
            title = title.removeprefix(f"{subject}, ").removesuffix(f", {subject}")
        return title

    def _bearers(self, entries):
        """{entry: whom it is called after here}, a state, an organization or a person that the page is not about."""
        if not entries:
            return {}
        parts = reduce(or_, (Q(kind=kind, roles__contains=part) for kind, part in PARTS))
        found = defaultdict(dict)
        ends = Tie.objects.filter(parts, entry__in=entries)
        for end in ends.select_related("state", "organization", "person"):
            if end.bearer and end.bearer not in self.subjects:
                found[end.entry_id] |= {(end.kind, role): end.bearer for role in end.roles.split()}
        named = {}
        for entry, ends in found.items():
            named[entry] = next((ends[part] for part in PARTS if part in ends), None)
        return named
