from django.db import models

from apps.core.querysets import DerivingQuerySet


class SourceQuerySet(DerivingQuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)

    def for_list(self):
        """With `passage_count` and `encoded_count`."""
        return self.annotate(
            passage_count=models.Count("passages"),
            encoded_count=models.Count("passages", filter=models.Q(passages__research="encoded")),
        )


class PassageQuerySet(models.QuerySet):
    def get_by_natural_key(self, source, anchor):
        return self.get(source__slug=source, anchor=anchor)


class CitationQuerySet(models.QuerySet):
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
        """With the entry of each, as much of it as its title reads."""
        entries = self.model.entry_model().objects.for_title()
        return self.prefetch_related(models.Prefetch("entry", queryset=entries)).order_by("pk")

    def of_published(self):
        """Those of entries that the public may see."""
        return self.filter(entry__in=self.model.entry_model().objects.published())
