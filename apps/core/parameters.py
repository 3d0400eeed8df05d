"""The parameters that lists share: each a form field that checks the value and a filter that applies it.

Those that ask for a time stand in `core.time_parameters`.
"""

import re
from copy import copy
from decimal import Decimal
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy
from django_filters import Filter

from apps.core.filter_widgets import EntrySelect, OfferedEntries
from apps.core.fixtures import identifier_of
from apps.core.kept import Kept
from apps.core.models import Entry
from apps.core.shapes import Asked, Shape, stand_in
from apps.core.text import fold

ANY = gettext_lazy("any")
# Of those that addresses name, how many a parameter keeps.
MOST_ENTRIES = 2000


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

    iterator = OfferedEntries
    widget = EntrySelect
    default_error_messages = {
        "invalid_choice": gettext_lazy("No published %(kind)s has this identifier (%(identifier)s).")
    }

    def __init__(self, queryset, **kwargs):
        super().__init__(queryset, to_field_name=identifier_of(queryset.model), **kwargs)

    def clean(self, value, mark=None):
        """`mark` is that of what the database is at, by which what it says of the entry is kept (`core.kept`)."""
        entry = self.to_python(value, mark)
        self.validate(entry)
        return entry

    def to_python(self, value, mark=None):
        """As Django's own, for texts, by a query that is written once and not for every request."""
        if value in self.empty_values:
            return None
        try:
            self.validate_no_null_characters(value)
            row = Asked(self._shape, {self._stand_in: value}).row(self._kept, mark)
        except (ValueError, ValidationError):  # Such as of a text that no database takes.
            row = None
        if row is None:
            params = {"kind": self.queryset.model._meta.verbose_name, "identifier": self.to_field_name}
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", params)
        return row

    @cached_property
    def _stand_in(self):
        return stand_in(self.queryset.model._meta.get_field(self.to_field_name), 0)

    @cached_property
    def _shape(self):
        return Shape(self.queryset.filter(**{self.to_field_name: self._stand_in}))

    @cached_property
    def _kept(self):
        return Kept(MOST_ENTRIES)


class Parameter(Filter):
    """One parameter. `word` names the QuerySet method that takes its value; without it, a column must equal it.

    `needs` names the parameter without which it says nothing. `example` is for the API's description.
    """

    # Whether what it finds may lie anywhere, so that only a look at every row finds it.
    scattered = False
    # Whether its values are few, or name an entry (`core.shapes`).
    is_closed = names_entry = False
    # Whether its filter adds something to each row, also where no value is given; `holds` alone does not count.
    adds_to_rows = False

    def __init__(self, field_name=None, *, word=None, needs=None, example=None, **kwargs):
        self.word, self.needs, self.example = word, needs, example
        super().__init__(field_name, **kwargs)

    def __deepcopy__(self, memo):
        """Every filter set has copies of its own, in which no more is changed than what this copies."""
        copied = copy(self)
        copied.extra = dict(self.extra)
        copied.method = self.method  # Which is bound to the parameter that it is of.
        return copied

    def check(self, value, given):
        """Raises a ValidationError where the value does not go with the others, {parameter: value}.

        Of the parameter that all filter sets share, which knows none of them.
        """

    def filter(self, queryset, value):
        if value is None or value == "":
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
        description = str(self.extra["help_text"])
        if self.needs:
            description += f" Needs `{self.needs}` beside it."
        return {"required": False, "description": description, "schema": schema}

    def schema(self):
        return {"type": "string"}


class ChoiceParameter(Parameter):
    field_class = ChoiceField
    scattered = is_closed = True

    def shown(self, value):
        return str(dict(self.field.choices).get(value, value))

    def schema(self):
        return {"type": "string", "enum": [value for value, _label in self.extra["choices"]]}


class FlagParameter(Parameter):
    """Whether a column is true: yes or no, each with a word for readers."""

    field_class = ChoiceField
    scattered = is_closed = True

    def __init__(self, field_name, *, yes, no, **kwargs):
        super().__init__(field_name, choices=[("yes", yes), ("no", no)], **kwargs)

    def filter(self, queryset, value):
        return queryset.filter(**{self.field_name: value == "yes"}) if value else queryset

    shown = ChoiceParameter.shown
    schema = ChoiceParameter.schema


