"""Folding of names, so that a search finds a name whatever its case and accents, on either database."""

import re
import unicodedata

# What XML 1.0 cannot hold, however it is written: control characters, halves of characters.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def for_xml(text):
    """`text` with a replacement character for each that no XML can hold."""
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def fold(text):
    """`text` in lower case, without accents, every run of white space one blank.

    SQLite folds only ASCII in `LIKE`, so both sides of a comparison are folded here and stored folded.
    """
    if text.isascii():  # Most is, and nothing in it has to be taken apart.
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(unicodedata.normalize("NFC", plain).split())


def lines(text):
    """The non-blank lines of `text`, stripped, in order."""
    return [line.strip() for line in text.splitlines() if line.strip()]
