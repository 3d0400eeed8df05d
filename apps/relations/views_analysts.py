"""The page for those who ask by programs: what one call answers, with examples that run as they stand."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _
from django.views.generic import TemplateView

from apps.core.citing import Cited
from apps.core.views import Citable
from apps.core.views_day import SAME

LANGUAGES = {
    "sh": "curl",
    "py": "Python",
    "pandas": _("Python with pandas"),
    "networkx": _("Python with networkx"),
    "r": "R",
}


@dataclass(frozen=True)
class Part:
    """A question worked out in several languages, each a template `relations/examples/<id>.<language>.txt`."""

    id: str
    title: str
    text: str
    languages: tuple = ("sh", "py", "r")

    @property
    def examples(self):
        """[(language as readers call it, template)]."""
        return [(LANGUAGES[name], f"relations/examples/{self.id}.{name}.txt") for name in self.languages]


PARTS = [
    Part(
        "visits",
        _("All visits between two states"),
        _(
            "Either way, to the last page. With a limit of 200 most answers have one page, and the examples go through "
            "any number of them."
        ),
    ),
    Part(
        "memberships",
        _("Members on a day, certain and possible"),
        _("Who belonged to an organization, in which status, on 1 July 2012."),
    ),
    Part(
        "timeline",
        _("A time line"),
        _(
            "Entries of all kinds that tie two states, in the order of time, each with its date or its span in words. "
            "The call by curl asks for some years only."
        ),
    ),
    Part(
        "table",
        _("A table"),
        _("Any list as CSV, for spreadsheets and programs for statistics."),
        ("sh", "py", "pandas", "r"),
    ),
    Part(
        "graph",
        _("A network"),
        _(
            "States and organizations, joined by the memberships of a day or of all times: GraphML for networkx, "
            "igraph and Gephi, or GEXF."
        ),
        ("sh", "py", "networkx", "r"),
    ),
    Part(
        "citing",
        _("Citing what you used"),
        _(
            "Each page says at its foot how to cite it. The same can be asked for, of a list with all its filters: as "
            "text, bibtex, ris or csl. The revision that it names is that of the database from which the page was made."
        ),
    ),
]


def questions():
    """[(question, address)]."""
    focus, lists = settings.FOCUS_STATE, "api:{}-list".format
    return [
        (
            _("Who visited whom, between two states?"),
            f"{reverse(lists('visit'))}?state=CHN&counterpart={focus}",
        ),
        (
            _("Who was in an organization, in which status, on a day?"),
            f"{reverse(lists('membership'))}?organization=sco&as_of=2012-07-01",
        ),
        (_("What ties two states, all kinds together?"), reverse("api:relations", args=["CHN"])),
        (
            _("What happened between them, in order?"),
            f"{reverse(lists('timeline'))}?state=CHN&counterpart={focus}",
        ),
        (_("What was agreed on borders?"), f"{reverse(lists('agreement'))}?subject=borders"),
        (
            _("Who held which posts in a state in 2005?"),
            f"{reverse(lists('office'))}?state={focus}&as_of=2005",
        ),
        (_("Who belongs to what, as a network?"), f"{reverse('api:graph')}?as_of=2012-07-01"),
        (
            _("What is this entry, in schema.org's vocabulary?"),
            f"{reverse('api:state-detail', args=[focus])}?format=jsonld",
        ),
        (
            _("Which visits rest on one passage of a source?"),
            f"{reverse(lists('visit'))}?source=akiner-kazakhstans-evolving-foreign-policy&passage=bilateral-8",
        ),
        (_("Which sources are there, each with what rests on its passages?"), reverse(lists("source"))),
    ]


class AnalystsView(Citable, TemplateView):
    """Its examples have the site's own address, so that they can be copied and run."""

    template_name = "relations/analysts.html"
    day_means = SAME

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            parts=PARTS,
            questions=questions(),
            site=self.request.build_absolute_uri(reverse("home")),
            focus=settings.FOCUS_STATE,
            **kwargs,
        )

    def cited(self, context):
        return Cited(gettext("For analysts"))
