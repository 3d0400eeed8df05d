"""What is wrong with an address, parameter by parameter, as a page or the API tells it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

# A page of faults longer than this helps nobody, and a hostile address may hold a thousand.
MOST_FAULTS = 20
LONGEST_SHOWN = 100


@dataclass(frozen=True)
class Fault:
    """What is wrong with one parameter: its value as given, a sentence, and the values allowed, where few are."""

    parameter: str
    value: str
    detail: str
    allowed: tuple = ()

    @classmethod
    def of(cls, parameter, value, detail, allowed=()):
        return cls(shortened(parameter), shortened(value), str(detail), tuple(allowed))


def shortened(text):
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def name_faults(data, known, *, several=(), needs_value=False):
    """The Faults of parameters that are not `known`, or given more than once and none of `several`, of a QueryDict.

    With `needs_value`, also those without a value. No more than MOST_FAULTS.
    """
    faults = []
    for name, values in data.lists():
        if name not in known:
            faults.append(Fault.of(name, values[-1], _("There is no such parameter here."), known))
        elif len(values) > 1 and name not in several:
            detail = _("It was given %(times)d times; give it once.") % {"times": len(values)}
            faults.append(Fault.of(name, ", ".join(values), detail))
        elif needs_value and not values[0]:
            faults.append(Fault.of(name, "", _("It has no value. Give it one or leave it out.")))
    return faults[:MOST_FAULTS]
