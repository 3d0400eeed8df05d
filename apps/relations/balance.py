"""How the ties of the focal state are spread over other states and their regions, period by period.

A tie is a visit, an agreement or an event in which the focal state and another one have a part, once for each other
state. It counts in a period if its date lies certainly within it; what may lie in several periods cannot be placed, and
is counted apart. Memberships, which last, are counted where both states certainly belonged on the last day of a period.
"""

from collections import Counter, defaultdict
from functools import cache, cached_property, partial, reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import root
from apps.core.dates import EARLIEST
from apps.core.time_parameters import Dating
from apps.organizations.models import Membership
from apps.relations.balance_parts import Partner, Period, Region, Share, Spread, Ties
from apps.relations.counting import TiesOfPartners, by_periods
from apps.relations.models import KINDS
from apps.relations.years import COUNTED, is_known, written
from apps.states.models import State

MEMBERSHIP = "membership"
# Of a period, in years; the first where none is asked for.
LENGTHS = (5, 1, 2, 10, 20)
# The latest; more would be too narrow to read.
MOST_PERIODS = 12
# Beside which the others are one.
MOST_REGIONS = 8
LEADING = 8
# In the table; the files have all.
LISTED = 30
NO_REGION = _("No region")


class Balance:
    """The ties of `focus` of the `kinds`, in periods of `length` years; of one `region` only, where it is given.

    With `day`, a PartialDate, those that had come about by then.
    """

    # The parameters of the page on which it stands.
    asked = {}

    def __init__(self, focus, kinds=COUNTED, length=LENGTHS[0], region="", day=None):
        self.focus, self.kinds, self.length, self.region, self.day = focus, kinds, length, region, day

    @classmethod
    def of(cls, form, focus):
        kinds = [form.given("kind")] if form.given("kind") else COUNTED
        length = int(form.given("years") or LENGTHS[0])
        balance = cls(focus, kinds, length, form.given("region"), form.given("as_of"))
        balance.asked = form.asked
        return balance

    # Periods

    @cached_property
    def _origin(self):
        """The year in which a period begins: that of the focal state's beginning, or a round one."""
        begin = self.focus.begin.earliest
        return begin.year if begin > EARLIEST else 0

    def _period_of(self, year):
        first = (year - self._origin) // self.length * self.length + self._origin
        return Period(first, first + self.length - 1)

    @cached_property
    def periods(self):
        """Those shown: without gaps, the latest MOST_PERIODS, none before the focal state's beginning."""
        known = {period for _state, _kind, period in self._placed}
        if not known:
            return []
        last = max(known)
        first = max(min(known).first, self._origin, last.first - (MOST_PERIODS - 1) * self.length)
        return [self._period_of(year) for year in range(first, last.first + 1, self.length)]

    # Counts

    @cached_property
    def _counts(self):
        """Counters of (state, kind, Period) and, of what cannot be placed, of (state, kind)."""
        return self._memberships() if MEMBERSHIP in self.kinds else self._happened()

    @property
    def _placed(self):
        return self._counts[0]

    @property
    def _unplaced(self):
        return self._counts[1]

    def _happened(self):
        placed, unplaced = Counter(), Counter()
        ties = TiesOfPartners(self.focus, Q(kind__in=self.kinds))
        of_region, period_of = self._of_region, cache(self._period_of)
        for state, kind, year, n in by_periods(ties, ["state", "kind"], self.length, self._origin, self.day):
            if of_region is not None and state not in of_region:
                continue
            if year is None:
                unplaced[state, kind] += n
            else:
                placed[state, kind, period_of(year)] += n
        return placed, unplaced

    @property
    def _of_region(self):
        """Primary keys of the states of the region asked for, None where none is."""
        if not self.region:
            return None
        return {*State.objects.filter(region=self.region).values_list("pk", flat=True)}

    def _memberships(self):
        """On the last day of each period; what cannot be placed is shared on none of these days for certain."""
        rows, ours = self._spans
        days = self._days({row[2:] for row in rows} | {span for spans in ours.values() for span in spans})
        on = OnDays([day for _period, day in days])
        of_us = {organization: on.any_of(spans) for organization, spans in ours.items()}
        together, of_region = Counter(), self._of_region
        for state, organization, *span in rows:
            if of_region is None or state in of_region:
                together[state, organization] |= on[tuple(span)] & of_us[organization]
        placed, unplaced = Counter(), Counter()
        # Few sets of days are those of many pairs.
        for (state, held), n in Counter((state, held) for (state, _key), held in together.items()).items():
            placed.update({(state, MEMBERSHIP, days[i][0]): n for i in range(len(days)) if held >> i & 1})
            unplaced[state, MEMBERSHIP] += 0 if held else n
        return placed, +unplaced

    @property
    def _spans(self):
        """Of the memberships of others in the organizations of the focal state, and of its own.

        [(state, organization, first, last day on which it certainly belonged)] and {organization: [(first, last day)]}
        """
        columns = ("organization", "start_latest", "end_earliest")
        ours = defaultdict(list)
        for organization, *span in Membership.objects.published().of_state(self.focus).values_list(*columns):
            ours[organization].append(tuple(span))
        states = State.objects.published().exclude(pk=self.focus.pk)
        # What is said of each side here is what makes them public, and costs no join.
        rows = Membership.objects.filter(status=Membership.Status.PUBLISHED, organization__in=ours)
        return list(rows.filter(member_state__in=states).values_list("member_state", *columns)), ours

    def _days(self, spans):
        """[(Period, its last day)] of the latest MOST_PERIODS up to the last day of which anything is certain."""
        known = [edge for span in spans for edge in span if is_known(edge.year)]
        if not known:
            return []
        limit = min(max(known), self.day.latest) if self.day else max(known)
        last = self._period_of(limit.year)
        first = max(last.first - (MOST_PERIODS - 1) * self.length, self._period_of(min(known).year).first)
        periods = [self._period_of(year) for year in range(first, last.first + 1, self.length)]
        return [
            (period, min(period.last_day, self.day.latest) if self.day else period.last_day)
            for period in periods
        ]

    @cached_property
    def _states(self):
        return State.objects.in_bulk({key[0] for found in self._counts for key in found})

    # What is shown

    @cached_property
    def spreads(self):
        """A Spread for each period."""
        counts = {period: Counter() for period in self.periods}
        for (state, _kind, period), n in self._placed.items():
            if period in counts:
                counts[period][state] += n
        return [Spread(period, found) for period, found in counts.items()]

    @cached_property
    def regions(self):
        """A Region for each in which any tie is placed, the one with the most ties first."""
        labels = dict(State.Region.choices) | {"": NO_REGION}
        found = defaultdict(Counter)
        for spread in self.spreads:
            for state, n in spread.counts.items():
                found[self._states[state].region][spread.period] += n
        order = sorted(found, key=lambda code: (-sum(found[code].values()), code))
        return [
            Region(
                number, code, labels[code], [Share(found[code][row.period], row.all) for row in self.spreads]
            )
            for number, code in enumerate(order, 1)
        ]

    @cached_property
    def partners(self):
        """A Partner for each state with any tie, the one with the most in the periods shown first."""
        placed, unplaced = Counter(), Counter()
        for spread in self.spreads:
            placed.update(spread.counts)
        for (state, _kind), n in self._unplaced.items():
            unplaced[state] += n
        order = sorted(
            self._states.values(), key=lambda row: (-placed[row.pk], -unplaced[row.pk], row.name_en)
        )
        return [
            Partner(
                state,
                [self._ties(state, period) for period in self.periods],
                placed[state.pk],
                unplaced[state.pk],
            )
            for state in order
            if placed[state.pk] or unplaced[state.pk]
        ]

    def _ties(self, state, period):
        found = ((kind, self._placed[state.pk, kind, period]) for kind in self.kinds)
        return [Ties(kind, n, partial(self._address, "", state, kind, period)) for kind, n in found if n]

    def _address(self, area, state, kind, period):
        """Of the list that has just these ties: on the site, or in the `area` "api:"."""
        if kind == MEMBERSHIP:
            day = f"?as_of={min(period.last_day, self.day.latest) if self.day else period.last_day}"
            if area:
                return f"{reverse(f'{area}relations', args=[state.code])}{day}"
            return f"{state.get_absolute_url()}{day}#memberships"
        address, query = self._list_of(f"{area}{kind}-list"), self._query_of(period)
        return f"{address}?{self._query_of_state(state.code)}&{query}"

    @cached_property
    def _list_of(self):
        # A file has tens of thousands of addresses, which differ by their states alone.
        return cache(reverse)

    @cached_property
    def _query_of_state(self):
        return cache(lambda code: urlencode({"state": code}))

    @cached_property
    def _query_of(self):
        """By Period, the parameters but that of the state."""

        def query(period):
            asked = {"counterpart": self.focus.code}
            asked |= {"from": written(period.from_year), "to": written(period.to_year)}
            asked |= {"dating": Dating.WITHIN.value} | ({"as_of": str(self.day)} if self.day else {})
            return urlencode(asked)

        return cache(query)

    @property
    def leading(self):
        return [row for row in self.partners[:LEADING] if row.all]

    @property
    def listed(self):
        return self.partners[:LISTED]

    @property
    def unlisted(self):
        return len(self.partners) - len(self.listed)

    @property
    def placed(self):
        return sum(spread.all for spread in self.spreads)

    @cached_property
    def unplaced(self):
        return sum(self._unplaced.values())

    @property
    def earlier(self):
        """How many lie in periods before those shown."""
        return sum(self._placed.values()) - self.placed

    def address_of(self, region):
        """Of the page with the partners in the region alone; "" where it is that page, or for what is no region."""
        if self.region or not region.code:
            return ""
        return f"?{urlencode(self.asked | {'region': region.code})}#partners"

    @property
    def kinds_told(self):
        """[(kind, label)]"""
        return [(kind, KINDS[kind]._meta.verbose_name_plural) for kind in self.kinds]

    @property
    def is_of_memberships(self):
        return MEMBERSHIP in self.kinds

    # As files

    @property
    def about(self):
        spreads = [
            {
                "from": row.period.from_year,
                "to": row.period.to_year,
                "ties": row.all,
                "partners": row.partners,
                "concentration": row.concentration and round(row.concentration, 4),
                "effective_partners": row.effective_partners and round(row.effective_partners, 2),
            }
            for row in self.spreads
        ]
        return {"focus": self.focus.code, "spread": spreads}

    def table(self, request):
        """(names of the columns, rows) of all ties, those before the periods shown and those without one included."""
        names = ("kind", "from", "to", "code", "state", "region", "ties", "api_url", "page_url")
        site, states = root(request), self._states
        years = cache(lambda period: (written(period.from_year), written(period.to_year)))
        rows = []
        for (pk, kind, period), n in self._placed.items():
            state = states[pk]
            api_url = site + self._address("api:", state, kind, period)
            page_url = site + self._address("", state, kind, period)
            rows.append((kind, *years(period), state.code, state.name_en, state.region, n, api_url, page_url))
        for (pk, kind), n in self._unplaced.items():
            state = states[pk]
            rows.append((kind, "", "", state.code, state.name_en, state.region, n, "", ""))
        return names, sorted(rows)


class OnDays(dict):
    """{(first, last day): on which of the `days` that stretch has}, the days as bits of a number."""

    def __init__(self, days):
        super().__init__()
        self.days = days

    def __missing__(self, span):
        first, last = span
        self[span] = sum(1 << i for i, day in enumerate(self.days) if first <= day <= last)
        return self[span]

    def any_of(self, spans):
        return reduce(or_, (self[span] for span in spans), 0)
