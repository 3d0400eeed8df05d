"""Figures in a reader's words: "more than 27,000,000,000 US dollars", "about 7,500 kilometres"."""

from decimal import Decimal

from babel.numbers import format_currency, format_decimal
from babel.units import format_unit
from django.utils.translation import gettext, ngettext

# As elsewhere on the site: kilometres, not kilometers.
SPELLINGS = {"en": "en_GB"}
MEASURED = {"km": "length-kilometer", "ha": "area-hectare", "years": "duration-year", "days": "duration-day"}
# All the decimals that a value may have; Babel's own formats stop at three.
DECIMALS = "#,##0.####"


def value_words(value, unit, currency="", locale="en"):
    """The number with its unit or the name of its currency, and no more decimals than it has."""
    value = Decimal(value).normalize()
    locale = SPELLINGS.get(locale, locale)
    if currency:
        name = {"format_type": "name", "currency_digits": False}
        return format_currency(value, currency, DECIMALS, locale=locale, **name)
    if unit in MEASURED:
        return format_unit(value, MEASURED[unit], format=DECIMALS, locale=locale)
    number = format_decimal(value, format=DECIMALS, locale=locale)
    # gettext knows the plurals of whole numbers; a fraction reads as several do.
    return _phrase(unit, int(value) if value == int(value) else 2) % {"number": number}


def _phrase(unit, count):
    phrases = {
        "people": ngettext("%(number)s person", "%(number)s people", count),
        "states": ngettext("%(number)s state", "%(number)s states", count),
        "members": ngettext("%(number)s member", "%(number)s members", count),
        "sites": ngettext("%(number)s site", "%(number)s sites", count),
        "instruments": ngettext("%(number)s instrument", "%(number)s instruments", count),
        "rank": gettext("number %(number)s"),
    }
    return phrases.get(unit, "%(number)s")


def compared(words, comparison, approximate):
    """The words with what the source says of their exactness before them."""
    if approximate:
        words = gettext("about %(figure)s") % {"figure": words}
    phrases = {
        "at_least": gettext("at least %(figure)s"),
        "more_than": gettext("more than %(figure)s"),
        "up_to": gettext("up to %(figure)s"),
    }
    return phrases.get(comparison, "%(figure)s") % {"figure": words}
