"""What ties an organization or a person to others, and counts of ties for lists. Of states see `state_ties`."""

from functools import cached_property
from itertools import groupby

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import ngettext

from apps.agreements.models import Agreement, Party
from apps.core.spans import Holds
from apps.events.models import Event, Project
from apps.figures.models import Figure
from apps.organizations.models import Membership, Office
from apps.visits.models import Visit

# Rows of one kind that a page shows; the list of that kind, filtered, has the rest.
SHOWN = 100


class Listing:
    """The first rows of one kind, read once they are asked for, and how many there are in all."""

    def __init__(self, rows, total):
        self._rows, self.total = rows, total

    @classmethod
    def of(cls, queryset, total=None):
        """`total`, where it is known already, spares a query."""
        if total is not None:
            return cls(queryset[:SHOWN] if total else [], total)
        rows = list(queryset[: SHOWN + 1])
        total = queryset.count() if len(rows) > SHOWN else len(rows)
        return cls(rows[:SHOWN], total)

    @cached_property
    def rows(self):
        return list(self._rows)

    @property
    def rest(self):
        return self.total - len(self.rows)


def on(queryset, day):
    """`queryset` as of `day`, a PartialDate, or as it is where no day is asked for."""
    return queryset.as_of(day.earliest, day.latest) if day else queryset


class OrganizationTies:
    """What is recorded of an organization: members, officers, agreements, what came before and after it.

    With `day`, a PartialDate, as for `StateTies`.
    """

    def __init__(self, organization, day=None):
        self.organization, self.day = organization, day

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
        return list(on(rows, self.day).for_list().earliest_first())

    @cached_property
    def officers(self):
        rows = Office.objects.published().filter(body_organization=self.organization)
        return list(on(rows, self.day).for_list().earliest_first())

    @cached_property
    def agreements(self):
        """Those to which it is a party, and those that it signed for a party."""
        rows = Agreement.objects.published().with_organization(self.organization)
        return list(on(rows, self.day).latest_first().for_list())

    @cached_property
    def visits(self):
        rows = Visit.objects.published().filter(sent_by_organization=self.organization)
        return list(on(rows, self.day).latest_first().for_list())

    @cached_property
    def events(self):
        rows = Event.objects.published().with_organization(self.organization)
        return list(on(rows, self.day).latest_first().for_list())

    @cached_property
    def projects(self):
        rows = Project.objects.published().with_organization(self.organization)
        return list(on(rows, self.day).earliest_first().for_list())

    @cached_property
    def figures(self):
        rows = Figure.objects.published().with_organization(self.organization)
        return list(on(rows, self.day).latest_first().for_list())

    @property
    def counts(self):
        """How much there is of what it is asked about most, in words; agreements only where there is any."""
        found = [Membership.counted % len(self.members), Office.counted % len(self.officers)]
        return [*found, Agreement.counted % len(self.agreements)] if self.agreements else found

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
        return list(on(rows, self.day).for_list().earliest_first())

    @cached_property
    def visits(self):
        rows = Visit.objects.published().filter(visitor=self.person)
        return Listing.of(on(rows, self.day).latest_first().for_list())

    @cached_property
    def events(self):
        rows = Event.objects.published().with_person(self.person)
        return list(on(rows, self.day).latest_first().for_list())

    @cached_property
    def meetings(self):
        rows = Visit.objects.published().filter(met=self.person)
        return list(on(rows, self.day).latest_first().for_list())

    @property
    def counts(self):
        """How much there is of it, in words; meetings only where there is any."""
        found = [Office.counted % len(self.offices), Visit.counted % self.visits.total]
        met = ngettext(
            "%d meeting during visits of others", "%d meetings during visits of others", len(self.meetings)
        )
        return [*found, met % len(self.meetings)] if self.meetings else found


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


def memberships_shared_with(focus, day=None):
    """Two querysets: memberships in organizations to which `focus` belongs; those of them certain on both sides.

    Without a `day`, what is recorded counts as certain.
    """
    ours = on(Membership.objects.published().filter(member_state=focus), day)
    shared = on(Membership.objects.published(), day).filter(
        Exists(ours.filter(organization=OuterRef("organization")))
    )
    if day is None:
        return shared, shared
    certain = ours.filter(organization=OuterRef("organization"), holds=Holds.CERTAIN)
    return shared, shared.filter(Exists(certain), holds=Holds.CERTAIN)


def with_tie_counts(states, focus, day=None):
    """`states` with `shared_count`, `out_count`, `in_count`, `agreement_count`: their ties to `focus`.

    With `day`, also `shared_certain`: in how many of the shared organizations both certainly were then.
    """
    shared, certain = memberships_shared_with(focus, day)
    visits = on(Visit.objects.published(), day)
    agreements = on(Agreement.objects.published(), day).concerning(focus)
    parties = Party.objects.filter(agreement__in=agreements.values("pk"))
    states = states.annotate(
        shared_count=counted(shared, "member_state", "organization"),
        out_count=counted(visits.filter(sent_by_state=focus), "host"),
        in_count=counted(visits.filter(host=focus), "sent_by_state"),
        agreement_count=counted(parties, "party_state"),
    )
    if day is None:
        return states
    return states.annotate(shared_certain=counted(certain, "member_state", "organization"))


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
