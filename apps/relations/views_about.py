"""How the database was made, what it holds and how to read it."""

from django.utils.translation import gettext, gettext_lazy as _
from django.views.generic import TemplateView

from apps.agreements.models import Agreement
from apps.core.citing import Cited
from apps.core.notation import POINTS, SPANS
from apps.core.views import Citable
from apps.core.views_day import SAME
from apps.events.models import Event, Project
from apps.figures.models import Figure
from apps.organizations.models import Membership, Office, Organization, Succession
from apps.people.models import Person
from apps.sources.models import Source
from apps.states.models import State
from apps.visits.models import Visit

# What each kind of entry is, the kinds that most readers come for first.
KINDS = [
    (
        Visit,
        _("One person's journey, in a capacity, to one host state. A tour of three states is three visits."),
    ),
    (Agreement, _("An instrument, or several told of as one, with its parties and what each of them did.")),
    (
        Event,
        _(
            "Something that happened: a summit, a vote, an exercise, a crisis; with those who had a part in it."
        ),
    ),
    (
        Membership,
        _("That a state or an organization belongs to an organization in some status, from when to when."),
    ),
    (Office, _("That a person or a state holds a post in a state or an organization, from when to when.")),
    (Project, _("Something built, exploited or run over time: a pipeline, a base, a fund, a programme.")),
    (Figure, _("One number that a source gives: a volume of trade, a loan, the length of a border.")),
    (State, _("A state, present or former, by its code in ISO 3166.")),
    (Organization, _("A body that states or others belong to, act in or act through, companies included.")),
    (Succession, _("That one organization became another, or went into it.")),
    (Person, _("Somebody who held an office, made a visit or was met on one.")),
]


class AboutView(Citable, TemplateView):
    """Speaks of the focal state by its name, and of no state in a database where that one is not to be shown."""

    template_name = "relations/about.html"
    day_means = SAME

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            focus=State.objects.focus(),
            kinds=[(model._meta, means) for model, means in KINDS],
            points=POINTS,
            spans=SPANS,
            sources=Source.objects.for_list().order_by("authors", "title", "pk"),
            **kwargs,
        )

    def cited(self, context):
        return Cited(gettext("About this database"))
