"""Columns of admin lists."""

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _


def date_column(name, label, order_by=None):
    """A partial date as written, sorted by the earliest day that it allows."""

    @admin.display(description=label, ordering=order_by or f"{name}_earliest")
    def column(row):
        return str(getattr(row, name)) or _("not recorded")

    column.__name__ = name
    return column


class CountColumn:
    """How many rows point at this one by the relation `accessor`, as a link to the list of just these.

    `listed`, the name of a foreign key of theirs, lists the rows that they belong to in their place: an
    agreement for a party. Counted in a subquery: several joins in one query would multiply each other.
    """

    def __init__(self, accessor, label, listed=None):
        self.accessor, self.listed = accessor, listed
        self.__name__ = self.admin_order_field = f"{accessor}_count"
        self.short_description = label

    def annotation(self, model):
        field = self._counting_field(model)
        rows = field.model._default_manager.order_by().filter(**{field.name: OuterRef("pk")})
        counted = rows.values(field.name).annotate(rows=Count("pk")).values("rows")
        return {self.__name__: Coalesce(Subquery(counted, output_field=IntegerField()), 0)}

    def __call__(self, row):
        number = getattr(row, self.__name__)
        if not number:
            return number
        field = self._counting_field(type(row))
        lookup, model = field.name, field.model
        if self.listed:
            to_whole = model._meta.get_field(self.listed)
            model, lookup = to_whole.related_model, f"{to_whole.remote_field.name}__{lookup}"
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        return format_html('<a href="{}?{}__id__exact={}">{}</a>', address, lookup, row.pk, number)

    def _counting_field(self, model):
        return model._meta.get_field(self.accessor).remote_field
