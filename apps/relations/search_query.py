"""What somebody asks a search for: words, and for each all that may be meant by it."""

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from string import ascii_lowercase

from apps.core.skeletons import (
    asked_stems,
    doubles_once,
    guessed_stems,
    joined,
    looks_kazakh,
    other_skeletons,
    skeletons,
    written_words,
)
from apps.relations.models import SearchWord
from apps.relations.search_index import EACH

LONGEST = 200
MOST_WORDS = 12
# How many words that begin as the last word does are looked for, those of most entries.
OPENED = 64
# From how many letters on the last word may be the beginning of one.
BEGINNING = 2
# Of a word without its ending, so many letters may be that.
LONGEST_ENDING = 3
# Of a word with fewer letters too much is but one letter away; and of many that are, the most frequent are meant.
SHORTEST_TYPO = 4
NEAREST = 5
# An entry has to have these only where nothing else is asked for.
SMALL_WORDS = {
    *(["a", "an", "and", "at", "between", "by", "for", "from", "in", "of", "on", "the", "to", "with"]),
    *(["и", "в", "во", "на", "с", "со", "о", "об", "по", "для", "между", "к", "у"]),
    *(["және", "мен", "бен", "пен", "туралы", "арасындағы", "үшін"]),
}


class Fit(IntEnum):
    """How well a name of an entry fits what is asked for, the best first."""

    NAME = 0
    OTHER_NAME = 1
    BEGINNING = 2
    WORDS = 3
    TEXT = 4


class How(IntEnum):
    """By what it fits so: by itself, by the name of its place, or only by another form of a word."""

    ITSELF = 0
    PLACE = 1
    CHANGED = 2


class Likenesses(dict):
    """{word of a name: how much a Word is like it}, compared when it is first asked for: many names have the same."""

    def __init__(self, word):
        self._word = word

    def __missing__(self, word):
        found = self[word] = self._word.compared(word)
        return found


@dataclass
class Word:
    """One word, or a part of one with hyphens, as it was written; `begins` where it may be the beginning of one."""

    written: str
    begins: bool = False
    # Whether it may have an ending that only a word can have which nothing is called by.
    guessed: bool = True
    # Words of the index that begin with it; those that it is taken for, where nothing has the word itself.
    opened: tuple = ()
    near: tuple = ()

    @cached_property
    def whole(self):
        """Skeletons of the word itself."""
        return tuple(dict.fromkeys([*skeletons(self.written), *other_skeletons(self.written)]))

    @property
    def stems(self):
        """Skeletons of what is left of it without an ending."""
        return (*self.sure_stems, *(self.unsure_stems if self.guessed else ()))

    @cached_property
    def unsure_stems(self):
        return guessed_stems(self.written)

    @cached_property
    def sure_stems(self):
        found = {skeleton for stem in asked_stems(self.written) for skeleton in skeletons(stem)}
        return tuple(sorted(found - {*self.whole}))

    @property
    def meant(self):
        """All words of the index that it may stand for."""
        return tuple(dict.fromkeys([*self.whole, *self.stems, *self.opened, *self.near]))

    @cached_property
    def beginnings(self):
        """With one of these begins each word that it is like."""
        return (*self.whole, *self.near, *self.stems)

    @cached_property
    def likeness(self):
        """A function: how much it is like a word of a name, as `compared` tells."""
        return Likenesses(self).__getitem__

    def compared(self, word):
        """How much it is like a word of a name: 3 the same, 2 its beginning, 1 with another ending, 0 not at all."""
        if not word.startswith(self.beginnings):
            return 0
        if word in self.whole or word in self.near:
            return 3
        if self.begins and word.startswith(self.whole):
            return 2
        return int(
            any(word.startswith(stem) and len(word) - len(stem) <= LONGEST_ENDING for stem in self.stems)
        )


