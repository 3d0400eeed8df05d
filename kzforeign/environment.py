"""What is read of the environment. Whatever is missing or malformed stops the start with a sentence that names it.

A reader takes the text of a variable and returns its value, or raises a ValueError.
"""

from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

# In place of a default, for what must be given.
NEEDED = environ.Env.NOTSET
_environ = environ.Env()


def env(name, cast=str, default=NEEDED, hint=""):
    """The environment variable as `cast` reads it. `hint` says what would be right."""
    try:
        return _environ.get_value(name, cast=cast, default=default)
    except (ImproperlyConfigured, ValueError):
        raise ImproperlyConfigured(
            f"The environment variable {name} is missing or cannot be read. {hint}"
        ) from None  # Which says what was given, and that may be a password.


def switch(text):
    """ "1", "yes", "true" or "on" to True, "0", "no", "false", "off" or "" to False; anything else is refused."""
    if text.lower() not in ("1", "yes", "true", "on", "0", "no", "false", "off", ""):
        raise ValueError(text)
    return text.lower() in ("1", "yes", "true", "on")


def filled(text):
    """A text that is not empty."""
    if not text:
        raise ValueError("empty")
    return text


def state_code(text):
    """Three capital letters."""
    if not (len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()):
        raise ValueError(text)
    return text


def rate(text):
    """Requests in a second, minute, hour or day, as 1200/minute; "off" to ""."""
    number, _slash, period = text.partition("/")
    if text.lower() == "off":
        return ""
    if not (
        number.isascii()
        and number.isdigit()
        and int(number)
        and period in ("second", "minute", "hour", "day")
    ):
        raise ValueError(text)
    return text


def log_level(text):
    """The name of a level, as `logging` has it."""
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(text)
    return text.upper()


def whole_number(text):
    """0 or more."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def cache_address(text):
    """ "memory", "off", or redis://user:password@host:6379/0; rediss for one that speaks TLS."""
    if text in ("memory", "off"):
        return text
    parsed = urlsplit(text)
    number = parsed.path.removeprefix("/")
    if (
        parsed.scheme not in ("redis", "rediss")
        or not parsed.hostname
        or parsed.port == 0  # It raises a ValueError for one that is none.
        or (number and not (number.isascii() and number.isdigit()))
        or parsed.query
        or parsed.fragment
    ):
        raise ValueError(text)
    return text


def site_address(text):
    """An http or https address without query or fragment, and without the slash at its end."""
    parsed = urlsplit(text)
    if (
        parsed.scheme not in ("http", "https")
        or not parsed.hostname
        or parsed.username
        or "?" in text
        or "#" in text
    ):
        raise ValueError(text)
    return text.rstrip("/")


def database(address):
    """The settings of a PostgreSQL or SQLite database at an address; no other kind is tested."""
    parsed = environ.Env.db_url_config(address)
    if parsed.get("ENGINE") not in ("django.db.backends.postgresql", "django.db.backends.sqlite3"):
        raise ValueError(address)
    return parsed


def replica(address):
    """The settings of a PostgreSQL database that is only read; an empty address to None."""
    if not address:
        return None
    parsed = database(address)
    if not (parsed["ENGINE"].endswith("postgresql") and parsed["NAME"]):
        raise ValueError(address)
    return parsed


def up_to(most):
    """Whole numbers from 0 to `most`."""

    def number(text):
        if whole_number(text) > most:
            raise ValueError(text)
        return int(text)

    return number
