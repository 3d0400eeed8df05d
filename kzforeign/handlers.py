"""Requests as the site takes them, whatever their Content-Type says."""

import gc

from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters

# Bytes of a form from which on the memory of those before it is looked for first.
LARGE = 64 * 1024


class AnyContentType:
    """Reads addresses and forms as UTF-8, which is what the site's own pages send.

    Django would read them in any charset that is named, codecs of Python that are none included: `charset=hex` fails,
    `charset=unicode_escape` brings in NUL bytes and half characters. And it reads the Content-Type before it is ready
    to answer an error, so that one it cannot read would end in the server's own 500; here it counts as none.
    """

    def _set_content_type_params(self, meta):
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            self.content_type, self.content_params = "", {}


class Request(AnyContentType, WSGIRequest):
    """Reads a large form only once nothing is left of the others.

    What is wrong with a form is told by exceptions, which keep the calls that they came through, the request and all
    that was sent: in cycles of some 300 objects, after hundreds of which Python would look for any of them, whatever
    their size.
    """

    def _load_post_and_files(self):
        if self._length >= LARGE:
            gc.collect()
        super()._load_post_and_files()

    @property
    def _length(self):
        """In bytes, as the server says, of what is sent; 0 where it says none."""
        try:
            return int(self.META["CONTENT_LENGTH"])
        except (KeyError, ValueError):
            return 0


class AsyncRequest(AnyContentType, ASGIRequest):
    pass
