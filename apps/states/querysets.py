from django.conf import settings

from apps.core.querysets import DerivingQuerySet, EntryQuerySet


class StateQuerySet(EntryQuerySet):
    def focus(self):
        """The one state whose relations the database describes, or None where it is not there to be shown."""
        return self.published().filter(code=settings.FOCUS_STATE).first()

    def for_detail(self):
        return self.select_related("predecessor").prefetch_related("successors").with_citations()


class PlaceQuerySet(DerivingQuerySet):
    matching = EntryQuerySet.matching

    def get_by_natural_key(self, slug):
        return self.get(slug=slug)
