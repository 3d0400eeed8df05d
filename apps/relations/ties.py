"""What ties an organization or a person to others, and counts of ties for lists. Of states see `state_ties`."""

from collections import Counter
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import ngettext

from apps.agreements.models import Agreement
from apps.core.querysets import holds_column
from apps.core.spans import Holds
from apps.events.models import Event, Project
from apps.figures.models import Figure
from apps.organizations.models import Membership, Office
from apps.relations.counting import TiesOfPartners, numbers
from apps.relations.models import PairCount
from apps.relations.querysets import Keys
from apps.states.models import State
from apps.visits.models import Visit

# Rows of one kind that a page shows, and that the API gives beside those of other kinds; the list of that kind,
# filtered, has the rest.
SHOWN, GIVEN = 20, 100


class Listing:
    """The first rows of one kind, read once they are asked for, and how many there are in all.

    `url` is the address of the list that has all of them, where whoever shows the rows does not know it.
    """

    def __init__(self, rows, total, url=""):
        self._rows, self.total, self.url = rows, total, url

    @classmethod
    def of(cls, queryset, total=None, url="", shown=SHOWN):
        """`total`, where it is known already, spares a query."""
        if total is not None:
            return cls(queryset[:shown] if total else [], total, url)
        rows = list(queryset[: shown + 1])
        total = queryset.count() if len(rows) > shown else len(rows)
        return cls(rows[:shown], total, url)

    @cached_property
    def rows(self):
        return list(self._rows)

    @property
    def rest(self):
        return self.total - len(self.rows)


def listing_of(queryset, day, **query):
    """Listing of entries as of a day; `query` are the parameters by which their own list has just these."""
    query |= {"as_of": str(day)} if day else {}
    url = f"{reverse(f'{queryset.model._meta.model_name}-list')}?{urlencode(query)}"
    return Listing.of(on(queryset, day).for_list(), url=url)


def on(queryset, day):
    """`queryset` as of `day`, a PartialDate, or as it is where no day is asked for."""
    return queryset.as_of(day.earliest, day.latest) if day else queryset


class OrganizationTies:
    """What is recorded of an organization: members, officers, agreements, what came before and after it.

    With `day`, a PartialDate, as for `StateTies`.
    """

    def __init__(self, organization, day=None):
        self.organization, self.day = organization, day

    def _listing(self, rows):
        return listing_of(rows, self.day, organization=self.organization.slug)

    @cached_property
    def members(self):
        """Memberships in the order of their status, then of time, then of the member's name."""
        rows = on(Membership.objects.published().filter(organization=self.organization), self.day)
        order = list(Membership.Standing)
        return sorted(
            rows.for_list(), key=lambda row: (order.index(row.standing), row.start_earliest, row.member.name)
        )

    @property
    def members_certain(self):
        """How many of them are certain on the day asked for."""
        return sum(row.holds == Holds.CERTAIN for row in self.members) if self.day else 0

    @property
    def members_by_status(self):
        return [
            (label, list(rows))
            for label, rows in groupby(self.members, key=lambda row: row.get_standing_display())
        ]

    @cached_property
    def belongs_to(self):
        rows = Membership.objects.published().filter(member_organization=self.organization)
        return listing_of(rows.earliest_first(), self.day, member=self.organization.slug)

    @cached_property
    def officers(self):
        rows = Office.objects.published().filter(body_organization=self.organization)
        return self._listing(rows.earliest_first())

    @cached_property
    def agreements(self):
        """Those to which it is a party, and those that it signed for a party."""
        rows = Agreement.objects.published().with_organization(self.organization)
        return self._listing(rows.latest_first())

    @cached_property
    def visits(self):
        rows = Visit.objects.published().filter(sent_by_organization=self.organization)
        return self._listing(rows.latest_first())

    @cached_property
    def events(self):
        rows = Event.objects.published().with_organization(self.organization)
        return self._listing(rows.latest_first())

    @cached_property
    def projects(self):
        rows = Project.objects.published().with_organization(self.organization)
        return self._listing(rows.earliest_first())

    @cached_property
    def figures(self):
        rows = Figure.objects.published().with_organization(self.organization)
        return self._listing(rows.latest_first())

    @property
    def counts(self):
        """How much there is of what it is asked about most, in words; agreements only where there is any."""
        found = [Membership.counted % len(self.members), Office.counted % self.officers.total]
        agreements = self.agreements.total
        return [*found, Agreement.counted % agreements] if agreements else found

    @cached_property
    def parts(self):
        return list(self.organization.parts.published().order_by("name_en", "pk"))

    @cached_property
    def predecessors(self):
        return list(self.organization.successions_in.published().for_list())

    @cached_property
    def successors(self):
        return list(self.organization.successions_out.published().for_list())


