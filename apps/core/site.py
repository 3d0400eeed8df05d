"""Writing addresses of the site where nobody has asked for one: in files."""

from contextlib import contextmanager
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import get_script_prefix, set_script_prefix


class SiteRequest(HttpRequest):
    """As a reader of the site at `address` would make it, for what takes from its request only where the site is.

    The host is not held against ALLOWED_HOSTS: no stranger has sent it.
    """

    def __init__(self, address):
        super().__init__()
        self.method = "GET"
        self.site = urlsplit(address)

    def _get_scheme(self):
        return self.site.scheme

    def get_host(self):
        return self.site.netloc


@contextmanager
def site_at(address):
    """Gives a SiteRequest; within, paths of the site begin with that of the address."""
    before = get_script_prefix()
    set_script_prefix(f"{urlsplit(address).path}/")
    try:
        yield SiteRequest(address)
    finally:
        set_script_prefix(before)
