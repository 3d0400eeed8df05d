from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext, gettext_lazy as _

from apps.core.filters import BY_UPDATE, Order, StrictFilterSet
from apps.core.parameters import (
    BasisParameter,
    ChoiceParameter,
    CodeParameter,
    IdentifierParameter,
    Parameter,
    SearchParameter,
)
from apps.core.time_parameters import (
    FromParameter,
    KeptDayParameter,
    ToParameter,
    UpdatedSinceParameter,
    YearParameter,
)
from apps.sources.models import Passage, Source

EXAMPLE = "akiner-kazakhstans-evolving-foreign-policy"


class SourceParameter(IdentifierParameter):
    """A source that the entry cites, by the passage asked for beside it or by any."""

    scattered = True

    def __init__(self):
        super().__init__(
            rows=Source.objects.all,
            label=_("Source"),
            help_text=_("Slug of a source that the entry cites, for it or against it."),
            example=EXAMPLE,
        )

    def filter(self, queryset, value):
        return queryset.citing(value, self.parent.given("passage")) if value else queryset


class PassageParameter(Parameter):
    """The anchor of a passage of the source asked for, whose filter applies it."""

    field_class = forms.SlugField

    def __init__(self, example="regional-organizations-3"):
        super().__init__(
            needs="source",
            label=_("Passage"),
            help_text=_("Anchor of the passage of the source that the entry cites, as its page has it."),
            example=example,
        )

    def check(self, value, given):
        if not Passage.objects.filter(source=given["source"], anchor=value).exists():
            raise ValidationError(gettext("The source has no passage with this anchor."))

    def filter(self, queryset, value):
        return queryset


class EntryFilterSet(StrictFilterSet):
    """With what every entry can be asked for, at its end."""

    basis = BasisParameter()
    source = SourceParameter()
    passage = PassageParameter()
    updated_since = UpdatedSinceParameter()

    last = ("basis", "source", "passage", "updated_since")


class Research(models.TextChoices):
    """How far the encoding of a source has come."""

    OPEN = "open", _("more to encode")
    DONE = "done", _("all encoded")


class SourceFilter(StrictFilterSet):
    q = SearchParameter(
        label=_("Title contains"),
        help_text=_(
            "Part of the title, of an author's name, of the journal or book, or of the publisher, whatever case "
            "and accents."
        ),
        example="policy",
    )
    kind = ChoiceParameter(
        choices=Source.Kind.choices,
        label=_("Kind"),
        help_text=_("What sort of text it is."),
        example="conference_paper",
    )
    language = CodeParameter(
        "language",
        pattern="[A-Z]{2,3}(-[A-Z0-9]{2,6})?",
        wanted=_("Give an ISO 639 code, such as en."),
        lookup_expr="iexact",
        label=_("Language"),
        help_text=_("ISO 639 code of the language that it is written in."),
        example="en",
    )
    research = ChoiceParameter(
        choices=Research.choices,
        word="with_research",
        label=_("Research"),
        help_text=_("Whether some of its passages have more to encode, or all are done."),
        example="done",
    )
    year = YearParameter(
        help_text=_("Published, possibly, in this year; undated ones are never left out."), example="2015"
    )
    from_ = FromParameter()
    to = ToParameter(example="2015")
    updated_since = UpdatedSinceParameter()

    orderings = {
        "author": Order(_("by author"), ("authors", "title", "pk")),
        "-author": Order(_("by author, Z first"), ("-authors", "-title", "-pk")),
        "title": Order(_("by title"), ("title", "pk")),
        "-title": Order(_("by title, Z first"), ("-title", "-pk")),
        "date": Order(_("oldest first"), ("date_earliest", "pk")),
        "-date": Order(_("latest first"), ("-date_earliest", "-pk")),
    } | BY_UPDATE


class SourceOnDayFilter(SourceFilter):
    as_of = KeptDayParameter()
