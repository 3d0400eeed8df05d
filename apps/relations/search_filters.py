"""What a search can be asked, and the pages in which it answers."""

from bisect import bisect_left, bisect_right
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _, gettext_lazy

from apps.core.faults import Fault
from apps.core.filters import StrictFilterSet
from apps.core.keysets import Positions
from apps.core.paging import Page, read_limit
from apps.core.parameters import ChoiceParameter, SearchParameter
from apps.core.skeletons import skeletons, written_words
from apps.core.time_parameters import KeptDayParameter
from apps.relations.models import KINDS
from apps.relations.search_index import number_of
from apps.relations.search_query import LONGEST
from apps.relations.searching import Search

# Places in the order of Hit.order.
POSITIONS = Positions("search", [*(models.IntegerField() for _part in range(4)), models.CharField()])


def all_kinds():
    """Every kind of entry as readers call it, in the order in which a search shows them."""
    return [(kind, KINDS[kind]._meta.verbose_name) for kind in sorted(KINDS, key=number_of)]


class WordsParameter(SearchParameter):
    """What is looked for; the search itself reads it."""

    def __init__(self):
        super().__init__(
            label=gettext_lazy("Search for"),
            help_text=gettext_lazy(
                "A name or part of it, in any spelling, script or language; of several words, all have to be there."
            ),
            max_length=LONGEST,
            required=True,
            example="Назарбаев",
        )

    def check(self, value, given):
        if not any(map(skeletons, (part for word in written_words(value) for part in word))):
            raise ValidationError(_("Give at least one letter or digit to look for."))

    def filter(self, queryset, value):
        return queryset


class KindParameter(ChoiceParameter):
    def filter(self, queryset, value):
        return queryset


class SearchFilter(StrictFilterSet):
    """Of a search: `q`, and `kind`, without which all kinds are searched."""

    q = WordsParameter()
    kind = KindParameter(
        choices=all_kinds(),
        label=gettext_lazy("Kind"),
        help_text=gettext_lazy("Only entries of this kind, and more of them."),
        example="person",
    )

    @cached_property
    def search(self):
        return Search(self.given("q"), self.given("kind"))

    def positions(self, values):
        return POSITIONS

    def page(self):
        """The Page of hits that the address asks for."""
        hits, cursor = self.search.ranked, self.data.get("cursor", "")
        limit = read_limit(self.data.get("limit", ""))
        position, backwards = POSITIONS.read(cursor) if cursor else (None, False)
        if backwards:
            end = bisect_left(hits, position, key=order_of)
            start = max(0, end - limit)
        else:
            start = bisect_right(hits, position, key=order_of) if position else 0
            end = min(len(hits), start + limit)
        following = POSITIONS.cursor(hits[end - 1].order) if end < len(hits) and end > start else ""
        previous = POSITIONS.cursor(hits[start].order, backwards=True) if 0 < start < len(hits) else ""
        return Page(hits[start:end], len(hits), following, previous, self.data)

    def _format_faults(self, written, bom):
        if written not in ("", "json"):
            yield Fault.of("format", written, _("What a search finds is written as json."), ("json",))
        if bom:
            yield Fault.of("bom", bom, _("There is no such parameter here."))


def order_of(hit):
    """As a position has it, which is a list."""
    return [*hit.order]


class SearchPageFilter(SearchFilter):
    as_of = KeptDayParameter(help_text=gettext_lazy("The day for which the pages found are shown."))
