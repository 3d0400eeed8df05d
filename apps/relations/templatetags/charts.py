"""How numbers are written in pictures."""

from django import template

register = template.Library()


@register.filter
def dot(number):
    """A coordinate, whatever sign the reader's language puts before decimals."""
    return f"{number:.1f}".removesuffix(".0")
