"""Days as the stretches of time in which they lie: numbers by which most days can be compared without the days.

A year, or a quarter, is three stretches: its first day, the days between, and its last day. What is known by its year
lies from the first of them to the last. So the order of two days is that of their stretches, unless both are between
the first and the last day of the same year: only then have the days themselves to be asked for.
"""

from datetime import date
from functools import lru_cache

from django.db.models import Func, IntegerField

# By how many stretches of time there are to a year.
BEGINNINGS = {1: ((1, 1),), 4: ((1, 1), (4, 1), (7, 1), (10, 1))}
ENDS = {1: ((12, 31),), 4: ((3, 31), (6, 30), (9, 30), (12, 31))}
PARTS = 3
FIRST_DAY, BETWEEN, LAST_DAY = range(PARTS)


@lru_cache(maxsize=8192)
def stretch(day, grain):
    """The number of the stretch of a day, where a year, or a quarter, of so many a year is three stretches."""
    if not grain:
        return 0
    days = (day.month, day.day)
    part = FIRST_DAY if days in BEGINNINGS[grain] else LAST_DAY if days in ENDS[grain] else BETWEEN
    return (day.year * grain + (day.month - 1) * grain // 12) * PARTS + part


def is_between(number):
    """Whether two days of that stretch may be different ones."""
    return number % PARTS == BETWEEN


def days_between(number, grain):
    """The first and the last day of the year or the quarter of a stretch."""
    year, place = divmod(number // PARTS, grain)
    return date(year, *BEGINNINGS[grain][place]), date(year, *ENDS[grain][place])


class Stretch(Func):
    """The same of a column."""

    output_field = IntegerField()

    def __init__(self, column, grain):
        super().__init__(column)
        self.grain = int(grain)

    def _template(self, year, month, days):
        if not self.grain:
            return "0"
        beginnings, ends = (
            ", ".join(days(*found) for found in known[self.grain]) for known in (BEGINNINGS, ENDS)
        )
        return (
            f"(({year} * {self.grain} + ({month} - 1) * {self.grain} / 12) * {PARTS} + CASE "
            f"WHEN {{days}} IN ({beginnings}) THEN {FIRST_DAY} WHEN {{days}} IN ({ends}) THEN {LAST_DAY} "
            f"ELSE {BETWEEN} END)"
        )

    def as_sql(self, compiler, connection, **context):
        year, month, day = (
            f"CAST(EXTRACT({part} FROM %(expressions)s) AS integer)" for part in ("YEAR", "MONTH", "DAY")
        )
        template = self._template(year, month, lambda month, day: str(month * 100 + day))
        template = template.format(days=f"({month} * 100 + {day})")
        return super().as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler, connection, **context):
        """Of a date that is text, without asking Python of each row."""
        year, month = (f"CAST(substr(%(expressions)s, {part}) AS integer)" for part in ("1, 4", "6, 2"))
        template = self._template(year, month, lambda month, day: f"'{month:02}-{day:02}'")
        template = template.format(days="substr(%(expressions)s, 6)")
        return super().as_sql(compiler, connection, template=template, **context)