class EntryParameter(Parameter):
    """An entry among `rows`, a function that gives those to choose from, offered in a select.

    `many`, where `field_name` is a many-to-many field.
    """

    field_class = EntryField
    names_entry = True

    def __init__(self, field_name=None, *, rows, many=False, **kwargs):
        self.rows, self.many = rows, many
        super().__init__(field_name, empty_label=ANY, **kwargs)

    @property
    def field(self):
        self.extra["queryset"] = self.rows()
        return super().field

    def filter(self, queryset, value):
        if value and self.many:
            return queryset.leading_to(self.field_name, value)
        return super().filter(queryset, value)


class IdentifierParameter(EntryParameter):
    """An entry by its identifier, typed in: for those of which there are too many to put all of them into a page."""

    def __init__(self, field_name=None, *, example=None, **kwargs):
        typed = {"autocapitalize": "off", "autocomplete": "off", "spellcheck": "false"}
        # Without it nobody knows what an identifier looks like.
        widget = forms.TextInput(attrs=typed | ({"placeholder": example} if example else {}))
        super().__init__(field_name, example=example, widget=widget, **kwargs)


class CodeField(forms.CharField):
    """A code of the form of `pattern`, which `wanted` asks for in a sentence; small letters are as good as capitals."""

    def __init__(self, *, pattern, wanted, **kwargs):
        self.pattern, self.wanted = re.compile(pattern), wanted
        super().__init__(**kwargs)

    def to_python(self, value):
        code = super().to_python(value).upper()
        if code and not self.pattern.fullmatch(code):
            raise ValidationError(self.wanted, code="no_code")
        return code


class CodeParameter(Parameter):
    """A code that others have given out, which the column equals."""

    field_class = CodeField
    scattered = True

    def __init__(self, field_name, *, pattern, wanted, **kwargs):
        widget = forms.TextInput(attrs={"class": "short", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(field_name, pattern=pattern, wanted=wanted, widget=widget, **kwargs)

    def schema(self):
        return {"type": "string", "pattern": f"^{self.extra['pattern']}$"}


class WikidataParameter(CodeParameter):
    def __init__(self):
        super().__init__(
            "wikidata_id",
            pattern="Q[1-9][0-9]{0,18}",
            wanted=gettext_lazy("Give an identifier of Wikidata, such as Q232."),
            label=gettext_lazy("Wikidata"),
            help_text=gettext_lazy("Identifier of its item in Wikidata."),
            example="Q232",
        )


class CurrencyParameter(CodeParameter):
    def __init__(self):
        super().__init__(
            "currency",
            pattern="[A-Z]{3}",
            wanted=gettext_lazy("Give an ISO 4217 code of three letters, such as USD."),
            label=gettext_lazy("Currency"),
            help_text=gettext_lazy("ISO 4217 code of the currency."),
            example="USD",
        )


class NumberField(forms.CharField):
    """A number in plain digits, to Decimal; shorter than any column, so that no database refuses it."""

    def to_python(self, value):
        text = super().to_python(value)
        if text and not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,2})?", text):
            raise ValidationError(
                _("Give a number in plain digits: 27000000000 or 12.5, without signs or blanks."),
                code="no_number",
            )
        return Decimal(text) if text else None


class NumberParameter(Parameter):
    """One end, included, of the numbers asked for: a parameter `<name>_from` or `<name>_to`."""

    field_class = NumberField
    scattered = True
    bounds = {"from": "gte", "to": "lte"}

    def __init__(self, field_name, bound, **kwargs):
        self.bound = bound
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short"})
        super().__init__(field_name, lookup_expr=self.bounds[bound], widget=widget, **kwargs)

    def check(self, value, given):
        least = given.get(f"{self.field_name}_from")
        if self.bound == "to" and least is not None and value < least:
            raise ValidationError(_("%(to)s is less than %(from)s.") % {"to": value, "from": least})

    def schema(self):
        return {"type": "number", "minimum": 0}


class SearchParameter(Parameter):
    field_class = SearchField
    scattered = True

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
            example="stated",
            **kwargs,
        )
