"""Requests as the site takes them, whatever their Content-Type says."""

from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters


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
    pass


class AsyncRequest(AnyContentType, ASGIRequest):
    pass
