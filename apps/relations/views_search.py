"""The page of a search, and what is offered while somebody types."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from apps.core.citing import Cited
from apps.core.views import Citable
from apps.core.views_day import SAME
from apps.relations.models import KINDS, SearchEntry
from apps.relations.search_filters import SearchPageFilter
from apps.relations.search_query import LONGEST
from apps.relations.search_shown import shown
from apps.relations.searching import Search

# Of each kind, where all are asked for.
SHOWN = 5
SUGGESTED = 8
# While somebody types, only what may be among the first is looked for.
MOST_SUGGESTED = 8


@dataclass
class Group:
    """What was found of one kind: the first of it, how much there is, and whether there is more than was counted."""

    kind: str
    rows: list
    count: int
    more: bool
    address: str

    @cached_property
    def label(self):
        return capfirst(KINDS[self.kind]._meta.verbose_name_plural)


class SearchView(Citable, TemplateView):
    """Entries of all kinds that a text finds, grouped by kind; or of one kind, page by page."""

    template_name = "relations/search.html"
    # It finds what is recorded of any day, and its links keep the one that is set.
    day_means = SAME

    def get_context_data(self, **kwargs):
        filterset = SearchPageFilter(self.request.GET, SearchEntry.objects.none(), request=self.request)
        faults = {name: said for name, said in filterset.errors.items() if name != "q"}
        hint = "" if faults else self.hint(filterset)
        asked_for = self.request.GET.get("q", "")[:LONGEST]
        found = {} if faults or hint else self.found(filterset)
        return super().get_context_data(
            filterset=filterset, faults=faults, hint=hint, asked_for=asked_for, kinds=KINDS, **found, **kwargs
        )

    def hint(self, filterset):
        """What to do where there is nothing to look for: who only began a question is not told that it was wrong."""
        text = self.request.GET.get("q", "")
        if not text.strip():
            return _("Type a name: of a state, a person, an organization, or words of a title.")
        if len(text) > LONGEST:
            return _("This is longer than any name. Give at most %(most)d characters.") % {"most": LONGEST}
        return " ".join(filterset.errors.get("q", ()))

    def found(self, filterset):
        search = filterset.search
        if search.kind:
            page = filterset.page()
            groups = [self.group(filterset, search.kind, page.rows)] if page.rows else []
        else:
            page = None
            groups = [self.group(filterset, kind, hits[:SHOWN]) for kind, hits in search.hits.items()]
        found = shown([hit for group in groups for hit in group.rows], search.asked)
        rows = {row.hit.place: row for row in found}
        for group in groups:
            group.rows = [rows[hit.place] for hit in group.rows if hit.place in rows]
        return {
            "search": search,
            "page": page,
            "groups": groups,
            "alone": [] if groups else self.found_alone(search),
            "json_url": reverse("api:search") + filterset.query(as_of=None),
            "all_kinds": filterset.query(kind=None) if search.kind else "",
        }

    def group(self, filterset, kind, hits):
        search = filterset.search
        address = "" if search.kind else filterset.query(kind=kind)
        return Group(kind, hits, len(search.hits[kind]), kind in search.more, address)

    def found_alone(self, search):
        """[(word, address of its own search)] of the words that do occur, where not all of them do together."""
        asked = search.asked
        known = [
            "-".join(part.written for part in unit)
            for unit, readings in zip(asked.weighty, asked.wanted, strict=True)
            if readings
        ]
        return [(word, f"?{urlencode({'q': word})}") for word in dict.fromkeys(known)]

    def cited(self, context):
        filterset = context["filterset"]
        if context["faults"] or context["hint"]:
            return None
        title = _("Search: %(text)s") % {"text": context["asked_for"]}
        return Cited(title, filterset.query(as_of=None))

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=400 if context["faults"] else 200, **kwargs)


class SuggestView(TemplateView):
    """The first of what a text finds, as a list for below the field in which it is typed."""

    template_name = "relations/suggestions.html"

    def get_context_data(self, **kwargs):
        text = self.request.GET.get("q", "")[: LONGEST + 1]
        rows = self.suggested(text) if 1 < len(text.strip()) <= LONGEST else []
        return super().get_context_data(rows=rows, asked_for=text, **kwargs)

    def suggested(self, text):
        search = Search(text, most=MOST_SUGGESTED)
        return shown(search.ranked[:SUGGESTED], search.asked)

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, headers={"X-Robots-Tag": "noindex"}, **kwargs)
