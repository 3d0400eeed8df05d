"""Links within the site, which keep the day that a page is asked for: who looks at 2012 stays there."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from apps.core.asof import keeping_day

register = template.Library()


def request_of(context):
    """The request, which is there within `{% include ... only %}` too; None where a page is made for nobody."""
    return getattr(context, "request", None)


@register.simple_tag(takes_context=True)
def page(context, name, *args, **kwargs):
    """As `{% url %}`, with the day: `{% page 'state-detail' state.code %}`."""
    return keeping_day(reverse(name, args=args, kwargs=kwargs), request_of(context))


@register.simple_tag(takes_context=True)
def filtered(context, name, **filters):
    """The address of a list narrowed by its filters, with the day: `{% filtered 'visit-list' person=person.slug %}`."""
    return keeping_day(f"{reverse(name)}?{urlencode(filters)}", request_of(context))


@register.simple_tag(takes_context=True)
def to(context, row):
    """The address of a row's own page, with the day: `{% to visit %}`."""
    return keeping_day(row.get_absolute_url(), request_of(context))


@register.simple_tag(takes_context=True)
def on_day(context, address):
    """Any address of the site, with the day, which comes before its fragment: `{% on_day section.url %}`."""
    return keeping_day(address, request_of(context))
