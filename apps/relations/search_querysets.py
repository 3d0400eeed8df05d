"""How each database finds the entries that have all of some words: the first of each kind, in one order on both.

The work is bounded, however many entries there are and however many of them have a word. SQLite's FTS5 goes through the
places of a word in order, and stops. PostgreSQL's GIN can only find all: where a word is frequent, the rows are gone
through from the latest on instead, until enough of them have it. Which of the two costs less follows from the counts of
words; what is found does not.
"""

from django.db import connection, connections, models
from django.db.models import F, Sum

from apps.core.replicas import reading


class SearchWordQuerySet(models.QuerySet):
    def counts(self, words):
        """{word: {kind: number of entries}} of those of the words that there are."""
        found = {}
        for word, kind, entries in self.filter(word__in=sorted(words)).values_list("word", "kind", "entries"):
            found.setdefault(word, {})[kind] = entries
        return found

    def beginning(self, letters, most):
        """At most so many words that begin with the letters, those that most entries have."""
        if connection.vendor == "sqlite":
            # Its LIKE uses no index. All words are of digits and small letters, after which comes "{".
            rows = self.filter(word__gte=letters, word__lt=letters + "{")
        else:
            rows = self.filter(word__startswith=letters)
        summed = rows.values("word").annotate(number=Sum("entries")).order_by(F("number").desc(), "word")
        return summed.values_list("word", flat=True)[:most]


class SearchEntryQuerySet(models.QuerySet):
    def places_matching(self, kinds):
        """The places of the first `most` entries of each of the kinds (`searching.Kind`) that have what is `wanted`."""
        find = _found_by_fts5 if connection.vendor == "sqlite" else _found_by_postgresql
        return find(kinds)

    def gather(self):
        """Puts together what FTS5 keeps in pieces, one for each of the last writes, a search looking into all of them.

        Of a million entries, written a thousand at a time, there are 26, and a name that is begun takes five times as
        long as in one. It takes a second then, and no time where there is one.
        """
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO relations_searchentry_words (relations_searchentry_words) VALUES ('optimize')"
                )


def _written(wanted, both, either, quoted):
    """The condition in the language of a database, `quoted` a word as it has them."""

    def any_of(words):
        return f"({either.join(map(quoted, words))})"

    def reading(parts):
        return f"({both.join(map(any_of, parts))})"

    return both.join(f"({either.join(map(reading, readings))})" for readings in wanted)


def _found_by_fts5(kinds):
    one = (
        "SELECT * FROM (SELECT rowid FROM relations_searchentry_words WHERE relations_searchentry_words MATCH %s "
        "AND rowid BETWEEN %s AND %s ORDER BY rowid LIMIT %s)"
    )
    return _all(
        (one, [_written(kind.wanted, " AND ", " OR ", '"{}"'.format), *kind.span, kind.most])
        for kind in kinds
    )


def _found_by_postgresql(kinds):
    walked = [kind for kind in kinds if kind.is_frequent]
    found = _all(map(_walk, walked))
    # Where words seldom come together, not enough was found on the way.
    short = {
        kind.name for kind in walked if kind.steps < kind.entries and len(kind.those_in(found)) < kind.most
    }
    return [*found, *_all(_look_up(kind) for kind in kinds if kind not in walked or kind.name in short)]


def _query(kind):
    letter = chr(96 + kind.number)
    return _written(kind.wanted, " & ", " | ", f"'{letter}{{}}'".format)


def _walk(kind):
    """From the first entry of a kind on, as many steps as should do."""
    # The inner LIMIT keeps the condition out of it, so that no more rows are read than it says.
    return (
        "(SELECT id FROM (SELECT id, vector FROM relations_searchentry WHERE id BETWEEN %s AND %s "
        "ORDER BY id LIMIT %s) first WHERE vector @@ %s::tsquery ORDER BY id LIMIT %s)",
        [*kind.span, kind.steps, _query(kind), kind.most],
    )


def _look_up(kind):
    """All by the index, of which the first are kept.

    OFFSET 0, so that no plan goes through the primary key to save itself the sorting.
    """
    return (
        "(SELECT id FROM (SELECT id FROM relations_searchentry WHERE vector @@ %s::tsquery OFFSET 0) found "
        "ORDER BY id LIMIT %s)",
        [_query(kind), kind.most],
    )


def _all(parts):
    if not (parts := [*parts]):
        return []
    with connections[reading()].cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(statement for statement, _values in parts),
            [value for _statement, values in parts for value in values],
        )
        return [place for (place,) in cursor.fetchall()]
