"""Entries that may be one and the same, recorded twice: what two of a kind have in common then.

Each kind names its rules in `alike`. They find what to look at, and leave it to a curator to see: what is withdrawn is
left out, and so is what only might be meant by a vaguer entry. The database joins a table with itself by what has to be
equal, so that the cost follows the pairs that there are and not all that one could make.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, islice

from django.db import connection

from apps.core.dates import EARLIEST, LATEST


def one_date(name):
    """The same date as it is written, or dates with a first and a last day, some day of which both may mean.

    So one without a date is like another without, and not like all others; nor is one that is known to be before or
    after a day only.
    """
    known = " AND ".join(
        f"{row}.{name}_earliest > '{EARLIEST}' AND {row}.{name}_latest < '{LATEST}'" for row in "ab"
    )
    return f"{not_apart(name)} AND (a.{name} = b.{name} OR ({known}))"


def not_apart(name):
    """Dates of which neither is known to be before the other, as where one is not recorded."""
    return _begins_within(f"{name}_earliest", f"{name}_latest")


def _begins_within(first, last):
    """That the second of the two begins in the days of the first: so it is with one of any two that share a day.

    An index of the first days finds them, where one that compares both days of each would read all. Of two that begin
    on one day the lower primary key comes first, so that no pair is met twice.
    """
    return (
        f"b.{first} BETWEEN a.{first} AND a.{last} AND "
        f"(a.{first} < b.{first} OR (a.{first} = b.{first} AND a.id < b.id))"
    )


def _may_follow(row, other):
    """That the one ended, on a day that is known as far as it goes, when the other may not have begun yet."""
    return f"({row}.end_latest < '{LATEST}' AND {row}.end_earliest <= {other}.start_latest)"


# Of which some day may be in both, unless the one may just follow on the other, as one term of office on another.
SPANS_MEET = (
    f"{_begins_within('start_earliest', 'end_latest')} AND "
    f"(a.start = b.start OR NOT ({_may_follow('a', 'b')} OR {_may_follow('b', 'a')}))"
)


@dataclass(frozen=True)
class Alike:
    """That all of the fields named in `same` are equal and set, those in `same_or_none` equal or both unset."""

    same: tuple
    same_or_none: tuple = ()
    # A condition in SQL on the two rows, `a` and `b`, by which either comes first, but not both.
    when: str = "a.id < b.id"
    # A related set that has to say the same of both, and the fields of it that count.
    parts: tuple = ()

    def pairs(self, model, limit):
        """At most so many pairs of primary keys."""
        return _rows(self._sql(model), [limit])

    def of(self, entry, limit):
        """At most so many primary keys of those that come before or after the entry in a pair."""
        for row in "ab":
            pairs = _rows(self._sql(type(entry), f"{row}.id = %s"), [entry.pk, limit])
            yield from (key for pair in pairs for key in pair if key != entry.pk)

    def _sql(self, model, *conditions):
        columns = {name: quoted(model._meta.get_field(name).column) for name in self.same + self.same_or_none}
        equal = [f"a.{columns[name]} = b.{columns[name]}" for name in self.same]
        kept = [*conditions, self.when, *(f"{row}.status <> 'withdrawn'" for row in "ab")]
        kept += [_equal_or_none(columns[name]) for name in self.same_or_none]
        kept += self._same_parts(model) if self.parts else []
        table = quoted(model._meta.db_table)
        # Names of columns and conditions of ours.
        return (
            f"SELECT a.id, b.id FROM {table} a JOIN {table} b ON {' AND '.join(equal)} "  # nosec B608
            f"WHERE {' AND '.join(kept)} LIMIT %s"
        )

    def _same_parts(self, model):
        """Neither has a part that the other has not; EXCEPT takes two nulls for equal."""
        name, *fields = self.parts
        relation = model._meta.get_field(name)
        meta, whole = relation.related_model._meta, quoted(relation.field.column)
        columns = ", ".join(quoted(meta.get_field(field).column) for field in fields)
        table = quoted(meta.db_table)
        # Names of a table and of columns; "a" or "b".
        of = {row: f"SELECT {columns} FROM {table} WHERE {whole} = {row}.id" for row in "ab"}  # nosec B608
        return [f"NOT EXISTS ({of[row]} EXCEPT {of[other]})" for row, other in (("a", "b"), ("b", "a"))]


def quoted(name):
    return connection.ops.quote_name(name)


def _equal_or_none(column):
    return f"(a.{column} = b.{column} OR (a.{column} IS NULL AND b.{column} IS NULL))"


def _rows(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


@dataclass(frozen=True)
class SharedName:
    """That a name of the one is a name of the other, in whatever language, as an alias or an abbreviation.

    Names stand folded in the lines of `search_text`. These are read once, for a database has no index of lines.
    """

    def pairs(self, model, limit):
        holders = defaultdict(list)
        for key, names in self._names(model):
            for name in names:
                holders[name].append(key)
        found = (pair for keys in holders.values() for pair in combinations(keys, 2))
        return list(islice(_distinct(found), limit))

    def of(self, entry, limit):
        own = _lines(entry.search_text)
        found = (key for key, names in self._names(type(entry)) if key != entry.pk and names & own)
        return list(islice(found, limit))

    def _names(self, model):
        rows = model._base_manager.exclude(status="withdrawn").order_by("pk")
        for key, text in rows.values_list("pk", "search_text").iterator():
            yield key, _lines(text)


def _lines(text):
    return set(filter(None, text.split("\n")))


def _distinct(items):
    seen = set()
    for item in items:
        if item not in seen:
            seen.add(item)
            yield item


def likely_duplicates(model, limit):
    """Pairs of primary keys of the kind, the lower one first; not all of them where there are more than `limit`."""
    found = {tuple(sorted(pair)) for rule in model.alike for pair in rule.pairs(model, limit)}
    return sorted(found)[:limit]


def twins_of(entry, limit=20):
    """The entries that may be the same as this one, with what their titles read."""
    keys = {key for rule in type(entry).alike for key in rule.of(entry, limit)}
    return list(type(entry).objects.for_title().filter(pk__in=keys).order_by("pk")[:limit]) if keys else []
