"""Figures in a reader's words: "more than 27,000,000,000 US dollars", "about 7,500 kilometres"."""

from decimal import Decimal

from babel.numbers import format_currency, format_decimal
from babel.units import format_unit
from django.utils.translation import gettext

# As elsewhere on the site: kilometres, not kilometers.
SPELLINGS = {"en": "en_GB"}
MEASURED = {"km": "length-kilometer", "ha": "area-hectare", "years": "duration-year"}


def value_words(value, unit, currency="", locale="en"):
    """The number with its unit or the name of its currency, and no more decimals than it has."""
    value = Decimal(value).normalize()
    locale = SPELLINGS.get(locale, locale)
    if currency:
        return format_currency(value, currency, locale=locale, format_type="name", currency_digits=False)
    if unit in MEASURED:
        return format_unit(value, MEASURED[unit], locale=locale)
    number = format_decimal(value, format="#,##0.####", locale=locale)
    if unit == "rank":
        return gettext("number %(number)s") % {"number": number}
    phrases = {
        "people": gettext("%(number)s people"),
        "states": gettext("%(number)s states"),
        "members": gettext("%(number)s members"),
        "sites": gettext("%(number)s sites"),
        "instruments": gettext("%(number)s instruments"),
    }
    return phrases.get(unit, "%(number)s") % {"number": number}


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
