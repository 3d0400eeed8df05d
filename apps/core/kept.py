"""What was made of the rows of the database, kept in the process for as long as the database is at the same revision.

Each time it is asked for by the mark of what the database was at before anything was asked of it for the answer
(`conditional.mark_of`): a change by whomever, on whatever path, has another mark. What is read while something is shown
that will be undone has none (None), and is neither kept nor answered with what was.
"""

_MISSING = object()


class Kept:
    """Values by their keys, `most` of them at once, all of the revision that was asked for last.

    A key tells all that a value depends on besides the rows that anybody may see, such as the language. Whoever is
    given a value shares it with all others, and does not change it.
    """

    def __init__(self, most):
        # Both at once, since several threads read and write them.
        self._most, self._kept = most, (None, {})

    def get(self, mark, key, default=None):
        """What was kept by this mark; without a mark (None), nothing was."""
        of_when, values = self._kept
        return values.get(key, default) if mark is not None and of_when == mark else default

    def keep(self, mark, key, value):
        """The value, which is kept where there is a mark; what was kept by another is forgotten."""
        if mark is None:
            return value
        of_when, values = self._kept
        if of_when != mark or len(values) >= self._most:
            self._kept = of_when, values = mark, {}
        values[key] = value
        return value

    def of(self, mark, key, make):
        """The value, which `make` makes where it is not there."""
        value = self.get(mark, key, _MISSING)
        return self.keep(mark, key, make()) if value is _MISSING else value
