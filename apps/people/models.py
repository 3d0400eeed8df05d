from django.db import models
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from apps.core.alike import SharedName
from apps.core.models import End, Entry, Named
from apps.people.querysets import PersonQuerySet
from apps.sources.models import Citation


class Person(Entry, Named):
    """Somebody who held an office, made a visit or was met on one."""

    is_told_often = True
    counted = ngettext_lazy("%d person", "%d people")
    ends = (End("pk", "subject"),)
    alike = (SharedName(),)
    schema_type = "Person"

    wikidata_id = models.CharField(_("Wikidata id"), max_length=20, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [*Entry.Meta.constraints, *Named.Meta.constraints]
        indexes = [*Entry.Meta.indexes, models.Index(fields=["name_en", "id"], name="people_person_by_name")]


class PersonCitation(Citation):
    entry = models.ForeignKey(Person, models.CASCADE, related_name="citations", verbose_name=_("person"))
