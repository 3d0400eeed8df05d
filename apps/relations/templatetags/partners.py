"""The other states of a state's page, each with a link to what ties the two: all that there are."""

from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import mark_safe

from apps.core.asof import keeping_day
from apps.core.templatetags.addresses import request_of

register = template.Library()

PARTNER = '<li><a href="%s">%s</a> <span class="soft small">%s + %s</span></li>'
# Stands for the code of the other state in an address.
OTHER = "QQQ"


@register.simple_tag(takes_context=True)
def partner_links(context, state, partners):
    address = keeping_day(reverse("pair", args=[state.code, OTHER]), request_of(context))
    before, _other, after = map(escape, address.rpartition(OTHER))
    lines = [
        PARTNER % (f"{before}{row.state.code}{after}", escape(row.state.name), row.entries, row.organizations)
        for row in partners
    ]
    return mark_safe("".join(lines))  # nosec B308 B703
