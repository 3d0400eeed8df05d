"""What is asked of the tables of the search."""

import json

from django.db import connection, connections, models

from apps.core.prepared import execute

# As each database has it, since the ORM takes longer to write these than they take. All words are of digits and small
# letters, after which comes "{"; of LIKE neither would use its index, whatever it is asked for.
COUNTS = "SELECT word, kind, entries FROM relations_searchword WHERE word "
OPENED = (
    "SELECT word FROM relations_searchword WHERE word {} %s AND word {} %s GROUP BY word "
    "ORDER BY SUM(entries) DESC, word LIMIT %s"
)


class SearchWordQuerySet(models.QuerySet):
    def counts(self, words):
        """{word: {kind: number of entries}} of those of the words that there are."""
        found, words = {}, sorted(words)
        if connection.vendor == "sqlite":
            among = "IN (SELECT value FROM json_each(%s))"
            rows = self._rows(COUNTS + among, [json.dumps(words)])
        else:
            rows = self._rows(COUNTS + "= ANY (%s::text[])", [words])
        for word, kind, entries in rows:
            found.setdefault(word, {})[kind] = entries
        return found

    def beginning(self, letters, most):
        """At most so many words that begin with the letters, those that most entries have."""
        bounds = (">=", "<") if connection.vendor == "sqlite" else ("~>=~", "~<~")
        rows = self._rows(OPENED.format(*bounds), [letters, letters + "{", most])
        return [word for (word,) in rows]

    def _rows(self, sql, params):
        with connections[self.db].cursor() as cursor:
            execute(cursor, sql, params)
            return cursor.fetchall()


class SearchEntryQuerySet(models.QuerySet):
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
