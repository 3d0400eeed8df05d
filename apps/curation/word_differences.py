"""What changed in a text, word by word."""

import re

from diff_match_patch import diff_match_patch
from django.utils.html import format_html, format_html_join

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
TAKEN, KEPT, ADDED = -1, 0, 1
_TAGS = {TAKEN: "<del>{}</del>", KEPT: "{}", ADDED: "<ins>{}</ins>"}
# Seconds for one text; a difference that takes longer is only coarser.
_LONGEST = 0.05
# Words stand for signs from here on, where there are no halves of signs.
_FIRST = 0x10000


def pieces(before, after):
    """[(TAKEN, KEPT or ADDED, text)], in the order of the texts."""
    if not before or not after:
        return [(ADDED if after else TAKEN, after or before)] if before or after else []
    places = {}
    coded = [
        "".join(chr(_FIRST + places.setdefault(word, len(places))) for word in _WORDS.findall(text))
        for text in (before, after)
    ]
    words, differ = list(places), diff_match_patch()
    differ.Diff_Timeout = _LONGEST
    found = differ.diff_main(*coded, False)
    differ.diff_cleanupSemantic(found)
    return [(kind, "".join(words[ord(sign) - _FIRST] for sign in signs)) for kind, signs in found]


def difference(before, after):
    """HTML of both texts in one, with <del> and <ins>; the package's own has styles in it, which our CSP forbids."""
    return format_html_join(
        "", "{}", ((format_html(_TAGS[kind], text),) for kind, text in pieces(before, after))
    )


def side_by_side(before, after):
    """The pieces of each of two texts, as (text, whether the other has it)."""
    found = pieces(before, after)
    return (
        tuple((text, kind == KEPT) for kind, text in found if kind != ADDED),
        tuple((text, kind == KEPT) for kind, text in found if kind != TAKEN),
    )
