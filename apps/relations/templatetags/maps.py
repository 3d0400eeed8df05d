"""What the world map and its table have of each state: hundreds, of which templates would make most of the page's cost.

Whatever comes from the database is escaped here, text by text, and each line is put together by one format.
"""

from functools import cache, partial
from html import escape

from django import template
from django.urls import get_script_prefix
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from apps.core.addresses import addresses_of
from apps.core.asof import keeping_day
from apps.core.kept import Kept
from apps.core.templatetags.addresses import request_of
from apps.core.templatetags.reading import grouped, named

register = template.Library()
# Tables whose rows are kept, each some 150 KB where there are 200 states.
_rows = Kept(20)

AREA = '<a href="%s" class="shade-%s%s"><title>%s</title><path d="%s"/></a>'
# A small state: what is seen of it, and, where there is room, what is hit beside it.
DOT = (
    '<a href="%s" class="dot shade-%s%s"><title>%s</title>'
    '%s<path class="rim" d="%s"/><path class="face" d="%s"/></a>'
)
REACH = '<path class="reach" d="%s"/>'
LINE = '<text x="%s" y="%s">%s</text>'
ROW = '<tr>\n<th scope="row"><a href="%s">%s</a></th>\n%s\n</tr>'
CELL = '<td data-label="%s" class="number%s">%s%s</td>'


@register.simple_tag(takes_context=True)
def map_marks(context, picture):
    """The states of a WorldMap, each a link that tells its number, those too small to be hit on top as dots."""
    areas = [
        AREA % (*link, mark.shape.path)
        for link, mark in zip(_links(context, picture.areas), picture.areas, strict=True)
    ]
    dots = picture.dots
    for link, dot in zip(_links(context, [dot.mark for dot in dots]), dots, strict=True):
        at = f"M{dot.x} {dot.y}h0"
        areas.append(DOT % (*link, REACH % at if dot.is_alone else "", at, at))
    return mark_safe("\n".join(areas))  # nosec B308 B703


@register.simple_tag
def map_labels(picture):
    """What is written upon the states."""
    lines = [LINE % (mark.shape.x, y, escape(line)) for mark in picture.areas for line, y in mark.label]
    return mark_safe("".join(lines))  # nosec B308 B703


@register.simple_tag(takes_context=True)
def map_rows(context, tallies, columns, picture):
    """The rows of the table, in the order of the tallies; that alone follows from the order asked for."""
    names = tuple(column.name for column in columns)
    # With the states that there are: who began to answer at the same revision may have read others meanwhile.
    states = frozenset(tally.state.pk for tally in tallies)
    which = (picture.focus.pk, picture.day, names, states, get_language(), get_script_prefix())
    rows = _rows.of(picture.mark, which, partial(_written, context, tallies, columns, picture.day))
    return mark_safe("\n".join([rows[tally.state.pk] for tally in tallies]))  # nosec B308 B703


def _written(context, tallies, columns, day):
    """{primary key of a state: its row}; as of a day, a number of which not all is certain has that beside it."""
    columns = [(column.name, cache(partial(_cell, escape(column.label)))) for column in columns]
    rows = {}
    for tally, address in zip(tallies, _addresses(context, tallies), strict=True):
        certain = tally.certain if day else tally.counts
        cells = "\n".join([cell(tally.counts[name], certain[name]) for name, cell in columns])
        rows[tally.state.pk] = ROW % (address, conditional_escape(named(tally.state)), cells)
    return rows


def _cell(label, count, certain):
    beside = f' <span class="soft small">({grouped(certain)})</span>' if certain != count else ""
    return CELL % (label, "" if count else " soft", grouped(count), beside)


def _links(context, marks):
    """(address, tone, class of what is only possible, words) of each mark."""
    addresses = _addresses(context, [mark.tally for mark in marks])
    return [
        (address, mark.tone, " possible" if mark.is_possible else "", escape(mark.words))
        for address, mark in zip(addresses, marks, strict=True)
    ]


def _addresses(context, tallies):
    """Of the pages of their states, with the day that the page asks for."""
    of_day = escape(keeping_day("", request_of(context)))
    found = addresses_of(["state-detail"] * len(tallies), [tally.state.code for tally in tallies], "")
    return [address + of_day for address in found]
