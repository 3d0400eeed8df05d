"""How the fields of a list's filters are written: a page has hundreds of options, none of which is worth a template."""

from django import forms
from django.conf import settings
from django.forms.models import ModelChoiceIterator
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from apps.core.kept import Kept

# A select with more entries than this is of no help to who looks for one, who types its identifier then.
MOST_OFFERED = 300


class DirectRenderer(DjangoTemplates):
    """Writes inputs and selects as Django's templates do, without them; all other widgets by these.

    `mark` is that by which the options of entries are kept (`core.kept`).
    """

    def __init__(self, mark=None):
        self.mark = mark
        super().__init__()

    def render(self, template_name, context, request=None):
        writer = WRITERS.get(template_name)
        return writer(context["widget"]) if writer else super().render(template_name, context, request)


def written_input(widget):
    given = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        given["value"] = widget["value"]
    return format_html("<input{}>", flatatt(given | widget["attrs"]))


def written_select(widget):
    options = (option for _group, options, _index in widget["optgroups"] for option in options)
    written = written_options((o["value"], flatatt(o["attrs"]), o["label"]) for o in options)
    return select_of(widget["name"], widget["attrs"], written)


def written_options(options):
    """Of [(value, attributes, label)]."""
    return format_html_join("\n", '<option value="{}"{}>{}</option>', options)


def select_of(name, attrs, options):
    return format_html('<select name="{}"{}>\n{}\n</select>', name, flatatt(attrs), options)


WRITERS = {
    "django/forms/widgets/text.html": written_input,
    "django/forms/widgets/select.html": written_select,
}


class OfferedEntries(ModelChoiceIterator):
    """(identifier, name) of the entries to choose from, without a row of the ORM for each."""

    def __init__(self, field):
        super().__init__(field)
        self._written = Kept(len(settings.LANGUAGES))

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.entries

    @property
    def entries(self):
        """Of no more than can be told to be too many."""
        rows, identifier = self.queryset[: MOST_OFFERED + 1], self.field.to_field_name
        if not hasattr(self.queryset.model, "name_en"):
            return [(getattr(row, identifier), str(row)) for row in rows]
        own = f"name_{(get_language() or 'en')[:2]}"
        names = rows.values_list(identifier, own, "name_en")
        return [(public_id, name or english) for public_id, name, english in names]

    def written(self, mark):
        """The options in the reader's language, none of them chosen; None where there are too many to choose from."""
        return self._written.of(mark, get_language(), self._options)

    def _options(self):
        # Asked for once; without iter(), Django would be asked first how many there are.
        choices = list(iter(self))
        if len(choices) > MOST_OFFERED:
            return None
        return written_options((value, "", label) for value, label in choices)


class EntrySelect(forms.Select):
    """A select of entries; where there are too many to choose from, a field for the identifier of one.

    In its options nothing but which is chosen follows from the address.
    """

    typed = forms.TextInput(attrs={"autocapitalize": "off", "autocomplete": "off", "spellcheck": "false"})

    def render(self, name, value, attrs=None, renderer=None):
        if not isinstance(renderer, DirectRenderer):
            return super().render(name, value, attrs, renderer)
        attrs, options = self.build_attrs(self.attrs, attrs), self.choices.written(renderer.mark)
        if options is None:
            return self.typed.render(name, value, attrs, renderer)
        (value,) = self.format_value(value)
        option = format_html('<option value="{}"', value)
        # Of texts that were escaped, both of them.
        chosen = mark_safe(options.replace(f"{option}>", f"{option} selected>", 1))  # nosec B308 B703
        return select_of(name, attrs, chosen)
