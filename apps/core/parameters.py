"""The parameters that lists share: each a form field that checks the value and a filter that applies it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext as _, gettext_lazy
from django_filters import Filter

from apps.core.asof import AsOfField
from apps.core.dates import EARLIEST, LATEST, Form, PartialDate
from apps.core.datewords import date_words
from apps.core.forms import PartialDateFormField
from apps.core.models import Entry
from apps.core.text import fold

ANY = gettext_lazy("any")


class LimitField(PartialDateFormField):
    """A day, month, season, year or decade without doubts, to PartialDate: one end of a stretch of time."""

    forms = {Form.DAY, Form.MONTH, Form.SEASON, Form.YEAR, Form.DECADE}

    def to_python(self, value):
        limit = super().to_python(value)
        if limit.is_known and (limit.form not in self.forms or limit.uncertain or limit.approximate):
            raise ValidationError(
                _(
                    "Give a day, a month, a season, a year or a decade: 1993-02-14, 1993-02, 1993-21, 1993 or 199X."
                ),
                code="no_limit",
            )
        return limit


class YearField(forms.CharField):
    """0001 to 9999, to the PartialDate of that year."""

    def to_python(self, value):
        text = super().to_python(value)
        if text and not (len(text) == 4 and text.isascii() and text.isdigit() and text != "0000"):
            raise ValidationError(_("Give a year of four digits, 0001 to 9999."), code="no_year")
        return PartialDate.parse(text)


class SearchField(forms.CharField):
    """Words to look for, of which something must be left once they are folded."""

    def clean(self, value):
        text = super().clean(value)
        if text and not fold(text):
            raise ValidationError(_("Give at least one letter or digit to look for."), code="blank")
        return text


class ChoiceField(forms.ChoiceField):
    """One of a closed list of values; "" asks for none of them."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("This value is not known here. Allowed: %(allowed)s.")
    }

    def __init__(self, *, choices, empty_label=ANY, **kwargs):
        self.allowed = [str(value) for value, _label in choices]
        empty = [] if empty_label is None else [("", empty_label)]
        super().__init__(choices=[*empty, *choices], **kwargs)

    def validate(self, value):
        if value and not self.valid_value(value):
            params = {"allowed": ", ".join(self.allowed)}
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params=params)


class EntryField(forms.ModelChoiceField):
    """A published entry, by its public identifier. What is not public is answered like what does not exist."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("No published %(kind)s has this identifier (%(identifier)s).")
    }

    def __init__(self, queryset, **kwargs):
        super().__init__(queryset, to_field_name=identifier_of(queryset.model), **kwargs)

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError as error:
            params = {"kind": self.queryset.model._meta.verbose_name, "identifier": self.to_field_name}
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", params) from error


def identifier_of(model):
    return getattr(model, "public_id_field", "slug")


class Parameter(Filter):
    """One parameter. `word` names the QuerySet method that takes its value; without it, a column must equal it.

    `example` is for the API's description.
    """

    def __init__(self, field_name=None, *, word=None, example=None, **kwargs):
        self.word, self.example = word, example
        super().__init__(field_name, **kwargs)

    def filter(self, queryset, value):
        if not value:
            return queryset
        return getattr(queryset, self.word)(value) if self.word else super().filter(queryset, value)

    def shown(self, value):
        """The value in words, for the sentence that says what a list shows."""
        return str(value)

    def described(self):
        """What OpenAPI says of it besides its name."""
        # Not OpenAPI's own `example`, with which the docs page would fill every field in at once.
        examples = {"examples": [self.example]} if self.example else {}
        schema = self.schema() | examples
        return {"required": False, "description": str(self.extra["help_text"]), "schema": schema}

    def schema(self):
        return {"type": "string"}


class ChoiceParameter(Parameter):
    field_class = ChoiceField

    def shown(self, value):
        return str(dict(self.field.choices).get(value, value))

    def schema(self):
        return {"type": "string", "enum": [value for value, _label in self.extra["choices"]]}


class EntryParameter(Parameter):
    """An entry among `rows`, a function that gives those to choose from, offered in a select."""

    field_class = EntryField

    def __init__(self, field_name=None, *, rows, **kwargs):
        self.rows = rows
        super().__init__(field_name, empty_label=ANY, **kwargs)

    @property
    def field(self):
        self.extra["queryset"] = self.rows()
        return super().field


class PeriodParameter(Parameter):
    def shown(self, value):
        return date_words(value, get_language() or "en")


class YearParameter(PeriodParameter):
    field_class = YearField

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "placeholder": "YYYY"})
        super().__init__(
            **{
                "label": gettext_lazy("Year"),
                "help_text": gettext_lazy("Dated, possibly, in this year; undated rows are never left out."),
                "example": "1993",
                "widget": widget,
                **kwargs,
            }
        )

    def filter(self, queryset, value):
        return queryset.between(value.earliest, value.latest) if value else queryset


class LimitParameter(PeriodParameter):
    """`from` or `to`: what may lie, at least in part, on this side of a date."""

    field_class = LimitField

    def __init__(self, **kwargs):
        widget = forms.TextInput(
            attrs={"inputmode": "numeric", "class": "short", "placeholder": "YYYY-MM-DD"}
        )
        super().__init__(**{"widget": widget, "example": "1993-02", **kwargs})


class FromParameter(LimitParameter):
    def __init__(self, **kwargs):
        help_text = gettext_lazy("Possibly on this day or later: YYYY, YYYY-MM or YYYY-MM-DD.")
        super().__init__(label=gettext_lazy("From"), help_text=help_text, **kwargs)

    def filter(self, queryset, value):
        return queryset.between(value.earliest, LATEST) if value else queryset


class ToParameter(LimitParameter):
    def __init__(self, **kwargs):
        help_text = gettext_lazy("Possibly on this day or earlier: YYYY, YYYY-MM or YYYY-MM-DD.")
        super().__init__(label=gettext_lazy("To"), help_text=help_text, **kwargs)

    def filter(self, queryset, value):
        return queryset.between(EARLIEST, value.latest) if value else queryset


class AsOfParameter(PeriodParameter):
    """Narrows to what holds, or may hold, at that time, each row with `holds`."""

    field_class = AsOfField

    def __init__(self, **kwargs):
        help_text = gettext_lazy(
            "What held on this day, certainly or possibly (each row says which): YYYY, YYYY-MM or YYYY-MM-DD."
        )
        label = gettext_lazy("As of")
        super().__init__(**{"label": label, "help_text": help_text, "example": "2012-07-01", **kwargs})

    def filter(self, queryset, value):
        return queryset.as_of(value.earliest, value.latest) if value else queryset


class SearchParameter(Parameter):
    field_class = SearchField

    def __init__(self, **kwargs):
        super().__init__(
            **{
                "label": gettext_lazy("Name contains"),
                "help_text": gettext_lazy(
                    "Part of a name or of another spelling of it, whatever case and accents."
                ),
                "word": "matching",
                "max_length": 100,
                "example": "turk",
                **kwargs,
            }
        )


class BasisParameter(ChoiceParameter):
    def __init__(self, field_name=None, **kwargs):
        super().__init__(
            field_name,
            choices=Entry.Basis.choices,
            label=gettext_lazy("Basis"),
            help_text=gettext_lazy("Whether the source states it, or a curator inferred it."),
            **kwargs,
        )
