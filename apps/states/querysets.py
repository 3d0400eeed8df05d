from django.conf import settings
from django.db import models

from apps.core.querysets import DerivingQuerySet, EntryQuerySet


class StateQuerySet(EntryQuerySet):
    def focus(self):
        """The one state whose relations the database describes, or None where it is not there to be shown."""
        return self.published().filter(code=settings.FOCUS_STATE).first()

    def key_of_focus(self):
        """Its primary key, whether it is public or not; None where there is none."""
        return self.filter(code=settings.FOCUS_STATE).values_list("pk", flat=True).first()

    def for_detail(self):
        # Of one that is not public, not even a blank line on the page is to tell.
        successors = models.Prefetch("successors", self.model.objects.published())
        return self.select_related("predecessor").prefetch_related(successors).with_citations()


class PlaceQuerySet(DerivingQuerySet):
    matching = EntryQuerySet.matching

    def get_by_natural_key(self, slug):
        return self.get(slug=slug)
