"""The small marks of the rows of a ledger: what held, what was inferred, what an entry rests on.

A page has some hundreds of them, which templates of their own would make half of its cost.
"""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext as _

from apps.core.asof import keeping_day
from apps.core.spans import Holds
from apps.core.templatetags.addresses import request_of
from apps.core.templatetags.reading import by_passage, in_language

register = template.Library()


@register.filter
def held(holds):
    """Whether it held, certainly or possibly, on the day asked for; nothing where none was asked for."""
    if not holds:
        return ""
    word = _("certain") if holds == Holds.CERTAIN else _("possible")
    return format_html('<span class="holds {}">{}</span>', holds, word)


@register.filter
def basis(entry):
    """Says of an entry that its curator concluded it, and how."""
    if not entry.is_inferred:
        return ""
    return format_html('<span class="mark" title="{}">{}</span>', entry.note, _("inferred"))


@register.simple_tag(takes_context=True)
def cited(context, entry):
    """The source marks of an entry, whose citations are loaded: each leads to the passage."""
    request = request_of(context)
    marks = (
        _contradicting(claim) + _mark_of(passage, keeping_day(passage.get_absolute_url(), request))
        for passage, claim in by_passage(entry.citations.all())
    )
    # Each mark is made by format_html.
    listed = "".join(f"<li>{mark}</li>" for mark in marks)
    return mark_safe(f'<ul class="cited">{listed}</ul>')  # nosec B308 B703


def _contradicting(claim):
    if not claim:
        return ""
    mark = '<span class="mark contradicted" title="{}">{}</span> '
    return format_html(mark, claim, _("differs"))


def _mark_of(passage, address):
    return _written(address, str(passage), passage.locator, passage.source.language, get_language())


@lru_cache(maxsize=4096)
def _written(address, title, locator, source_language, _language):
    """A text of these alone; many entries of one list rest on the same passages."""
    note = _("%(passage)s. The mark leads there, and to all else that rests on it.") % {"passage": title}
    return format_html(
        '<a href="{}" data-note="{}">{}</a>', address, note, in_language(locator, source_language)
    )
