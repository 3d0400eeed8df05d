"""Pages that were answered before, while nobody can tell whether they still hold: marked, and kept by nobody.

RFC 9111 (4.2.4) lets only the origin serve what is marked `no-cache` without having asked, which the page cache is a
part of. The mark for machines is `Cache-Status` with a negative `ttl` (RFC 9211), beside `Age`; `Warning: 110` is
obsolete. On a page a sentence says so to readers.
"""

import gzip
from datetime import UTC, datetime
from html import escape
from time import time

import brotli
import zstandard
from django.utils.translation import gettext as _, override

from apps.core.languages import language_of

# Seconds after which what was answered before is answered no more.
STALE_FOR = 86_400
LEFT_OUT = {"etag", "cache-control", "content-length", "content-encoding"}
DECODERS = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda content: zstandard.ZstdDecompressor().decompress(content),
}
# Before which the sentence comes in, in `base.html`.
BEFORE = b'<header class="masthead">'


def send_stale(answer, environ, start_response, known_at):
    """The whole of an answer, of which it was known at this time (seconds since 1970) that it held.

    Also to whoever names its entity tag: a 304 would say that it still does.
    """
    told = {name.lower(): value for name, value in answer.headers}
    content = answer.content
    if coding := told.get("content-encoding"):
        content = DECODERS[coding](content)
    if told["content-type"].startswith("text/html"):
        content = content.replace(BEFORE, sentence(environ["PATH_INFO"], known_at) + BEFORE, 1)
    age = max(int(time() - known_at), 0)
    headers = [(name, value) for name, value in answer.headers if name.lower() not in LEFT_OUT]
    headers += [
        ("Cache-Control", "no-store"),
        ("Age", str(age)),
        ("Cache-Status", f'kzforeign; hit; ttl=-{max(age, 1)}; detail="stale: the database is away"'),
        ("Content-Length", str(len(content))),
    ]
    start_response("200 OK", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else content]


def sentence(path, known_at):
    when = f"{datetime.fromtimestamp(known_at, UTC):%Y-%m-%d %H:%M} UTC"
    with override(language_of(path)):
        text = _("The database cannot be reached at the moment. This page is as it was at %(time)s.")
    text = escape(text % {"time": when})
    return f'<div class="stale" role="status"><p class="page-width">{text}</p></div>\n    '.encode()
