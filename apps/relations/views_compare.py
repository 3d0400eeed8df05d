"""Two to four states side by side."""

from urllib.parse import urlencode

from babel.lists import format_list
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.generic import TemplateView

from apps.core.asof import keeping_day
from apps.core.citing import Cited
from apps.core.datewords import babel_locale
from apps.core.faults import name_faults
from apps.core.views import Citable
from apps.relations.choosing import Choice
from apps.relations.comparison import Comparison, compare_url
from apps.relations.views import get_focus

PARAMETERS = ("state", "as_of")


def listed(states):
    """Their names as a sentence has them: "China, Russia and Türkiye"."""
    return format_list([str(state) for state in states], locale=babel_locale(get_language() or "en"))


class CompareView(Citable, TemplateView):
    """States side by side, in what ties each to the focal one.

    Without two states it asks for them; what names no state, or one twice, or more than four, is answered with 400.
    """

    template_name = "relations/compare.html"
    cites_day = True

    def get(self, request, *args, **kwargs):
        self.choice = Choice.of(request.GET.getlist("state"))
        self.faults = [*self.choice.faults, *name_faults(request.GET, PARAMETERS, several=PARAMETERS)]
        if not self.faults and (not self.choice.is_by_code or "" in request.GET.getlist("state")):
            # A form sends names, and the places in it that were left blank.
            return HttpResponseRedirect(keeping_day(compare_url(self.choice.states), request))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        choice, focus = self.choice, get_focus()
        comparison = Comparison(choice.states, focus, self.day) if self.is_shown else None
        return super().get_context_data(
            choice=choice,
            faults=self.faults,
            focus=focus,
            comparison=comparison,
            title=self.title,
            columns=[(state, self.url_without(state)) for state in choice.states],
            json_url=f"{reverse('api:compare')}?{urlencode(comparison.parameters)}" if comparison else "",
            **kwargs,
        )

    @property
    def is_shown(self):
        return self.choice.is_enough and not self.faults

    @property
    def title(self):
        return listed(self.choice.states) if self.is_shown else _("Compare states")

    def url_without(self, state):
        return compare_url([other for other in self.choice.states if other != state])

    def cited(self, context):
        if self.faults:
            return None
        query = urlencode([("state", state.code) for state in self.choice.states])
        title = _("Compared: %(states)s") % {"states": self.title} if self.is_shown else self.title
        return Cited(title, f"?{query}" if query else "")

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=400 if self.faults else 200, **kwargs)
