"""What of a source is encoded and what rests on it, so that a reader can check it paragraph by paragraph."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from apps.core.bulk import batches
from apps.sources.conflicts import anchor_of, conflicts_among
from apps.sources.models import Citation, Passage

# Numbers from which a cell of the ledger is tinted more strongly.
TINTS = (1, 3, 6, 12)


@dataclass(frozen=True)
class CitedEntry:
    """An entry that a passage is cited for; `contradicts` where the passage says otherwise of any of it."""

    entry: object
    contradicts: bool

    @property
    def conflict_anchor(self):
        return anchor_of(self.entry)


@dataclass(frozen=True)
class Group:
    """Entries of one kind, as many as `rows`."""

    model: type
    rows: list

    @property
    def kind(self):
        return self.model._meta.model_name

    @property
    def label(self):
        return self.model._meta.verbose_name_plural

    @property
    def words(self):
        """Such as "3 visits"."""
        return self.model.counted % len(self.rows)


class Coverage:
    """The passages of a source in order, each with its `groups` of cited entries, and what they come to.

    Counted is what readers may see, each entry once, however many citations it has. The order of the kinds is that
    of the citation tables.
    """

    def __init__(self, source, passages, citations):
        self.source = source
        self.passages = passages
        self._kinds = list(dict.fromkeys(type(citation.entry) for citation in citations))
        self._conflicts = conflicts_among(citations)
        cited = _cited_entries(source, citations)
        for passage in passages:
            passage.groups = self._grouped(cited[passage.pk].values(), lambda row: row.entry)
            passage.cited_entries = [row for group in passage.groups for row in group.rows]

    def _grouped(self, rows, entry_of=lambda row: row):
        """Kind by kind, within one as a reader would look for it."""
        of_kind = defaultdict(list)
        for row in sorted(rows, key=lambda row: str(entry_of(row))):
            of_kind[type(entry_of(row))].append(row)
        return [Group(model, of_kind[model]) for model in self._kinds if model in of_kind]

    @cached_property
    def entries(self):
        """Each once, in the order of the passages."""
        return list(dict.fromkeys(row.entry for passage in self.passages for row in passage.cited_entries))

    @cached_property
    def groups(self):
        """All entries, by kind."""
        return self._grouped(self.entries)

    @cached_property
    def research(self):
        """{"open": number of passages, ...}, all states of research in their order."""
        counted = Counter(passage.research for passage in self.passages)
        return {state: counted[state] for state in Passage.Research.values}

    @cached_property
    def basis(self):
        """{"stated": number of entries, "inferred": ...}"""
        inferred = sum(entry.is_inferred for entry in self.entries)
        return {"stated": len(self.entries) - inferred, "inferred": inferred}

    @cached_property
    def conflicts(self):
        """Of the entries in their order; the other passage may be of another source."""
        return [conflict for entry in self.entries for conflict in self._conflicts.get(entry, ())]

    @property
    def in_conflict(self):
        """The number of entries of which any passage, of whatever source, says otherwise."""
        return len(self._conflicts)

    @property
    def citing(self):
        """The number of passages on which an entry rests."""
        return sum(bool(passage.groups) for passage in self.passages)

    @property
    def ledger(self):
        """[(section, [(passage, [(number, tint)] in the order of `groups`)])]; no number, no tint: 0."""
        rows = [(passage, self._cells(passage)) for passage in self.passages]
        return [(section, list(part)) for section, part in groupby(rows, key=lambda row: row[0].section)]

    def _cells(self, passage):
        numbers = {group.model: len(group.rows) for group in passage.groups}
        counts = [numbers.get(group.model, 0) for group in self.groups]
        return [(count, sum(count >= least for least in TINTS)) for count in counts]


def coverage_of(source):
    """Two queries for each kind of entry, one for the passages, and those of `conflicts_among`."""
    citations = [row for model in Citation.__subclasses__() for row in citations_beside(model, source)]
    return Coverage(source, list(source.passages.order_by("position", "pk")), citations)


def citations_beside(model, source):
    """All citations, of whatever source, of the public entries of a kind that a passage of this one is cited for.

    The entries are found here and not by the database within a larger query: where what it knows of its tables is old,
    PostgreSQL was seen to read all citations once for each pair of an entry and a citation.
    """
    found = []
    for keys in batches(model.objects.of_source(source).entry_keys()):
        found += model.objects.of_published().filter(entry__in=keys).for_coverage()
    return sorted(found, key=attrgetter("pk"))


def _cited_entries(source, citations):
    """{passage's key: {entry: CitedEntry}} of the passages of the source."""
    cited = defaultdict(dict)
    for citation in citations:
        if citation.passage.source_id == source.pk:
            entry, found = citation.entry, cited[citation.passage_id]
            contradicts = citation.stance == Citation.Stance.CONTRADICTS
            contradicts = contradicts or (entry in found and found[entry].contradicts)
            found[entry] = CitedEntry(entry, contradicts)
    return cited
