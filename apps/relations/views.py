"""Pages that combine several kinds of entries: home, states, organizations, people."""

from collections import defaultdict
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext_lazy
from django.views.generic import RedirectView, TemplateView

from apps.agreements.models import Agreement
from apps.core.asof import keeping_day
from apps.core.citing import Cited
from apps.core.conditional import mark_of
from apps.core.jsonld import embedded
from apps.core.views import Citable, EntryDetailView, EntryListView
from apps.core.views_absent import Explained, found, moved
from apps.core.views_day import COUNTS, ROWS, SAME
from apps.events.models import Event, Project
from apps.figures.models import Figure
from apps.organizations import jsonld as organizations_jsonld
from apps.organizations.models import Membership, Office, Organization
from apps.people import jsonld as people_jsonld
from apps.people.models import Person
from apps.relations import time_lanes
from apps.relations.comparison import compare_url
from apps.relations.counting import Ties, numbers, totals
from apps.relations.filters import OrganizationAsOfFilter, PersonOnDayFilter, StateAsOfFilter, TimelineFilter
from apps.relations.jsonld import dataset
from apps.relations.map_picture import WorldMap
from apps.relations.models import KINDS, Tie
from apps.relations.querysets import SUBJECTS
from apps.relations.state_ties import StateTies
from apps.relations.ties import Listing, OrganizationTies, PersonTies, count_ties, with_entry_counts
from apps.sources.models import Source
from apps.states import jsonld as states_jsonld
from apps.states.models import State
from apps.visits.models import Visit

COUNTED = [
    (State, "state-list"),
    (Organization, "organization-list"),
    (Membership, "membership-list"),
    (Office, "office-list"),
    (Person, "person-list"),
    (Visit, "visit-list"),
    (Agreement, "agreement-list"),
    (Event, "event-list"),
    (Project, "project-list"),
    (Figure, "figure-list"),
]


# On the first page; there may be thousands.
SOURCES_SHOWN = 10


class TiesDetailView(EntryDetailView):
    """A page of what ties something to others, as of the day asked for."""

    day_means = ROWS

    def get_context_data(self, **kwargs):
        return super().get_context_data(**self.get_ties(self.day), **kwargs)


def get_focus():
    """The focal state; a 404 that says what to do where it is not there, as in a database that is empty."""
    focus = State.objects.focus()
    if focus is None:
        raise Explained(
            _(
                "This database has no published state %(code)s, whose relations it is set to show. Load its data, or "
                "set FOCUS_STATE to the code of the state that it is about."
            )
            % {"code": settings.FOCUS_STATE}
        )
    return focus


class Count(NamedTuple):
    """How many entries of a kind there are, and what so many are called.

    `certain` says how many of them are certain, where a day is asked for.
    """

    label: str
    url: str
    total: int
    certain: int | None = None


def counts_on(day):
    """A Count for each of COUNTED: of what held on the day, or had happened by then; all of what has no dates."""
    rows = {kind: (n, n) for kind, n in totals(["kind"], of=0)}
    if day:
        rows |= {kind: (0, 0) for kind, model in KINDS.items() if kind not in SUBJECTS}
        for row in numbers(Ties.of(None), ["kind"], day):
            n, certain = rows[row["kind"]]
            rows[row["kind"]] = n + row["n"], certain + row["certain"]
    return [
        Count(
            # As it is after this number: Russian has three forms.
            (model.counted % n).removeprefix(f"{n} "),
            reverse(list_name),
            n,
            certain if day and model._meta.model_name not in SUBJECTS else None,
        )
        for model, list_name in COUNTED
        for n, certain in [rows.get(model._meta.model_name, (0, 0))]
    ]


class HomeView(Citable, TemplateView):
    template_name = "relations/home.html"
    day_means = COUNTS
    cites_day = True

    def cited(self, context):
        return Cited(_("%(state)s and the world") % {"state": context["focus"]})

    def get_context_data(self, **kwargs):
        focus = get_focus()
        sources = listing_of_newest_sources()
        context = super().get_context_data(
            focus=focus,
            picture=WorldMap(focus, day=self.day, mark=mark_of(self.request)),
            counts=counts_on(self.day),
            regions=states_by_region(State.objects.published().exclude(pk=focus.pk)),
            sources=sources,
            **kwargs,
        )
        described = dataset(context["reference"], focus, sources.rows, self.request)
        return context | {"linked_data": embedded(described)}


def listing_of_newest_sources():
    """Listing of the sources that came in last, in the order of the list that has all of them."""
    newest = Source.objects.order_by("-pk").values_list("pk", flat=True)[:SOURCES_SHOWN]
    rows = Source.objects.filter(pk__in=list(newest)).for_list()
    return Listing(rows, Source.objects.count(), reverse("source-list"))


def states_by_region(states):
    """[(region, its states in the order of their names)] in the order of the regions' names; no region last."""
    regions = defaultdict(list)
    for state in states.order_by("name_en", "pk"):
        regions[state.get_region_display()].append(state)
    return sorted(regions.items(), key=lambda item: (not item[0], str(item[0])))


