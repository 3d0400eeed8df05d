"""CSV as the module of that name writes it, a column of many rows at a time: most columns need no quotation marks."""

import re

from apps.core.tables import FORMULA, safe_cell

_FORMULAS = re.compile(f"\0{FORMULA}").search


def lines(columns):
    """The lines of a file whose rows have several cells, of the texts in each column."""
    return "".join([f"{line}\r\n" for line in map(",".join, zip(*map(_quoted, columns), strict=True))])


def _quoted(texts):
    if _is_plain("".join(texts)):
        return texts
    return [text if _is_plain(text) else _in_marks(text) for text in texts]


def _is_plain(text):
    """A pattern would take several times as long."""
    return not ("," in text or '"' in text or "\n" in text or "\r" in text)


def _in_marks(text):
    return '"' + text.replace('"', '""') + '"'


def safe(texts):
    """Each as `safe_cell` has it."""
    return list(map(safe_cell, texts)) if _FORMULAS("\0".join(["", *texts])) else texts
