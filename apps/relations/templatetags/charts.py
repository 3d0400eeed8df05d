"""How numbers are written in pictures and beside them."""

from babel.numbers import format_decimal, format_percent
from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def dot(number):
    """A coordinate, whatever sign the reader's language puts before decimals."""
    return f"{number:.1f}".removesuffix(".0")


@register.filter
def percent(share):
    """A share from 0 to 1 as the reader's language writes it, in whole hundredths."""
    return format_percent(share, locale=get_language() or "en")


@register.filter
def decimal(number):
    """A number with two decimals up to 1, and one decimal beyond."""
    return format_decimal(number, format="0.00" if number <= 1 else "0.0", locale=get_language() or "en")
