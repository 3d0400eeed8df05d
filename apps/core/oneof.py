"""Several foreign keys of which one is set: the condition that it is so, and whichever it is."""

from django.db.models import Q


def exactly_one(*names):
    """Condition that one of several nullable foreign keys is set and the others are not."""
    condition = Q()
    for given in names:
        condition |= Q(**{f"{name}__isnull": name != given for name in names})
    return condition


def at_most_one(*names):
    """Condition that no more than one of several nullable foreign keys is set."""
    return exactly_one(*names) | Q(**{f"{name}__isnull": True for name in names})


class OneOf:
    """Whichever of several foreign keys is set, of which a constraint allows one at most; None where none is."""

    def __init__(self, *names):
        self.names = names

    def __get__(self, row, model=None):
        if row is None:
            return self
        return next((found for name in self.names if (found := getattr(row, name))), None)