class PersonTies:
    """What is recorded of a person: offices, visits, and whom others met in them.

    With `day`, a PartialDate, as for `StateTies`.
    """

    def __init__(self, person, day=None):
        self.person, self.day = person, day

    @cached_property
    def offices(self):
        rows = Office.objects.published().filter(holder_person=self.person)
        return listing_of(rows.earliest_first(), self.day, person=self.person.slug)

    @cached_property
    def visits(self):
        rows = Visit.objects.published().filter(visitor=self.person)
        return listing_of(rows.latest_first(), self.day, visitor=self.person.slug)

    @cached_property
    def events(self):
        rows = Event.objects.published().with_person(self.person)
        return listing_of(rows.latest_first(), self.day, person=self.person.slug)

    @cached_property
    def meetings(self):
        rows = Visit.objects.published().filter(met=self.person)
        return listing_of(rows.latest_first(), self.day, met=self.person.slug)

    @property
    def counts(self):
        """How much there is of it, in words; meetings only where there is any."""
        found = [Office.counted % self.offices.total, Visit.counted % self.visits.total]
        met = ngettext(
            "%d meeting during visits of others",
            "%d meetings during visits of others",
            self.meetings.total,
        )
        return [*found, met % self.meetings.total] if self.meetings.total else found


def counted(rows, by, what="pk"):
    """Subquery that counts different `what` of the `rows` whose field `by` is the outer row; 0 where none is."""
    counts = (
        rows.filter(**{by: OuterRef("pk")})
        .order_by()
        .values(by)
        .annotate(n=Count(what, distinct=True))
        .values("n")
    )
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def organizations_shared(state, day=None):
    """{primary key of each other public state: (organizations to which both belong, of how many that is certain)}

    Without a `day`, what is recorded counts as certain, and the numbers of the focal state are kept; others take a
    query that goes through the memberships of all states.
    """
    if state.is_focus and not day:
        kept = PairCount.objects.filter(one=state.pk, organizations__gt=0)
        return {key: (number, number) for key, number in kept.values_list("other", "organizations")}
    ours = on(Membership.objects.published().of_state(state), day)
    own = {}
    for organization, *holds in ours.values_list("organization", *holds_column(ours)):
        own[organization] = own.get(organization, False) or holds != [Holds.POSSIBLE]
    # What is said of each side here is what makes them public, and costs no join.
    others = on(
        Membership.objects.filter(status=Membership.Status.PUBLISHED, organization__in=Keys(own)), day
    )
    others = others.filter(member_state__isnull=False).exclude(member_state=state).order_by()
    rows = others.values_list("member_state").annotate(Count("organization", distinct=True))
    if day:
        certain = Q(organization__in=[key for key, sure in own.items() if sure], holds=Holds.CERTAIN)
        rows = rows.annotate(certain=Count("organization", distinct=True, filter=certain))
    public = {*State.objects.published().values_list("pk", flat=True)}
    # The last is how many are certain, or, of no day, the number itself.
    return {key: (numbers[0], numbers[-1]) for key, *numbers in rows if key in public}


def count_ties(states, focus, day=None):
    """Gives each of the states `shared_count`, `out_count`, `in_count`, `agreement_count`: its ties to `focus`.

    With `day`, also `shared_certain`: in how many of the shared organizations both certainly were then. The number of
    queries is always the same.
    """
    shared, counts = organizations_shared(focus, day), Counter()
    kinds = TiesOfPartners(focus, Q(kind__in=["visit", "agreement"]))
    for row in numbers(kinds, ["state", "kind", "roles"], day):
        for role in row["roles"].split():
            counts[row["state"], row["kind"], role] += row["n"]
    for state in states:
        state.shared_count, state.shared_certain = shared.get(state.pk, (0, 0))
        state.out_count, state.in_count = (counts[state.pk, "visit", role] for role in ("host", "sender"))
        state.agreement_count = counts[state.pk, "agreement", "party"]


def with_member_counts(organizations, day=None):
    """`organizations` with `member_count`, and with `day` also `member_certain`: memberships that held then."""
    memberships = on(Membership.objects.published(), day)
    organizations = organizations.annotate(member_count=counted(memberships, "organization"))
    if day is None:
        return organizations
    return organizations.annotate(
        member_certain=counted(memberships.filter(holds=Holds.CERTAIN), "organization")
    )


def with_entry_counts(people):
    """`people` with `office_count` and `visit_count`."""
    return people.annotate(
        office_count=counted(Office.objects.published(), "holder_person"),
        visit_count=counted(Visit.objects.published(), "visitor"),
    )
