"""Names reduced to what all their spellings have in common, so that one finds another.

Nazarbayev, Nazarbaev and Назарбаев have one skeleton, nazarbaev; Tokayev, Toqaev and Тоқаев another. A skeleton is
made of a word, is in ASCII, and is for comparing alone: it is no transliteration that anybody should read. Cyrillic
(Russian, Kazakh) becomes Latin, and what the ways to write it in Latin differ in (BGN/PCGN, ISO 9, the Kazakh alphabets
of 2017 and 2021, journalists) becomes one: kh, h, х; q, k, қ; gh, g, ғ; zh, j, ж; w, v; y, i, ы, и, й; ё, е. What is in
a script that has no table here is kept by the numbers of its characters.
"""

import re
import unicodedata
from functools import lru_cache

from apps.core.endings import BEHIND_HYPHEN, KAZAKH, RUSSIAN, singular, without

LONGEST = 60
_CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфыэіїәғқңөұүһґў",
        "abvgdeziiklmnoprstufieiiagknouuhgu",
        strict=True,
    )
) | {
    **{"ё": "e", "ж": "zh", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": ""},
    **{"ю": "iu", "я": "ia", "є": "e"},
}
# That no accent taken off makes ASCII.
_LATIN = {
    "ı": "i",
    "ə": "a",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "t",
    "æ": "ae",
    "œ": "oe",
    "ŋ": "n",
}
_PLAIN = str.maketrans(_CYRILLIC | _LATIN)
# As Turkic languages and ISO 9 mean them; others, and whoever has no such keys, write the letter without its mark.
_MARKED = str.maketrans({"ş": "sh", "š": "sh", "ŝ": "sh", "ç": "ch", "č": "ch", "ž": "zh"})
# From left to right, all of one line at once.
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        (r"shch|sch", "sh"),
        (r"tsch|tch", "ch"),
        (r"dzh|dj|zh", "j"),
        (r"kh", "h"),
        (r"gh", "g"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"tz", "ts"),
        (r"ck", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c(?!h)", "k"),
        (r"\bx", "h"),
        (r"x", "ks"),
        (r"q", "k"),
        (r"w", "v"),
        (r"y", "i"),
        (r"ou", "u"),
        (r"isation", "ization"),
        (r"([a-z])\1+", r"\1"),
        (r"(?<=[aeou])i(?=[aeou])", ""),
        (r"\bie", "e"),
        (r"(?<=[bcdfghjklmnpqrstvz])iu", "u"),
        (r"([a-z])\1+", r"\1"),
    ]
]
_DOUBLE = re.compile(r"([a-z])\1+")
_WORD = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)*")
_HYPHEN = re.compile("[-‐‑]")
_APOSTROPHES = re.compile("[’'ʼʻʹ`´‘ˈ]")
_POSSESSIVE = re.compile(r"(?<=\w)[’']s\b")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_IS_CYRILLIC = re.compile("[а-яёіїәғқңөұүһґў]").search


def written_words(text):
    """The words of `text` in small letters, each as the list of what hyphens separate in it: [["nur", "sultan"]].

    Whatever form of Unicode it comes in. An ending behind a hyphen (ШЫҰ-ның) is no word.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = _APOSTROPHES.sub("", _POSSESSIVE.sub("", text))
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    return [_without_ending(_HYPHEN.split(word)) for word in _WORD.findall(text)]


def _without_ending(parts):
    return parts[:-1] if len(parts) > 1 and parts[-1] in BEHIND_HYPHEN else parts


@lru_cache(maxsize=50_000)
def skeleton(word):
    """That of one word in small letters, "" where nothing is left of it."""
    return _sounds(_in_ascii(word))


@lru_cache(maxsize=50_000)
def skeletons(word):
    """All that a word may be compared by: its skeleton, and, where it has letters with marks, that by their sound."""
    sounding = _sounds(_in_ascii(word.translate(_MARKED)))
    return tuple(filter(None, dict.fromkeys([skeleton(word), sounding])))


def _in_ascii(word):
    word = word.translate(_PLAIN)
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFKD", word)
    kept = (char for char in plain if not unicodedata.combining(char))
    return "".join(char if char.isascii() else f"u{ord(char):x}" for char in kept)


def _sounds(word):
    word = word[:LONGEST]
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word[:LONGEST]


@lru_cache(maxsize=20_000)
def doubles_once(word):
    """The skeletons of words that were put together, as one: no letter stands twice in a row."""
    return _DOUBLE.sub(r"\1", word)


def joined(parts):
    """The skeleton of a word written without its hyphens, by those of its parts."""
    return doubles_once("".join(parts))


@lru_cache(maxsize=20_000)
def key_of(name):
    """A name as one compares it: the skeletons of its words with blanks between them, parts with hyphens."""
    words = ([skeleton(part) for part in parts] for parts in written_words(name))
    return " ".join(filter(None, ("-".join(filter(None, parts)) for parts in words)))


@lru_cache(maxsize=5_000)
def index_words(text):
    """All words by which `text` is found: their skeletons, those of words without hyphens, those without an ending."""
    found = set()
    for parts in written_words(text):
        for part in parts:
            found.update(skeletons(part))
            found.update(filter(None, map(skeleton, stems(part))))
        if len(parts) > 1:
            found.add(joined([skeleton(part) for part in parts]))
    return frozenset(found)


def stems(word):
    """What is left of a word in a name, in small letters, without the ending of its nominative or of a plural."""
    return without(word, RUSSIAN) if _IS_CYRILLIC(word) else singular(word)


def asked_stems(word):
    """What is left of a word in a sentence without each ending that it may have there."""
    return without(word, RUSSIAN) + without(word, KAZAKH) if _IS_CYRILLIC(word) else singular(word)


def guessed_stems(word):
    """The skeletons of a word in Latin letters without each Kazakh ending that it may have (Qazaqstannyñ)."""
    if _IS_CYRILLIC(word):
        return []
    plain = _in_ascii(word).replace("y", "i").replace("q", "k")
    return [skeleton(stem) for stem in without(plain, _LATIN_ENDINGS)]


def looks_kazakh(word):
    """Whether a word in Latin letters has those of Kazakh alphabets: a mark, or a q without u."""
    return not _IS_CYRILLIC(word) and (not word.isascii() or bool(re.search("q(?!u)", word)))


def other_skeletons(word):
    """Those by which a word may be meant as well: j for й, w for у, x for х."""
    word = _in_ascii(word)
    readings = [
        re.sub("(?<=[aeiouy])j|^j(?=[aeou])", "y", word),
        word.replace("w", "u"),
        word.replace("x", "h"),
    ]
    return [_sounds(reading) for reading in readings if reading != word]


_LATIN_ENDINGS = {_in_ascii(ending) for ending in KAZAKH}
