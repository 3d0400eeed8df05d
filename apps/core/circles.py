"""Rows that refer to one of their own kind, a part to its whole: none may come back to itself."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.fixtures import kept_fields

LEADS_BACK = _(
    "“%(other)s” leads back to this one by its own “%(field)s”. Choose another, or change that one first."
)
ITSELF = _("This is the entry itself. Choose another, or none.")


def own_kind_fields(model):
    """The fields by which a row refers to one of its kind; not to its heir, which no curator writes."""
    return [field for field in kept_fields(model) if field.many_to_one and field.related_model is model]


def refuse_circles(row, exclude=()):
    """Raises a ValidationError on the field by which one would come from the row back to it; a query a step up.

    Fields named in `exclude`, as they are wrong already, are left out.
    """
    for field in own_kind_fields(type(row)):
        first = getattr(row, field.attname)
        if first is None or row.pk is None or field.name in exclude:
            continue
        if first == row.pk:
            raise ValidationError({field.name: ITSELF})
        if row.pk in _above(field, first):
            words = {"other": getattr(row, field.name), "field": field.verbose_name}
            raise ValidationError({field.name: LEADS_BACK % words})


def _above(field, key):
    """The primary keys that one comes to from a row, those of a circle among them once."""
    found = set()
    while key is not None and key not in found:
        found.add(key)
        rows = field.model._base_manager.filter(pk=key)
        key = rows.values_list(field.attname, flat=True).first()
    return found


def in_circles(above):
    """Of {key: the one above it} the keys from which one comes back to where one was."""
    circles, seen = set(), set()
    for key in above:
        path = []
        while key in above and key not in seen:
            seen.add(key)
            path.append(key)
            key = above[key]
        if key in path:
            circles.update(path[path.index(key) :])
    return circles
