"""What the drawings of a page need of their numbers."""

from datetime import date

from babel.dates import format_interval
from django import template
from django.utils.translation import get_language

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
    first, last = bucket.years
    if bucket.first % 12 == 0 and bucket.last % 12 == 11:
        return str(first) if first == last else f"{first}–{last}"
    begin, end = (date(month // 12, month % 12 + 1, 1) for month in (bucket.first, bucket.last))
    return format_interval(begin, end, "yMMMM", locale=get_language() or "en")
