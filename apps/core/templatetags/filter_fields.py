"""The fields of a list's filters. Of twenty, a reader fills in one or two; the others are always the same."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.translation import get_language

from apps.core.filter_widgets import EntrySelect

register = template.Library()


@register.simple_tag
def filter_field(field):
    """A field of the form of a filter set (`core.filters.form_of`) with its label, its help and its faults."""
    is_always_the_same = not (field.data or field.errors or isinstance(field.field.widget, EntrySelect))
    return _blank(type(field.form), field.name, get_language()) if is_always_the_same else _drawn(field)


@lru_cache(maxsize=2048)
def _blank(form_class, name, _language):
    return _drawn(form_class()[name])


def _drawn(field):
    return render_to_string("_components/form_field.html", {"field": field})
