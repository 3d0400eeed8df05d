"""What was found as readers see it: titles in their language, with the words that were asked for marked."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import NamedTuple

from apps.core.skeletons import key_of, skeletons, written_words
from apps.core.statements import Statement
from apps.relations.models import Tie, TiedEntry
from apps.relations.querysets import SUBJECTS
from apps.relations.search_query import Fit
from apps.relations.searching import TITLES

# Of the names of others by which an entry was found, as many as there is room for.
MOST_NAMES = 2
_WORDS = re.compile(r"([^\W_]+)")
# What is shown of an entry, in the order of its model.
SHOWN = (
    *("id", "kind", "public_id", "basis", "title_en", "title_kk", "title_ru"),
    *("date", "start", "end", "attested"),
)


class Part(NamedTuple):
    text: str
    is_marked: bool


def marked(text, asked):
    """`text` in parts, of which those words are marked that were asked for."""
    likenesses = [part.likeness for part in asked.weighty_parts]
    parts, plain = [], []
    for piece in filter(None, _WORDS.split(text)):
        if any(likeness(word) for word in words_of(piece) for likeness in likenesses):
            if plain:
                parts.append(Part("".join(plain), False))
            parts.append(Part(piece, True))
            plain = []
        else:
            plain.append(piece)
    return [*parts, Part("".join(plain), False)] if plain else parts


@lru_cache(maxsize=20_000)
def words_of(piece):
    """The skeletons of the words of a piece of a text; none of what stands between words."""
    return {word for unit in written_words(piece) for part in unit for word in skeletons(part)}


@dataclass
class Shown:
    """A hit as readers see it: its entry, and the names by which it was found that the entry's title does not show."""

    hit: object
    entry: TiedEntry
    names: list
    asked: object

    @property
    def fits(self):
        """How well, as the API says it."""
        return self.hit.fit.name.lower()

    @property
    def title_in_parts(self):
        return marked(self.entry.title, self.asked)

    @property
    def names_in_parts(self):
        return [marked(name, self.asked) for name in self.names]


def shown(hits, asked):
    """[Shown] of the hits, in their order; six queries at most."""
    _pks, *columns = entries().columns_of([hit.entry_id for hit in hits])
    found = {values[0]: TiedEntry.from_db(None, SHOWN, values) for values in zip(*columns, strict=True)}
    of_others = names_of_others([hit.entry_id for hit in hits if hit.line is None])
    rows = []
    for hit in hits:
        # It may have been withdrawn since.
        if entry := found.get(hit.entry_id):
            names = names_shown(hit, entry, of_others.get(entry.pk, ()), asked)
            rows.append(Shown(hit, entry, names, asked))
    return rows


def names_shown(hit, entry, of_others, asked):
    """The names by which an entry was found, where its title is none of them."""
    names, title = hit.names.split("\n"), key_of(entry.title)
    if hit.line is None:
        return names_of_words((*names, *of_others), title, asked)
    if hit.fit != Fit.NAME and asked.fit_of(title):
        return []
    titles = (entry.title_en, entry.title_kk, entry.title_ru)
    name = titles[hit.line] if hit.line < TITLES else names[hit.line - TITLES]
    return [] if key_of(name) == title else [name]


def names_of_words(names, title, asked):
    """Of the names, those that have the words which the title has not."""
    found = []
    for part in asked.weighty_parts:
        if not has_word(title, part):
            found += [name for name in names if name and has_word(key_of(name), part)][:1]
    return list(dict.fromkeys(found))[:MOST_NAMES]


def has_word(key, part):
    return any(map(part.likeness, key.replace("-", " ").split()))


def names_of_others(entry_ids):
    """{primary key of a TiedEntry: [names of the states, organizations and people that it concerns]}: four queries."""
    bearers = {}
    for entry_id, _pk, *keys in sorted(zip(*ties_of().columns_of(entry_ids), strict=True), key=itemgetter(1)):
        bearers.setdefault(entry_id, []).append(
            next(pair for pair in zip(SUBJECTS, keys, strict=True) if pair[1] is not None)
        )
    names = names_of(set().union(*bearers.values()))
    return {
        entry_id: [name for bearer in its_bearers for name in names.get(bearer, ())]
        for entry_id, its_bearers in bearers.items()
    }


def names_of(bearers):
    """{(kind, primary key): all names, titles first}; a query for each kind, which alone an index finds."""
    found = {}
    for kind in {kind for kind, _key in bearers}:
        columns = called(kind).columns_of([key for name, key in bearers if name == kind])
        for key, *titles, names in zip(*columns, strict=True):
            found[kind, key] = [*titles, *(names or "").split("\n")]
    return found


# Statements that are compiled once: of entries by their keys, of their ties, of what a kind of bearers is called.


@cache
def entries():
    return Statement(TiedEntry.objects.all(), "pk", SHOWN)


@cache
def ties_of():
    ties = Tie.objects.exclude(state=None, organization=None, person=None)
    return Statement(ties, "entry", ["pk", *(f"{kind}_id" for kind in SUBJECTS)])


@cache
def called(kind):
    columns = ("title_en", "title_kk", "title_ru", "search__names")
    return Statement(TiedEntry.objects.filter(kind=kind), "key", columns)
