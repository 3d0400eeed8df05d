"""Sheets that somebody has previewed and may still confirm, kept as files for a day.

The session says which file, and the page to confirm on carries a word that only the page of the last preview has: so
nobody confirms what another has sent, or what they have not seen.
"""

import secrets
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from django.utils.crypto import constant_time_compare

SESSION_KEY = "sheets"
# Seconds.
KEPT_FOR = 24 * 3600


class KeptSheet(NamedTuple):
    """What the session keeps: the word, which is the file's name too, the name as it was sent, and a digest."""

    word: str
    name: str
    digest: str

    @property
    def path(self):
        return _directory() / self.word

    def content(self):
        return self.path.read_bytes()


def keep(request, model, name, content, digest):
    """Keeps the file, in the place of one of the same kind that was previewed before; returns the KeptSheet."""
    drop(request, model)
    _drop_old()
    sheet = KeptSheet(secrets.token_hex(16), name[-100:], digest)
    sheet.path.touch(mode=0o600)
    sheet.path.write_bytes(content)
    request.session[SESSION_KEY] = request.session.get(SESSION_KEY, {}) | {model._meta.label: sheet}
    return sheet


def kept(request, model, word):
    """The KeptSheet of the kind whose word this is, or None."""
    found = request.session.get(SESSION_KEY, {}).get(model._meta.label)
    sheet = KeptSheet(*found) if found else None
    same = sheet and constant_time_compare(sheet.word, word)
    return sheet if same and sheet.path.exists() else None


def drop(request, model):
    sheets = request.session.get(SESSION_KEY, {})
    if found := sheets.pop(model._meta.label, None):
        KeptSheet(*found).path.unlink(missing_ok=True)
        request.session[SESSION_KEY] = sheets


def _drop_old():
    """Those that nobody has confirmed."""
    for path in _directory().iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - KEPT_FOR:
                path.unlink()


def _directory():
    directory = Path(tempfile.gettempdir()) / "kzforeign-sheets"
    directory.mkdir(mode=0o700, exist_ok=True)
    return directory
