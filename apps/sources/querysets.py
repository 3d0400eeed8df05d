from django.db import models
from django.db.models import Exists, OuterRef

from apps.core.changes import TellingQuerySet
from apps.core.querysets import DatedQuerySet, DerivingQuerySet, EntryQuerySet, is_public


class SourceQuerySet(DatedQuerySet, DerivingQuerySet):
    matching = EntryQuerySet.matching

    def get_by_natural_key(self, slug):
        return self.get(slug=slug)

    def with_research(self, how):
        """Of which some passage has more to encode ("open"), or none has ("done")."""
        passages = self.model.passages.rel.related_model.objects.filter(
            research="open", source=OuterRef("pk")
        )
        return self.filter(Exists(passages) if how == "open" else ~Exists(passages))

    def for_list(self):
        """With `passage_count`, and of these `encoded_count`, `nothing_count` and `open_count`."""
        states = {
            f"{state}_count": models.Count("passages", filter=models.Q(passages__research=state))
            for state in ("encoded", "nothing", "open")
        }
        return self.annotate(passage_count=models.Count("passages"), **states)


class PassageQuerySet(TellingQuerySet):
    def for_title(self):
        return self.select_related("source")

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

    def of_source(self, source, anchor=None):
        """Of a passage of the source, or of that of the anchor."""
        citations = self.filter(passage__source=source)
        return citations.filter(passage__anchor=anchor) if anchor else citations

    def for_coverage(self):
        """With the passage and its source, and the entry of each, as much of it as its title reads."""
        # Not prefetched, for which Django asks SQLite for one entry OR another, and a thousand are too many.
        titles = [f"entry__{part}" for part in self.model.entry_model().title_parts]
        return self.select_related("passage__source", "entry", *titles).order_by("pk")

    def entry_keys(self):
        """Primary keys of the entries of these, each once."""
        return set(self.order_by().values_list("entry", flat=True))

    def of_published(self):
        """Those of entries that the public may see."""
        return self.filter(is_public(self.model.entry_model(), "entry__"))
