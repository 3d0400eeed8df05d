"""The languages of the site: English at addresses without a prefix, the others at the same addresses after theirs."""

from functools import lru_cache

from babel.lists import format_list
from django.conf import settings
from django.urls import get_script_prefix
from django.utils.translation import get_language, get_language_from_path

# Characters within which most of what a path may begin with ends.
LONGEST = 32


def language_of(path_info):
    """The code of the language in which an address of the site is answered; the API's are answered in English."""
    return _language_before(path_info) or settings.LANGUAGE_CODE


def without_language(path_info):
    """ "/ru/states/" to "/states/"; what has no prefix stays as it is."""
    language = _language_before(path_info)
    return path_info.removeprefix(f"/{language}") if language else path_info


def _language_before(path_info):
    """The language with whose code the path begins, or None."""
    end = path_info.find("/", 1, LONGEST)
    return get_language_from_path(path_info) if end < 0 else _language_at(path_info[: end + 1])


# There are few beginnings, but for who tries others.
@lru_cache(maxsize=256)
def _language_at(beginning):
    return get_language_from_path(beginning)


def in_language(address, code):
    """The address of the same page in another language: "/states/?as_of=2012", "ru" to "/ru/states/?as_of=2012"."""
    root = get_script_prefix()
    path_info = without_language(f"/{address.removeprefix(root)}").removeprefix("/")
    return f"{root}{path_info}" if code == settings.LANGUAGE_CODE else f"{root}{code}/{path_info}"


def either(words):
    """Words as alternatives in the reader's language: "person or state"."""
    return format_list(list(words), "or", get_language() or settings.LANGUAGE_CODE)
