"""A list as CSV: all of its rows, as the dataset writes them, and beside them what would else have to be looked up."""

import csv
from functools import cache

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import translation

from apps.core.dataset_export import Keys, chunks, lines
from apps.core.dates import EARLIEST, LATEST
from apps.core.fields import BoundField
from apps.core.models import Entry, Revision
from apps.core.serializers import address, root
from apps.core.snapshots import snapshot
from apps.core.tables import columns, list_text, safe_cell

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
# The status of all that is public is one.
LEFT_OUT = {"status"}
# What it is called, in English and in the other languages.
HEADLINES = ["headline", *(f"headline_{code}" for code, _name in settings.LANGUAGES[1:])]


def csv_answer(table, queryset, request, *, bom=False):
    """The rows of a queryset, streamed: never more than some hundreds of them are in memory.

    `table`, such as an EntryTable, says what the columns are and what they hold. With `bom`, the file begins with the
    mark by which some spreadsheets know UTF-8. A cell that a spreadsheet would run as a formula has an apostrophe
    before it (`core.tables.safe_cell`).
    """
    answer = StreamingHttpResponse(
        written(table, queryset, request, bom), content_type="text/csv; charset=utf-8"
    )
    name = f"{queryset.model._meta.verbose_name_plural}-{Revision.objects.current()}.csv".replace(" ", "-")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def written(table, queryset, request, bom):
    """Yields the text of the file, some hundreds of rows at a time, all as of one moment."""
    writer = csv.writer(Echo())
    with snapshot():
        yield (MARK if bom else "") + writer.writerow(table.names(queryset))
        for rows in chunks(queryset):
            # Not around the loop: between two of its turns the thread is somebody else's.
            with translation.override("en"):
                found = table.rows(queryset, rows, request)
                text = "".join(writer.writerow([safe_cell(cell) for cell in cells]) for cells in found)
            yield text


class Echo:
    """What a csv.writer takes for a file, and gives back each line."""

    def write(self, line):
        return line


def csv_text(rows):
    """All rows as one text, for what is short: numbers as they are, None blank, all else as `safe_cell` has it."""
    writer = csv.writer(Echo())
    return "".join(writer.writerow(map(_short_cell, row)) for row in rows)


def _short_cell(value):
    return value if value is None or isinstance(value, int | float) else safe_cell(str(value))


class EntryTable:
    """The list of one kind: what its file in the dataset has, and beside it what would else have to be looked up.

    That is what it is called, where that names others; who has a part in it; the first and the last day that each date
    may be (blank where there is none); `holds` as of a day; the passages that support it; when it was changed; and its
    addresses in the API and for readers.
    """

    def __init__(self, model):
        self.model = model
        self.keys = Keys()
        self.bounds = [
            column.name for column in model._meta.concrete_fields if isinstance(column, BoundField)
        ]
        self.is_entry = issubclass(model, Entry)

    def names(self, queryset):
        names = [column.name for column in self._columns]
        names += HEADLINES if getattr(self.model, "title_parts", ()) else []
        names += [*far_ends(self.model), *self.bounds]
        names += ["holds"] if "holds" in queryset.query.annotations else []
        names += ["supported_by"] if self.is_entry else []
        return [*names, "updated_at", "api_url", *(["page_url"] if self._has_page else [])]

    @property
    def _columns(self):
        return [column for column in columns(self.model) if column.name not in LEFT_OUT]

    @property
    def _has_page(self):
        return hasattr(self.model, "get_absolute_url")

    def rows(self, queryset, rows, request):
        """The cells of each of the rows, by a number of queries that does not depend on how many they are."""
        names, known = self.names(queryset), self._told_of_all(rows)
        of_dataset = [column.name for column in columns(self.model)]
        for row, cells in zip(rows, lines(self.model, rows, self.keys), strict=True):
            found = self._told_of_one(row, request) | dict(zip(of_dataset, cells, strict=True))
            found |= {name: texts.get(row.pk, "") for name, texts in known.items()}
            yield [found[name] for name in names]

    def _told_of_one(self, row, request):
        bounds = {name: getattr(row, name) for name in self.bounds}
        return {
            "holds": getattr(row, "holds", ""),
            "updated_at": row.updated_at.isoformat() if hasattr(row, "updated_at") else "",
            "api_url": address(row, request),
            "page_url": root(request) + row.get_absolute_url() if self._has_page else "",
            **{name: day_text(day) for name, day in bounds.items()},
        }

    def _told_of_all(self, rows):
        """{column: {primary key: cell}} of what other tables say of these entries."""
        pks = [row.pk for row in rows]
        found = {
            name: participants(self.model, name, paths, pks) for name, paths in far_ends(self.model).items()
        }
        if self.is_entry:
            found["supported_by"] = support(self.model, pks)
        return found | headlines(rows) if getattr(self.model, "title_parts", ()) else found


def headlines(rows):
    """{column: {primary key: what it is called}}; a change of language costs more than a title."""
    found = {}
    for name, (code, _name) in zip(HEADLINES, settings.LANGUAGES, strict=True):
        with translation.override(code):
            found[name] = {row.pk: row.headline for row in rows}
    return found


def day_text(day):
    """Of a bound: blank where no day is known."""
    return "" if day in (EARLIEST, LATEST) else day.isoformat()


@cache
def far_ends(model):
    """{relation: [its foreign keys]} of those of an entry's ends that are told by its parts."""
    found = {}
    for end in getattr(model, "ends", ()):
        relation, _underscores, key = end.path.partition("__")
        if key:
            found.setdefault(relation, []).append(key)
    return found


def participants(model, relation, keys, pks):
    """{primary key: the public identifiers of who has a part in it}; of who is not public, nothing."""
    part = model._meta.get_field(relation)
    found = {}
    for key in keys:
        bearer = part.related_model._meta.get_field(key).related_model
        public = {f"{part.field.name}__in": pks, f"{key}__status": Entry.Status.PUBLISHED}
        named = part.related_model.objects.filter(**public)
        for pk, public_id in named.values_list(part.field.attname, f"{key}__{bearer.public_id_field}"):
            found.setdefault(pk, set()).add((public_id,))
    return {pk: list_text(ids) for pk, ids in found.items()}


def support(model, pks):
    """{primary key: the passages that support it}"""
    citation = model.citations.rel.related_model
    cited = citation.objects.filter(entry__in=pks, stance=citation.Stance.SUPPORTS)
    found = {}
    for pk, *passage in cited.values_list("entry", "passage__source__slug", "passage__anchor"):
        found.setdefault(pk, set()).add(tuple(passage))
    return {pk: list_text(passages) for pk, passages in found.items()}
