"""How each database finds the entries that have all of some words: the first of each kind, in one order on both.

The work is bounded, however many entries there are and however many of them have a word. SQLite's FTS5 goes through the
places of a word in order, and stops. PostgreSQL's GIN can only find all, and to visit the row of each, which alone has
its place, is most of what that costs. So where a word is frequent, the rows of a kind are gone through from the first
on, until enough of them have it. Where it is less so, few stretches of time are looked into, the latest first: that of
an entry is one more word of the index (migration 0005). Of rare words all entries are looked up. Which of the three
costs least follows from the counts of words (`searching.Kind`); what is found does not.
"""

from itertools import chain

from django.db import connections

from apps.core.prepared import execute
from apps.core.replicas import reading
from apps.relations.search_index import STRETCH_AT

# Each is one statement for all kinds, and all are one text, which is planned once.
# The inner LIMIT keeps the condition out of it, so that no more rows are read than it says.
WALK = """
SELECT found.*
FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::text[]::tsquery[], %s::int[])
  AS kind (lowest, highest, steps, query, most)
CROSS JOIN LATERAL (
  SELECT first.id, first.keys, first.names, first.entry_id
  FROM (
    SELECT id, keys, names, entry_id, vector FROM relations_searchentry
    WHERE id BETWEEN kind.lowest AND kind.highest ORDER BY id LIMIT kind.steps
  ) AS first
  WHERE first.vector @@ kind.query ORDER BY first.id LIMIT kind.most
) AS found"""
# The first stretches, unless they have enough the next, twice as many, and the next, four times as many: a join to
# what depends on each row goes through the rows in their order, and no further than the LIMIT. By conditions of their
# own GIN leaps from what meets the one to what meets the other. OFFSET 0, so that no plan goes through the primary key
# to save itself the sorting.
LATEST = f"""
SELECT found.*
FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::text[]::tsquery[], %s::int[])
  AS kind (lowest, highest, stretches, query, most)
CROSS JOIN LATERAL (
  SELECT id >> {STRETCH_AT} AS stretch FROM relations_searchentry
  WHERE id BETWEEN kind.lowest AND kind.highest ORDER BY id LIMIT 1
) AS first
CROSS JOIN LATERAL (
  SELECT those.*
  FROM generate_series(0, 3) AS n
  CROSS JOIN LATERAL (
    SELECT * FROM (
      SELECT id, keys, names, entry_id FROM relations_searchentry
      WHERE vector @@ kind.query AND vector @@ (
        SELECT string_agg('=' || stretch, ' | ') FROM generate_series(
          first.stretch + kind.stretches * ((1 << n) - 1), first.stretch + kind.stretches * ((2 << n) - 1) - 1
        ) AS stretch
      )::tsquery OFFSET 0
    ) AS of_stretches ORDER BY id
  ) AS those
  LIMIT kind.most
) AS found"""  # nosec B608  # A number of ours.
ALL = """
SELECT found.*
FROM unnest(%s::text[]::tsquery[], %s::int[]) AS kind (query, most)
CROSS JOIN LATERAL (
  SELECT * FROM (
    SELECT id, keys, names, entry_id FROM relations_searchentry WHERE vector @@ kind.query OFFSET 0
  ) AS those ORDER BY id LIMIT kind.most
) AS found"""
# With all by which they are ranked (`searching`), as their rows have just been visited.
FIRST = f"""
SELECT first.*, tied.kind, tied.public_id, tied.key
FROM ({WALK}\nUNION ALL{LATEST}\nUNION ALL{ALL}
) AS first
JOIN relations_tiedentry AS tied ON tied.id = first.entry_id"""  # nosec B608  # The statements above.


def written(wanted, both, either, quoted):
    """The condition in the language of a database, `quoted` a word as it has them."""

    def any_of(words):
        return f"({either.join(map(quoted, words))})"

    def reading(parts):
        return f"({both.join(map(any_of, parts))})"

    return both.join(f"({either.join(map(reading, readings))})" for readings in wanted)


def found_by_fts5(kinds):
    """The places of the first `most` entries of each of the kinds (`searching.Kind`) that have what is `wanted`."""
    one = (
        "SELECT * FROM (SELECT rowid FROM relations_searchentry_words WHERE relations_searchentry_words MATCH %s "
        "AND rowid BETWEEN %s AND %s ORDER BY rowid LIMIT %s)"
    )
    values = [[written(kind.wanted, " AND ", " OR ", '"{}"'.format), *kind.span, kind.most] for kind in kinds]
    with connections[reading()].cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(values)), [*chain(*values)])
        return [place for (place,) in cursor.fetchall()]


def found_by_postgresql(kinds):
    """The rows of the same, and perhaps of more entries, each with its place first."""
    walked = [kind for kind in kinds if kind.is_frequent]
    latest = [kind for kind in kinds if kind.is_many and not kind.is_frequent]
    rest = [kind for kind in kinds if not kind.is_many and not kind.is_frequent]
    of_years = [kind for kind in walked if kind.year]
    rows = _rows(walked, latest, [*map(_all_of, rest), *map(_mentioning, of_years)])
    # Where words seldom come together, not enough was found on the way.
    unsure = [*latest, *(kind for kind in walked if kind.steps < kind.entries)]
    short = [kind for kind in unsure if len(kind.those_in(rows)) < kind.most]
    if short:
        rows += _rows([], [], map(_all_of, short))
    return {row[0]: row for row in rows}.values()


def _all_of(kind):
    return _query(kind), kind.most


def _mentioning(kind):
    """Entries of other years that only mention the year in which the kind is walked through."""
    return _query(kind, mentioned=kind.year), kind.most


def _query(kind, mentioned=""):
    """The condition as a tsquery, of words as the index has them (migration 0005): behind the letter of the kind.

    A year in which the entry stands has "=" before it there; one that is `mentioned` is asked for without.
    """
    letter = chr(96 + kind.number)

    def quoted(word):
        is_either = word.isdigit() and word != mentioned
        return f"('{letter}{word}' | '{letter}={word}')" if is_either else f"'{letter}{word}'"

    return written(kind.wanted, " & ", " | ", quoted)


def _rows(walked, latest, looked_up):
    """What FIRST finds, of kinds, of kinds, and of (query, how many at most)."""
    parts = (
        (5, [(*kind.walked, kind.steps, _query(kind), kind.most) for kind in walked]),
        (5, [(*kind.span, kind.stretches, _query(kind), kind.most) for kind in latest]),
        (2, [*looked_up]),
    )
    columns = [
        column for width, rows in parts for column in ([*map(list, zip(*rows, strict=True))] or [[]] * width)
    ]
    with connections[reading()].cursor() as cursor:
        execute(cursor, FIRST, columns)
        return cursor.fetchall()
