"""An entry that was found, of which a page has up to a hundred: a template for each would make a third of its cost."""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from apps.core.asof import keeping_day
from apps.core.templatetags.addresses import request_of

register = template.Library()


# What the template of a list would have around each.
ITEM = """
            <li>
              <div class="what">{}
                {}
              </div>
              {}
            </li>
          """
INFERRED, WHEN = '<span class="mark">{}</span>', '<div class="when">{}</div>'


@register.simple_tag(takes_context=True)
def hits(context, rows):
    """Items of a list, each with a title, whether that is inferred, and when it was."""
    inferred = format_html(INFERRED, _("inferred"))
    items = [
        ITEM.format(
            hit(context, row),
            inferred if row.entry.is_inferred else "",
            format_html(WHEN, row.entry.when) if row.entry.is_in_time else "",
        )
        for row in rows
    ]
    # Of what is safe in itself.
    return mark_safe("".join(items))  # nosec B308 B703


@register.simple_tag(takes_context=True)
def hit(context, row):
    """Its title, which leads to its page, and the names by which it was found where the title is none of them."""
    address = keeping_day(row.entry.get_absolute_url(), request_of(context))
    names = [
        format_html('\n  <span class="found-by">{}</span>', in_parts(name)) for name in row.names_in_parts
    ]
    # Each of these is made by format_html.
    return mark_safe(  # nosec B308 B703
        format_html('<a href="{}">{}</a>', address, in_parts(row.title_in_parts)) + "".join(names)
    )


def in_parts(parts):
    """A text in parts, those marked that were asked for."""
    texts = (f"<mark>{escape(part.text)}</mark>" if part.is_marked else escape(part.text) for part in parts)
    return mark_safe("".join(texts))  # nosec B308 B703
