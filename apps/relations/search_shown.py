"""What was found as readers see it: titles in their language, with the words that were asked for marked."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from apps.core.skeletons import key_of, skeletons, written_words
from apps.relations.models import Tie, TiedEntry
from apps.relations.querysets import SUBJECTS
from apps.relations.search_query import Fit
from apps.relations.searching import TITLES

# Of the names of others by which an entry was found, as many as there is room for.
MOST_NAMES = 2
_WORDS = re.compile(r"([^\W_]+)")


class Part(NamedTuple):
    text: str
    is_marked: bool


def marked(text, asked):
    """`text` in parts, of which those words are marked that were asked for."""
    parts = [part for unit in asked.weighty for part in unit]

    def is_meant(piece):
        words = {word for unit in written_words(piece) for part in unit for word in skeletons(part)}
        return any(part.likeness(word) for part in parts for word in words)

    pieces = filter(None, _WORDS.split(text))
    return [Part(piece, bool(_WORDS.fullmatch(piece)) and is_meant(piece)) for piece in pieces]


@dataclass
class Shown:
    """A hit: its entry, the entry's title and the names by which it was found, both in parts."""

    hit: object
    entry: TiedEntry
    title: list
    # Only those that the title does not show.
    names: list

    @property
    def fits(self):
        """How well, as the API says it."""
        return self.hit.fit.name.lower()

    @property
    def name(self):
        """The first of the names, as text."""
        return "".join(part.text for part in self.names[0]) if self.names else None


def shown(hits, asked):
    """[Shown] of the hits, in their order; six queries at most."""
    entries = TiedEntry.objects.in_bulk([hit.entry_id for hit in hits])
    of_others = names_of_others([hit.entry_id for hit in hits if hit.line is None])
    rows = []
    for hit in hits:
        # It may have been withdrawn since.
        if entry := entries.get(hit.entry_id):
            names = names_shown(hit, entry, of_others.get(entry.pk, ()), asked)
            rows.append(
                Shown(hit, entry, marked(entry.title, asked), [marked(name, asked) for name in names])
            )
    return rows


def names_shown(hit, entry, of_others, asked):
    """The names by which an entry was found, where its title is none of them."""
    if hit.line is None:
        return names_of_words((*hit.names, *of_others), key_of(entry.title), asked)
    if asked.fit_of(key_of(entry.title)) and hit.fit != Fit.NAME:
        return []
    titles = (entry.title_en, entry.title_kk, entry.title_ru)
    name = titles[hit.line] if hit.line < TITLES else hit.names[hit.line - TITLES]
    return [] if key_of(name) == key_of(entry.title) else [name]


def names_of_words(names, title, asked):
    """Of the names, those that have the words which the title has not."""
    found = []
    for part in (part for unit in asked.weighty for part in unit):
        if not has_word(title, part):
            found += [name for name in names if name and has_word(key_of(name), part)][:1]
    return list(dict.fromkeys(found))[:MOST_NAMES]


def has_word(key, part):
    return any(map(part.likeness, key.replace("-", " ").split()))


def names_of_others(entry_ids):
    """{primary key of a TiedEntry: [names of the states, organizations and people that it concerns]}: four queries."""
    if not entry_ids:
        return {}
    ties = Tie.objects.filter(entry__in=entry_ids).exclude(state=None, organization=None, person=None)
    bearers = {}
    for entry_id, *keys in ties.order_by("pk").values_list("entry_id", *(f"{kind}_id" for kind in SUBJECTS)):
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
    columns = ("title_en", "title_kk", "title_ru", "search__names")
    found = {}
    for kind in {kind for kind, _key in bearers}:
        keys = [key for name, key in bearers if name == kind]
        rows = TiedEntry.objects.filter(kind=kind, key__in=keys).values_list("key", *columns)
        found |= {(kind, key): [*titles, *(names or "").split("\n")] for key, *titles, names in rows}
    return found
