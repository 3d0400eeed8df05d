"""How the fields of a list's filters are written: a page has hundreds of options, none of which is worth a template."""

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

# A select with more entries than this is of no help to who looks for one, who types its identifier then.
MOST_OFFERED = 300


class Direct(DjangoTemplates):
    """Writes inputs and selects as Django's templates do, without them; all other widgets by these."""

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
    written = format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        ((o["value"], flatatt(o["attrs"]), o["label"]) for o in options),
    )
    return format_html(
        '<select name="{}"{}>\n{}\n</select>', widget["name"], flatatt(widget["attrs"]), written
    )


WRITERS = {
    "django/forms/widgets/text.html": written_input,
    "django/forms/widgets/select.html": written_select,
}


class Offered(ModelChoiceIterator):
    """(identifier, name) of the entries to choose from, without a row of the ORM for each."""

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


class EntrySelect(forms.Select):
    """A select of entries; where there are too many to choose from, a field for the identifier of one."""

    typed = forms.TextInput(attrs={"autocapitalize": "off", "autocomplete": "off", "spellcheck": "false"})

    def get_context(self, name, value, attrs):
        # Asked for once; without iter(), Django would be asked first how many there are.
        choices = list(iter(self.choices))
        if len(choices) > MOST_OFFERED:
            return self.typed.get_context(name, value, self.build_attrs(self.attrs, attrs))
        offering = forms.Select(self.attrs, choices)
        return offering.get_context(name, value, attrs)

    def _render(self, template_name, context, renderer=None):
        return super()._render(context["widget"]["template_name"], context, renderer)
