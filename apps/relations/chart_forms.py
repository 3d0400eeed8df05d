"""What the pages that count and compare can be asked for, as strict as the lists: nothing of an address is guessed."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext as _

from apps.core.asof import AsOfField
from apps.core.dates import PartialDate
from apps.core.datewords import date_words
from apps.core.fixtures import identifier_of
from apps.core.questions import Question


class EntriesField(forms.Field):
    """Published entries by their identifiers, each a parameter of its own: `?in=sco&in=osce`. One query, if any."""

    widget = forms.SelectMultiple
    takes_several = True

    def __init__(self, rows, *, most, **kwargs):
        """`rows` gives those to choose from, `most` is how many may be asked for."""
        self.rows, self.most = rows, most
        super().__init__(required=False, **kwargs)

    def clean(self, value):
        """The entries in the order of the address, each once."""
        asked = list(dict.fromkeys(filter(None, value or ())))
        if len(asked) > self.most:
            raise ValidationError(
                _("Ask for no more than %(most)s; these are %(number)s.")
                % {"most": self.most, "number": len(asked)}
            )
        if not asked:
            return []
        rows = self.rows()
        name = identifier_of(rows.model)
        asked = [self.identifier(text) for text in asked]
        found = {getattr(row, name): row for row in rows.filter(**{f"{name}__in": asked})}
        if missing := [text for text in asked if text not in found]:
            raise ValidationError(
                _("No published %(kind)s has this identifier (%(identifier)s): %(given)s.")
                % {"kind": rows.model._meta.verbose_name, "identifier": name, "given": missing[0][:100]}
            )
        return [found[text] for text in dict.fromkeys(asked)]

    def identifier(self, text):
        """ISO codes in small letters are as good as those in capitals."""
        return text.upper() if identifier_of(self.rows().model) == "code" else text


class ChartForm(Question):
    """The parameters of a page of numbers, of which the day is one; its addresses keep them as they were written."""

    as_of = AsOfField()

    def __init__(self, data):
        super().__init__(data)
        for field in self.fields.values():
            field.required = False

    @property
    def shown(self):
        """The fields of the filters: without the day, for which the header asks."""
        return [field for field in self if field.name != "as_of"]

    @property
    def day(self):
        """The PartialDate asked for, or None."""
        return self.given("as_of")

    @property
    def asked(self):
        """{parameter: text, or texts where it can be given several times} of what is asked for."""
        found = {}
        for name, field in self.fields.items():
            texts = [text for text in self.data.getlist(name) if text]
            if texts:
                found[name] = texts if isinstance(field, EntriesField) else texts[0]
        return found

    def query(self, **changes):
        """The query string of this page with `changes`, in which None drops a parameter; "?" included.

        A parameter named like a Python keyword takes "_" behind.
        """
        values = self.asked | {name.removesuffix("_"): value for name, value in changes.items()}
        query = urlencode({name: value for name, value in values.items() if value}, doseq=True)
        return f"?{query}" if query else ""

    def described(self):
        """[(label, value in words)] of what is asked for."""
        return [(self.fields[name].label, self._shown(name)) for name in self.asked]

    def _shown(self, name):
        value, choices = self.given(name), getattr(self.fields[name], "choices", None)
        if isinstance(value, PartialDate):
            return date_words(value, get_language() or "en")
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return dict(choices).get(value, value) if isinstance(value, str) and choices else value