class AsOfListView(EntryListView):
    """A list whose counts can be asked for as of a day, which its links to the entries keep."""

    page_only = ("as_of",)
    day_means = COUNTS

    def get_context_data(self, **kwargs):
        return super().get_context_data(day=self.day, **kwargs)


class StateListView(AsOfListView):
    model = State
    filterset_class = StateAsOfFilter

    def get_context_data(self, **kwargs):
        focus = get_focus()
        context = super().get_context_data(focus=focus, **kwargs)
        count_ties(context["page"].rows, focus, self.day)
        return context


class OrganizationListView(AsOfListView):
    model = Organization
    filterset_class = OrganizationAsOfFilter


class PersonListView(EntryListView):
    model = Person
    filterset_class = PersonOnDayFilter
    page_only = ("as_of",)
    day_means = SAME
    cites_day = False

    def get_queryset(self):
        return with_entry_counts(super().get_queryset())


def api_address(ties):
    """Of the same as JSON."""
    query = f"?{urlencode(ties.as_of)}" if ties.day else ""
    if ties.is_own or ties.other.is_focus:
        return reverse("api:relations", args=[ties.state.code]) + query
    return reverse("api:relations-pair", args=[ties.state.code, ties.other.code]) + query


def in_capitals(view, **codes):
    """Where a code of the address has small letters: a redirect to the address in capitals, else None."""
    if all(code == code.upper() for code in codes.values()):
        return None
    capitals = {name: code.upper() for name, code in codes.items()}
    return moved(view.request, view.request.resolver_match.view_name, **capitals)


class StateDetailView(TiesDetailView):
    """A state and what ties it to the focal state, or of that one, all that it takes part in."""

    model = State
    linked_data = staticmethod(states_jsonld.state)
    template_name = "states/state_detail.html"

    def get(self, request, *args, **kwargs):
        code = kwargs[self.slug_url_kwarg]
        found(State.objects.published(), code.upper(), self.slug_url_kwarg)
        return in_capitals(self, **{self.slug_url_kwarg: code}) or super().get(request, *args, **kwargs)

    def get_other(self):
        return get_focus()

    def cited_title(self, context):
        state, other = self.object, context.get("other")
        return (
            str(state)
            if other in (None, state)
            else _("%(state)s and %(other)s") % {"state": state, "other": other}
        )

    def get_ties(self, day):
        other = self.get_other()
        ties = StateTies(self.object, other, day, mark=mark_of(self.request))
        timeline = f"{reverse('timeline')}?"
        return {
            "ties": ties,
            "pictured": time_lanes.of_states(self.object, other, self.request, None if day else ties),
            "other": other,
            "json_url": api_address(ties),
            "compare_url": self.get_compare_url(),
            "timeline_url": timeline + urlencode(ties.pair | ties.as_of),
            "apart_url": timeline + urlencode({"state": self.object.code} | ties.as_of),
        }

    def get_compare_url(self):
        """Of the page where another state stands beside it."""
        return compare_url([self.object])


class PairView(StateDetailView):
    """What ties any two states."""

    template_name = "relations/pair.html"

    def get(self, request, *args, **kwargs):
        codes = {name: kwargs[name] for name in (self.slug_url_kwarg, "other")}
        self.other = found(State.objects.published(), codes["other"].upper(), "other")
        found(State.objects.published(), codes[self.slug_url_kwarg].upper(), self.slug_url_kwarg)
        elsewhere = in_capitals(self, **codes)
        if not elsewhere and codes["other"] == codes[self.slug_url_kwarg]:
            elsewhere = redirect(keeping_day(self.other.get_absolute_url(), request))
        return elsewhere or super().get(request, *args, **kwargs)

    def get_other(self):
        return self.other

    def get_compare_url(self):
        return compare_url([self.object, self.other])


class RelationsRedirect(RedirectView):
    """What ties a state to the focal state is its page."""

    pattern_name = "state-detail"
    query_string = True


class TimelineView(EntryListView):
    """Entries of all kinds in the order of time."""

    model = Tie
    filterset_class = TimelineFilter
    template_name = "relations/timeline.html"
    list_name = "timeline"
    title = gettext_lazy("Time line")
    counted = ngettext_lazy("%d entry", "%d entries")

    def get_template_names(self):
        return [self.template_name]

    def get_queryset(self):
        return Tie.objects.for_list()

    def caption(self, filterset):
        return self.title


class OrganizationDetailView(TiesDetailView):
    model = Organization
    linked_data = staticmethod(organizations_jsonld.organization)
    template_name = "organizations/organization_detail.html"

    def get_ties(self, day):
        return {
            "ties": OrganizationTies(self.object, day),
            "pictured": time_lanes.of_organization(self.object, self.request),
        }


class PersonDetailView(TiesDetailView):
    model = Person
    linked_data = staticmethod(people_jsonld.person)
    template_name = "people/person_detail.html"

    def get_ties(self, day):
        return {
            "ties": PersonTies(self.object, day),
            "pictured": time_lanes.of_person(self.object, self.request),
        }
