"""Pages that combine several kinds of entries: home, states, organizations, people."""

from collections import defaultdict
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from apps.agreements.models import Agreement
from apps.core.asof import AsOfForm
from apps.core.views import EntryDetailView, EntryListView
from apps.organizations.models import Membership, Office, Organization
from apps.people.filters import PersonFilter
from apps.people.models import Person
from apps.relations.filters import OrganizationAsOfFilter, StateAsOfFilter
from apps.relations.ties import OrganizationTies, PersonTies, StateTies, with_entry_counts
from apps.sources.models import Source
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
]


class AsOfDetailView(EntryDetailView):
    """A page that can be shown as of a day; a day that cannot be read is answered with 400 and no ties."""

    def get_context_data(self, **kwargs):
        form = AsOfForm.of(self.request)
        wrong = form.is_bound and not form.is_valid()
        ties = {"ties": None} if wrong else self.get_ties(form.day)
        return super().get_context_data(as_of_form=form, wrong=wrong, **ties, **kwargs)

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=400 if context["wrong"] else 200, **kwargs)


def get_focus():
    """The focal state; Http404 with what to do where it is not there, as in a database that is empty."""
    focus = State.objects.focus()
    if focus is None:
        raise Http404(
            f"There is no published state {settings.FOCUS_STATE}. Load the data (manage.py seed) or set FOCUS_STATE."
        )
    return focus


class HomeView(TemplateView):
    template_name = "relations/home.html"

    def get_context_data(self, **kwargs):
        focus = get_focus()
        counts = [(model, reverse(name), model.objects.published().count()) for model, name in COUNTED]
        return super().get_context_data(
            focus=focus,
            counts=[(model._meta.verbose_name_plural, url, count) for model, url, count in counts],
            regions=states_by_region(State.objects.published().exclude(pk=focus.pk)),
            sources=Source.objects.for_list(),
            **kwargs,
        )


def states_by_region(states):
    """[(region, its states in the order of their names)] in the order of the regions' names; no region last."""
    regions = defaultdict(list)
    for state in states.order_by("name_en", "pk"):
        regions[state.get_region_display()].append(state)
    return sorted(regions.items(), key=lambda item: (not item[0], str(item[0])))


class AsOfListView(EntryListView):
    """A list whose counts can be asked for as of a day, which its links to the entries keep."""

    page_only = ("as_of",)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        day = context["filterset"].given("as_of")
        return context | {"day": day, "as_of_query": f"?as_of={day}" if day else ""}


class StateListView(AsOfListView):
    model = State
    filterset_class = StateAsOfFilter

    def get_context_data(self, **kwargs):
        return super().get_context_data(focus=get_focus(), **kwargs)


class OrganizationListView(AsOfListView):
    model = Organization
    filterset_class = OrganizationAsOfFilter


class PersonListView(EntryListView):
    model = Person
    filterset_class = PersonFilter

    def get_queryset(self):
        return with_entry_counts(super().get_queryset())


class StateDetailView(AsOfDetailView):
    model = State
    template_name = "states/state_detail.html"

    def get(self, request, *args, **kwargs):
        """A code in small letters is led to the address in capitals."""
        code = kwargs[self.slug_url_kwarg]
        if code != code.upper() and State.objects.published().filter(code=code.upper()).exists():
            query = request.META["QUERY_STRING"]
            return redirect(
                reverse("state-detail", args=[code.upper()]) + (f"?{query}" if query else ""), permanent=True
            )
        return super().get(request, *args, **kwargs)

    def get_ties(self, day):
        ties = StateTies(self.object, get_focus(), day)
        return {"ties": ties, "focus": ties.focus, "sections": sections_of(ties)} | rest_urls(ties)


def rest_urls(ties):
    """Addresses of the lists that have the rest of what the page of a state shows the first rows of."""
    as_of = {"as_of": ties.day} if ties.day else {}
    between = {"state": ties.state.code} | ({} if ties.is_focus else {"counterpart": ties.focus.code})
    # Out is away from the focal state: into the other one, but out of itself.
    out, back = ("out", "in") if ties.is_focus else ("in", "out")
    wanted = {
        "visits_out_url": ("visit", between | {"direction": out}),
        "visits_in_url": ("visit", between | {"direction": back}),
        "agreements_url": ("agreement", between),
        "offices_url": ("office", {"state": ties.state.code}),
    }
    return {
        name: f"{reverse(f'{kind}-list')}?{urlencode(query | as_of)}"
        for name, (kind, query) in wanted.items()
    }


def sections_of(ties):
    """(anchor, label, number of rows) of each part of the page of a state."""
    if ties.is_focus:
        return [
            ("visits-out", _("Visits abroad"), ties.visits_out.total),
            ("visits-in", _("Visits received"), ties.visits_in.total),
            ("agreements", _("Agreements"), ties.agreements.total),
            ("offices", _("Offices and people"), ties.offices.total),
            ("memberships", _("Memberships"), len(ties.own_memberships)),
        ]
    return [
        ("shared", _("Shared memberships"), len(ties.shared_memberships)),
        ("visits-out", _("Visits to %(state)s") % {"state": ties.state}, ties.visits_out.total),
        ("visits-in", _("Visits from %(state)s") % {"state": ties.state}, ties.visits_in.total),
        ("agreements", _("Agreements"), ties.agreements.total),
        ("offices", _("Offices and people"), ties.offices.total),
        ("memberships", _("Other memberships"), len(ties.own_memberships)),
    ]


class OrganizationDetailView(AsOfDetailView):
    model = Organization
    template_name = "organizations/organization_detail.html"

    def get_ties(self, day):
        return {"ties": OrganizationTies(self.object, day)}


class PersonDetailView(EntryDetailView):
    model = Person
    template_name = "people/person_detail.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            ties=PersonTies(self.object),
            visits_url=f"{reverse('visit-list')}?person={self.object.slug}",
            **kwargs,
        )