@dataclass
class Asked:
    """A search: its words, each as the list of what hyphens separate in it."""

    text: str
    units: list = field(default_factory=list)
    # {word of the index: {kind: number of entries}} of all that may be meant; {kind: number of entries}.
    counts: dict = field(default_factory=dict)
    totals: dict = field(default_factory=dict)

    @classmethod
    def of(cls, text):
        """Two queries, by which the words that the database has are found."""
        written = [unit for unit in written_words(text) if any(map(skeletons, unit))][:MOST_WORDS]
        asked = cls(text, [[Word(part) for part in unit if skeletons(part)] for unit in written])
        if asked.units:
            last = asked.units[-1][-1]
            last.begins = len(last.whole[0]) >= BEGINNING
            asked._look_up(last)
        return asked

    def _look_up(self, last):
        if last.begins:
            last.opened = tuple(SearchWord.objects.beginning(last.whole[0], OPENED))
        meant = {word for part in self.parts for word in part.meant}
        meant |= {*filter(None, map(joined_of, self.units))}
        self.counts = SearchWord.objects.counts(meant | {EACH})
        self.totals = self.counts.pop(EACH, {})
        for part in self.parts:
            is_known = any(word in self.counts for word in (*part.whole, *part.opened))
            part.guessed = not is_known or looks_kazakh(part.written)

    def taken_for_others(self):
        """Takes words that nothing has for those that one letter makes of them; whether there are any."""
        missing = [unit for unit, readings in zip(self.weighty, self.wanted, strict=True) if not readings]
        unknown = [part for unit in missing for part in unit if not {*part.meant} & {*self.counts}]
        for part in unknown:
            counts = SearchWord.objects.counts(one_letter_off(part.whole[0]))
            often = sorted(counts, key=lambda word: (-sum(counts[word].values()), word))
            part.near = tuple(often[:NEAREST])
            for known in ("likeness", "beginnings"):
                vars(part).pop(known, None)
            self.counts |= {word: counts[word] for word in part.near}
        del self.wanted
        return any(part.near for part in unknown)

    @cached_property
    def parts(self):
        return [part for unit in self.units for part in unit]

    @cached_property
    def weighty(self):
        """The words without those that only join others, unless there are no others."""
        found = [unit for unit in self.units if len(unit) > 1 or unit[0].written not in SMALL_WORDS]
        return found or self.units

    @cached_property
    def weighty_parts(self):
        return [part for unit in self.weighty for part in unit]

    @cached_property
    def flat(self):
        """All of it as one word, by which a name is the same with and without hyphens and blanks."""
        return doubles_once("".join(part.whole[0] for part in self.parts))

    @cached_property
    def wanted(self):
        """An entry has to have, of each unit, all of one of its readings; of each word of a reading, one that is meant.

        [[[words, ...], ...], ...]; only words that any entry has. A unit that none has is left as [].
        """
        return self.wanted_of(self.counts)

    def wanted_of(self, known):
        """The same, of words that are `known`."""
        return [list(self._readings(unit, known)) for unit in self.weighty]

    def _readings(self, unit, known):
        parts = [[word for word in part.meant if word in known] for part in unit]
        if all(parts):
            yield parts
        if joined_of(unit) in known:
            yield [[joined_of(unit)]]

    def may_fit(self, keys):
        """Whether one of these keys of names, one a line, may fit: of most none does, which is seen sooner so.

        One that has hyphens, or begins as this does, may also fit as one word.
        """
        if "-" in keys or f"\n{self.flat[:1]}" in f"\n{keys}":
            return True
        return all(any(letters in keys for letters in part.beginnings) for part in self.weighty_parts)

    def fit_of(self, key):
        """(how well a name fits, how it does) of the key of a name, or None where it does not have all words."""
        # Most names begin with another letter, which is seen sooner than that they are others.
        flat = in_one(key) if key[:1] == self.flat[:1] else ""
        if flat == self.flat:
            return Fit.NAME, How.ITSELF
        words = key.replace("-", " ").split()
        if len(words) == len(self.parts):
            alike = [part.likeness(word) for part, word in zip(self.parts, words, strict=True)]
            if all(alike) and 2 not in alike:
                return Fit.NAME, How.ITSELF if 1 not in alike else How.CHANGED
        if flat.startswith(self.flat):
            return Fit.BEGINNING, How.ITSELF if self._begins(words) else How.CHANGED
        if "-" in key:
            words += [joined(word.split("-")) for word in key.split() if "-" in word]
        alike = [max(map(part.likeness, words), default=0) for part in self.weighty_parts]
        return (Fit.WORDS, How.ITSELF if 1 not in alike else How.CHANGED) if all(alike) else None

    def _begins(self, words):
        """Whether a name with these words begins as this was written: Nur-Sultan is not the beginning of Nursultan."""
        has_hyphen = len(self.parts) > len(self.units)
        return not has_hyphen or " ".join(words).startswith(" ".join(part.whole[0] for part in self.parts))

    def is_called(self, key):
        """Whether this, with or without hyphens and blanks, is the name of that key."""
        return in_one(key) == self.flat


def one_letter_off(word):
    """All words that one letter more, less, instead or moved makes of a word of SHORTEST_TYPO letters or more."""
    if len(word) < SHORTEST_TYPO:
        return set()
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {before + after[1:] for before, after in halves if after}
    found |= {before + after[1] + after[0] + after[2:] for before, after in halves if len(after) > 1}
    found |= {before + letter + after[1:] for before, after in halves if after for letter in ascii_lowercase}
    found |= {before + letter + after for before, after in halves for letter in ascii_lowercase}
    return found - {word}


def in_one(key):
    """The key of a name as one word."""
    return doubles_once(key.replace(" ", "").replace("-", ""))


def joined_of(unit):
    return joined([part.whole[0] for part in unit]) if len(unit) > 1 else ""
