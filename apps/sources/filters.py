from django.utils.translation import gettext_lazy as _

from apps.core.filters import Order, StrictFilterSet
from apps.core.parameters import ChoiceParameter
from apps.sources.models import Source


class SourceFilter(StrictFilterSet):
    kind = ChoiceParameter(
        choices=Source.Kind.choices,
        label=_("Kind"),
        help_text=_("What sort of text it is."),
        example="article",
    )

    orderings = {
        "author": Order(_("by author"), ("authors", "title", "pk")),
        "-author": Order(_("by author, Z first"), ("-authors", "-title", "-pk")),
        "title": Order(_("by title"), ("title", "pk")),
        "-title": Order(_("by title, Z first"), ("-title", "-pk")),
        "date": Order(_("oldest first"), ("date_earliest", "pk")),
        "-date": Order(_("latest first"), ("-date_earliest", "-pk")),
    }
