"""What each passage of a source supports, so that a reader can check the encoding paragraph by paragraph."""

from collections import defaultdict
from dataclasses import dataclass

from apps.sources.models import Citation


@dataclass(frozen=True)
class CitedEntry:
    """An entry that a passage is cited for; `contradicts` where the passage says otherwise of any of it."""

    entry: object
    contradicts: bool

    @property
    def kind(self):
        return self.entry._meta.verbose_name_plural


def passages_with_entries(source):
    """The passages of `source` in order, each with `cited_entries`: published, kind by kind, each entry once.

    One query for each kind of entry (its citations), whatever their number.
    """
    cited = defaultdict(dict)
    for model in Citation.__subclasses__():
        for citation in model.objects.of_published().filter(passage__source=source).for_coverage():
            entry, contradicts = citation.entry, citation.stance == Citation.Stance.CONTRADICTS
            known = cited[citation.passage_id].get(entry)
            cited[citation.passage_id][entry] = contradicts or bool(known and known.contradicts)
    passages = list(source.passages.order_by("position", "pk"))
    for passage in passages:
        passage.cited_entries = [CitedEntry(*item) for item in cited[passage.pk].items()]
        # Kinds stay in their order; within one, as a reader would look for it.
        kinds = list(dict.fromkeys(found.kind for found in passage.cited_entries))
        passage.cited_entries.sort(key=lambda found: (kinds.index(found.kind), str(found.entry)))
    return passages
