"""The value of any field of an entry in a reader's words, to be set beside what a passage says instead."""

from decimal import Decimal

from django.db.models import ForeignKey, Prefetch, Q, prefetch_related_objects
from django.utils.translation import get_language, gettext as _

from apps.core.dates import PartialDate
from apps.core.datewords import date_words
from apps.core.models import Entry
from apps.core.templatetags.reading import money
from apps.core.text import lines


def prefetch_values(entries, names):
    """Reads what `value_words` needs of these fields, of entries of one kind: one query for each relation."""
    fields = [entries[0]._meta.get_field(name) for name in names if name] if entries else []
    relations = [Prefetch(field.name, _readable(field)) for field in fields if field.is_relation]
    prefetch_related_objects(entries, *relations)


def value_words(entry, name):
    """Such as "14 February 1993", "working visit", "Almaty, Astana"; the title of the entry for no field.

    Of rows that the field leads to, those that readers may see, once `prefetch_values` has read it.
    """
    if not name:
        return str(entry)
    field, value = entry._meta.get_field(name), getattr(entry, name)
    if isinstance(value, PartialDate):
        return date_words(value, get_language() or "en")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.many_to_many or field.one_to_many:
        words = ", ".join(map(str, value.all()))
    elif isinstance(value, Decimal):
        words = _quantity(entry, value)
    elif getattr(field, "choices", None):
        words = str(getattr(entry, f"get_{name}_display")())
    else:
        words = "" if value is None else ", ".join(lines(str(value)))
    return words or _("not recorded")


def _quantity(entry, value):
    """With the currency or the unit that the entry gives it in, and as the source words it."""
    if hasattr(entry, "words"):
        return entry.words
    if currency := getattr(entry, "currency", ""):
        return f"{currency} {money(value)}"
    return money(value)


def _readable(field):
    """The rows that a relation may show, as much of each as its name reads."""
    rows = field.related_model._default_manager.all()
    if hasattr(rows, "public"):
        return rows.public()
    if hasattr(rows, "published"):
        return rows.published().for_title()
    return _with_public_sides(rows) if field.one_to_many else rows


def _with_public_sides(parts):
    """Parts of an entry that name other entries, where readers may see all of these."""
    sides = [
        field.name
        for field in parts.model._meta.fields
        if isinstance(field, ForeignKey) and issubclass(field.related_model, Entry)
    ]
    for side in sides:
        parts = parts.filter(Q(**{f"{side}__isnull": True}) | Q(**{f"{side}__status": "published"}))
    return parts.select_related(*sides)
