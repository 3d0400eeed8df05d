"""What a search finds an entry by: written with the index of ties (`relations.index`), in the same transaction.

Both databases get the same words, made here in ASCII (`core.skeletons`), so that both find the same.
"""

from collections import Counter
from datetime import date
from functools import cache

from apps.core.bulk import add_to_counts, batches, columns_of, insert_values
from apps.core.dates import LATEST
from apps.core.models import Named
from apps.core.skeletons import index_words, key_of
from apps.core.statements import Statement
from apps.core.text import lines
from apps.relations.models import KINDS, SearchEntry, SearchWord
from apps.relations.querysets import SUBJECTS
from apps.states.models import Place

# In the order in which kinds are shown. A place has 5 bits for the kind, 22 for the order in it, 36 for the row's key.
ORDER = (
    *("state", "person", "organization", "event", "project", "agreement"),
    *("visit", "membership", "office", "succession", "figure"),
)
KIND_AT, ORDER_AT = 58, 36
# The bits above these tell the stretch of a place, of 128 days (migration 0005).
STRETCH_AT = ORDER_AT + 7
LAST = (1 << KIND_AT - ORDER_AT) - 1
# Where so many entries were written at once, it costs little beside them to put the index together.
MANY = 10_000


def number_of(kind):
    """From 1; of a kind that is not in ORDER, after all that are."""
    return (
        ORDER.index(kind) + 1 if kind in ORDER else len(ORDER) + 1 + sorted({*KINDS} - {*ORDER}).index(kind)
    )


def span_of(kind):
    """The lowest and the highest place that an entry of the kind can have."""
    lowest = number_of(kind) << KIND_AT
    return lowest, lowest | ((1 << KIND_AT) - 1)


def span_of_year(kind, year):
    """The same of an entry that stands in the year."""
    number = number_of(kind) << KIND_AT
    last, first = (LAST - date(year, *day).toordinal() for day in ((12, 31), (1, 1)))
    return number | last << ORDER_AT, number | first << ORDER_AT | ((1 << ORDER_AT) - 1)


def place_of(kind, key, position, keys):
    """Of dated entries the latest comes first, of subjects that with the shortest name.

    First is lowest, since FTS5 loses rows where it goes backwards from a bound (SQLite 3.40).
    """
    if kind in SUBJECTS:
        order = min(map(len, filter(None, keys)), default=LAST)
    else:
        order = LAST if position == LATEST else LAST - position.toordinal()
    return number_of(kind) << KIND_AT | order << ORDER_AT | key


@cache
def place_fields(model):
    """Names of the fields of a model that lead to places."""
    fields = (*model._meta.fields, *model._meta.many_to_many)
    return [field.name for field in fields if field.related_model is Place]


def places_of(model, pks):
    """{primary key: the places of those of the entries that have some}; one query for each field that leads to any."""
    found = {}
    for name in place_fields(model):
        links = [*zip(*links_to_places(model, name).columns_of(pks), strict=True)]
        places = Place.objects.in_bulk({place for _pk, place in links})
        for pk, place in links:
            found.setdefault(pk, []).append(places[place])
    return found


@cache
def links_to_places(model, name):
    rows = model._base_manager.filter(**{f"{name}__isnull": False}).order_by("pk", name)
    return Statement(rows, "pk", [name])


def at_places(model, pks):
    """Primary keys of the entries of a model that have one of these places."""
    found = set()
    for name in place_fields(model):
        for batch in batches(pks):
            found.update(model._base_manager.filter(**{f"{name}__in": batch}).values_list("pk", flat=True))
    return found


def other_names(entry):
    """What it is called besides its titles."""
    if not isinstance(entry, Named):
        return []
    code = [entry.public_id] if entry.public_id_field == "code" else []
    return [*filter(None, [getattr(entry, "abbreviation", "")]), *entry.alias_list, *code]


def found_by(entry, row, position, texts, places):
    """The values of an entry's SearchEntry; `row` has those of its TiedEntry, `texts` the names of whom it ties."""
    titles = [row[f"title_{language}"] for language in ("en", "kk", "ru")]
    aliases = list(dict.fromkeys(other_names(entry)))
    of_places = dict.fromkeys(name for place in places for name in all_names(place))
    keys = [key_of(name) for name in (*titles, *aliases)]
    words = set().union(*map(index_words, {*titles, *aliases, *texts, *of_places}))
    words.update(index_words(getattr(entry, "search_text", "")))
    date = row["date"] if row["date"].is_known else row["start"]
    if date.is_known and date.earliest.year == date.latest.year:
        words.add(str(date.earliest.year))
    return {
        "id": place_of(row["kind"], entry.pk, position, keys),
        "keys": "\n".join(keys),
        "names": "\n".join([*aliases, *of_places]),
        "words": " ".join(sorted(words)),
    }


def all_names(named):
    return filter(None, [named.name_en, named.name_kk, named.name_ru, *lines(named.aliases)])


class SearchChanges:
    """Rows to be added and removed, and what follows for the counts of words. A row that differs is made anew."""

    def __init__(self, kind, counts):
        self.kind, self.counts = kind, counts
        self.added, self.gone = [], []

    def compare(self, row, old):
        """Notes what makes the index say what `row` does in place of `old`, either of which may be None."""
        if row and old and all(getattr(old, name) == value for name, value in row.items()):
            self.counts.keep(self.kind, old.words)
            return False
        if old:
            self.gone.append(old.pk)
            self.counts.remove(self.kind, old.words)
        if row:
            self.added.append(row)
            self.counts.add(self.kind, row["words"])
        return bool(row or old)

    def write(self):
        for batch in batches(self.gone):
            SearchEntry.objects.filter(pk__in=batch).delete()
        names = columns_of(SearchEntry)
        insert_values(SearchEntry, names, [[row[name] for name in names] for row in self.added])


class WordCounts:
    """How the numbers of entries that have a word change, and, where all entries are gone through, what they are."""

    def __init__(self):
        self.change, self.total = Counter(), Counter()
        # How many entries were written.
        self.added = 0

    def keep(self, kind, words):
        self.total.update(counted(kind, words))

    def add(self, kind, words):
        self.keep(kind, words)
        self.change.update(counted(kind, words))
        self.added += 1

    def remove(self, kind, words):
        self.change.subtract(counted(kind, words))

    def write(self):
        change_counts(self.change)
        if self.added >= MANY:
            SearchEntry.objects.gather()

    def settle(self, *, check):
        """Whether the counts were not the total; makes them so, unless it is only to `check`."""
        stored = {
            (kind, word): n for kind, word, n in SearchWord.objects.values_list("kind", "word", "entries")
        }
        change = Counter(self.total)
        change.subtract(stored)
        if not check:
            change_counts(change)
        return any(change.values())


def counted(kind, words):
    """What an entry adds to the counts: its words, and EACH for itself."""
    return [(kind, word) for word in (EACH, *words.split())]


# A word that each entry counts as having; no name has it.
EACH = "="


def change_counts(change):
    """Adds to the counts of words, {(kind, word): number}, and drops those that nothing has any more."""
    fewer = add_to_counts(SearchWord, ("kind", "word", "entries"), change)
    for words in batches({word for _kind, word in fewer}):
        SearchWord.objects.filter(word__in=words, entries__lte=0).delete()
