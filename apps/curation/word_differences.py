"""What changed in a text, word by word."""

import re

from diff_match_patch import diff_match_patch
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_TAGS = {-1: "<del>{}</del>", 0: "{}", 1: "<ins>{}</ins>"}
# Seconds for one text; a difference that takes longer is only coarser.
_LONGEST = 0.05
# Words stand for signs from here on, where there are no halves of signs.
_FIRST = 0x10000


def difference(before, after):
    """HTML of both texts in one, with <del> and <ins>; the package's own has styles in it, which our CSP forbids."""
    if not before or not after:
        return format_html(_TAGS[1 if after else -1], after or before) if before or after else SafeString()
    places = {}
    coded = [
        "".join(chr(_FIRST + places.setdefault(word, len(places))) for word in _WORDS.findall(text))
        for text in (before, after)
    ]
    words, differ = list(places), diff_match_patch()
    differ.Diff_Timeout = _LONGEST
    found = differ.diff_main(*coded, False)
    differ.diff_cleanupSemantic(found)
    parts = ((kind, "".join(words[ord(sign) - _FIRST] for sign in signs)) for kind, signs in found)
    return format_html_join("", "{}", ((format_html(_TAGS[kind], text),) for kind, text in parts))
