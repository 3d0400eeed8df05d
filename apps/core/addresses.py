"""Addresses of rows, of which a page has hundreds and a list of the API thousands."""

from functools import lru_cache
from urllib.parse import quote

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language


def address_of(view_name, identifier):
    """As reverse(), for a view whose one argument is a public identifier, at a tenth of its cost."""
    before, after = around_identifier(view_name)
    return f"{before}{quote(identifier)}{after}"


def around_identifier(view_name):
    """What stands before and after the identifier."""
    return _around_identifier(view_name, get_language(), get_script_prefix())


@lru_cache(maxsize=256)
def _around_identifier(view_name, _language, _script_prefix):
    """It depends on the language and on where the site is served."""
    return reverse(view_name, args=["QQQ"]).split("QQQ")
