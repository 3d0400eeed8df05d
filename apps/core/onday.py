"""What is said of one entry as of a day: whether it held then, or had happened by then, certainly, possibly or not."""

from typing import NamedTuple

from django.utils.translation import gettext as _, gettext_lazy

from apps.core.spans import Holds, happened_by

# Each a whole phrase after the day: "As of 1 July 2012: it had taken place, certainly".
HAPPENED = {
    Holds.CERTAIN: gettext_lazy("it had taken place, certainly"),
    Holds.POSSIBLE: gettext_lazy("it had taken place, possibly"),
    None: gettext_lazy("it had not taken place yet"),
}
SIGNED = {
    Holds.CERTAIN: gettext_lazy("signed by then, certainly"),
    Holds.POSSIBLE: gettext_lazy("signed by then, possibly"),
    None: gettext_lazy("not signed yet"),
}
DATED = {
    Holds.CERTAIN: gettext_lazy("dated by then, certainly"),
    Holds.POSSIBLE: gettext_lazy("dated by then, possibly"),
    None: gettext_lazy("dated later"),
}
BEGUN = {
    Holds.CERTAIN: gettext_lazy("it existed by then, certainly"),
    Holds.POSSIBLE: gettext_lazy("it existed by then, possibly"),
    None: gettext_lazy("it did not exist yet"),
}
CEASED = {
    Holds.CERTAIN: gettext_lazy("it had ceased to exist, certainly"),
    Holds.POSSIBLE: gettext_lazy("it had ceased to exist, possibly"),
}


class Said(NamedTuple):
    """Words on an entry, `holds` ("certain", "possible" or "not"), and why: its span, or its date."""

    words: str
    holds: str
    span: object = None
    date: object = None


def said_of(entry, day):
    """What is Said of an entry as of `day`, a PartialDate; None where nothing is recorded that would tell."""
    if hasattr(entry, "held"):
        return said_of_span(entry, day)
    if hasattr(entry, "main_date"):
        date = getattr(entry, entry.main_date)
        return said_of_date(entry.by_then, date, day)
    if hasattr(entry, "existed"):
        return said_of_existence(*entry.existed, day)
    return None


def said_of_span(entry, day):
    holds = entry.held(day.earliest, day.latest)
    return Said(str(span_words(entry, holds, day)), str(holds or "not"), span=entry)


def span_words(entry, holds, day):
    if not holds:
        begins_later = max(entry.start_earliest, entry.not_before.earliest) > day.latest
        return _("not yet: it began later") if begins_later else _("no longer: it was over by then")
    what = {"what": entry.held_as}
    if holds == Holds.CERTAIN:
        return _("%(what)s, certainly") % what if entry.held_as else _("it was going on, certainly")
    return _("%(what)s, possibly") % what if entry.held_as else _("it was going on, possibly")


def said_of_date(words, date, day):
    holds = happened_by(date, day.latest)
    return Said(str(words[holds]), str(holds or "not"), date=date)


def said_of_existence(begin, end, day):
    """Of what began and may have ended, where the dates of both are mostly not recorded."""
    if end.is_known and not end.is_ongoing and (ceased := happened_by(end, day.earliest)):
        return Said(str(CEASED[ceased]), "not" if ceased == Holds.CERTAIN else "possible", date=end)
    return said_of_date(BEGUN, begin, day) if begin.is_known else None
