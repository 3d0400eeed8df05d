"""What the drawings of a page need of their numbers."""

from datetime import date
from functools import lru_cache

from babel.dates import format_interval
from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext as _

from apps.core.asof import keeping_day
from apps.core.templatetags.addresses import request_of
from apps.core.templatetags.reading import grouped

register = template.Library()


@register.filter
def percent(number):
    """A place along the axis as SVG has it; never with the reader's decimal comma."""
    return f"{number:.2f}".rstrip("0").rstrip(".") + "%"


@register.filter
def px(number):
    """Pixels, without the reader's decimal comma."""
    return f"{number:.1f}".removesuffix(".0")


@register.filter
def stretch(bucket):
    """The time of a bucket: "1995", "January–March 2012", "1990–1999"."""
    return _stretch(bucket, get_language() or "en")


# A picture and its table ask for the same ones over and over, and so does each other page.
@lru_cache(maxsize=2048)
def _stretch(bucket, language):
    first, last = bucket.years
    if bucket.first % 12 == 0 and bucket.last % 12 == 11:
        return str(first) if first == last else f"{first}–{last}"
    begin, end = (date(month // 12, month % 12 + 1, 1) for month in (bucket.first, bucket.last))
    return format_interval(begin, end, "yMMMM", locale=language)


# How much there is in a stretch of time: what is certain solid, what is possible besides hatched, upon it.
BAR = """<g role="listitem"><a href="{}" class="bar {}"><title>{}</title>
<rect class="hold" x="{}" y="{}" width="{}" height="{}"/>
{}</a></g>"""
MAY = '<rect class="may" fill="url(#may-{})" x="{}" y="{}" width="{}" height="{}"/>'
SURE = '<rect class="sure" x="{}" y="{}" width="{}" height="{}"/>'
NUMBER = '<text class="at {}" x="{}" y="{}" text-anchor="middle" aria-hidden="true">{}</text>'


@register.simple_tag(takes_context=True)
def drawn_bar(context, bar, drawn):
    """A Bar of a Drawn lane. A picture has some hundreds, which a template of their own would make half of its cost."""
    told = {"time": stretch(bar.bucket), "certain": grouped(bar.certain), "may": grouped(bar.may)}
    title = _("%(time)s: %(certain)s, possibly %(may)s more") if bar.may else _("%(time)s: %(certain)s")
    x, width, parts = percent(bar.x), percent(bar.width), []
    if bar.soft:
        parts.append(format_html(MAY, drawn.lane.side, x, px(bar.top), width, px(bar.soft)))
    if bar.sure:
        parts.append(format_html(SURE, x, px(bar.sure_top), width, px(bar.sure)))
    if bar.shown:
        number = grouped(bar.possible)
        parts.append(format_html(NUMBER, bar.shown, percent(bar.middle), px(bar.label_y), number))
    place = (percent(bar.bucket.x), drawn.bar_top, percent(bar.bucket.width), drawn.bar_reach)
    address = keeping_day(bar.address, request_of(context))
    # Each part is made by format_html.
    inside = mark_safe("\n".join(parts))  # nosec B308 B703
    return format_html(BAR, address, drawn.lane.side, title % told, *place, inside)


CELL = '<td class="number" data-label="{}">{}</td>'
CELL_OF_BAR = '<a href="{}">{}{}</a>'


@register.simple_tag(takes_context=True)
def bar_cells(context, bars):
    """The cells of a row of the table beside the picture, of [(label of a lane, its Bar or None)]."""
    cells = []
    for label, bar in bars:
        number = "0"
        if bar:
            possible = f"–{grouped(bar.possible)}" if bar.may else ""
            address = keeping_day(bar.address, request_of(context))
            number = format_html(CELL_OF_BAR, address, grouped(bar.certain), possible)
        cells.append(format_html(CELL, label, number))
    # Each of these is made by format_html.
    return mark_safe("".join(cells))  # nosec B308 B703
