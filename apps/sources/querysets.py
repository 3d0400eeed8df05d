from django.db import models

from apps.core.changes import TellingQuerySet
from apps.core.querysets import DerivingQuerySet


class SourceQuerySet(DerivingQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)

    def for_list(self):
        """With `passage_count`, and of these `encoded_count`, `nothing_count` and `open_count`."""
        states = {
            f"{state}_count": models.Count("passages", filter=models.Q(passages__research=state))
            for state in ("encoded", "nothing", "open")
        }
        return self.annotate(passage_count=models.Count("passages"), **states)


class PassageQuerySet(TellingQuerySet):
    def get_by_natural_key(self, source, anchor):
        return self.get(source__slug=source, anchor=anchor)


class CitationQuerySet(TellingQuerySet):
    def get_by_natural_key(self, entry, passage, field, stance):
        """`entry` and `passage` are natural keys themselves."""
        id_field = self.model.entry_model().public_id_field
        source, anchor = passage
        return self.get(
            **{f"entry__{id_field}": entry[0]},
            passage__source__slug=source,
            passage__anchor=anchor,
            field=field,
            stance=stance,
        )

    def for_coverage(self):
        """With the passage and its source, and the entry of each, as much of it as its title reads."""
        entries = models.Prefetch("entry", queryset=self.model.entry_model().objects.for_title())
        return self.select_related("passage__source").prefetch_related(entries).order_by("pk")

    def on_entries_of(self, source):
        """All citations, of whatever source, of the entries that a passage of this one is cited for."""
        cited = self.model.objects.filter(passage__source=source).values("entry")
        return self.filter(entry__in=cited)

    def of_published(self):
        """Those of entries that the public may see."""
        return self.filter(entry__in=self.model.entry_model().objects.published())
