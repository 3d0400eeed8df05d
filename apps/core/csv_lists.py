"""A list as CSV: all of its rows, as the dataset writes them, and beside them what would else have to be looked up."""

from contextlib import closing
from functools import cache, partial

from django.conf import settings
from django.db.models import OuterRef
from django.http import StreamingHttpResponse
from django.utils import translation

from apps.core.addresses import addresses_of, root
from apps.core.conditional import revision_of
from apps.core.csv_text import lines, safe
from apps.core.fields import BoundField
from apps.core.fixtures import identifier_of
from apps.core.lookups import Lookups, ids_of, key_lists, keys_of
from apps.core.models import Entry
from apps.core.querysets import holds_column
from apps.core.snapshots import snapshot
from apps.core.table_cells import Cells, cells_of, day_text, of_moments, of_values, read, told
from apps.core.tables import columns, safe_cell

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
# The status of all that is public is one.
LEFT_OUT = {"status"}
# What it is called, in English and in the other languages.
HEADLINES = ("headline", *(f"headline_{code}" for code, _name in settings.LANGUAGES[1:]))


def csv_answer(table, queryset, request, *, bom=False):
    """The rows of a queryset, streamed: never more than some thousands of them are in memory.

    `table`, such as an EntryTable, says what the columns are and what they hold. With `bom`, the file begins with the
    mark by which some spreadsheets know UTF-8. A cell that a spreadsheet would run as a formula has an apostrophe
    before it (`core.tables.safe_cell`).
    """
    answer = StreamingHttpResponse(
        written(queryset, table.cells(queryset, request), bom), content_type="text/csv; charset=utf-8"
    )
    name = f"{queryset.model._meta.verbose_name_plural}-{revision_of(request)}.csv".replace(" ", "-")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def written(queryset, cells, bom):
    """Yields the text of the file, some thousands of rows at a time, all as of one moment."""
    yield (MARK if bom else "") + lines([[name] for some in cells for name in some.names])
    with snapshot(), closing(read(queryset, cells)) as chunks:
        for chunk in chunks:
            # Not around the loop: between two of its turns the thread is somebody else's.
            with translation.override("en"):
                text = lines(map(safe, told(cells, chunk)))
            yield text


def csv_text(rows):
    """All rows as one text, for what is short: numbers as they are, None blank, all else as `safe_cell` has it."""
    return lines(map(_short_cells, zip(*rows, strict=True)))


def _short_cells(values):
    if {*map(type, values)} == {str}:
        return safe(values)
    return list(map(_short_cell, values))


def _short_cell(value):
    if value is None or isinstance(value, int | float):
        return "" if value is None else str(value)
    return safe_cell(str(value))


class EntryTable:
    """The list of one kind: what its file in the dataset has, and beside it what would else have to be looked up.

    That is what it is called, where that names others; who has a part in it; the first and the last day that each date
    may be (blank where there is none); `holds` as of a day; the passages that support it; when it was changed; and its
    addresses in the API and for readers.
    """

    def __init__(self, model):
        self.model, self.lookups = model, Lookups()

    def cells(self, queryset, request):
        own = [column for column in columns(self.model) if column.name not in LEFT_OUT]
        made = [cells_of(column, self.lookups) for column in own]
        made += [*self._headlines(), *self._participants(), *self._bounds()]
        made += [Cells.of(name, name) for name in holds_column(queryset)]
        made += self._support()
        return [*made, of_moments("updated_at"), *self._addresses(request)]

    def _headlines(self):
        made = getattr(self.model, "goes_by", None)
        if made:
            yield Cells(HEADLINES, made.reads(self.model), partial(made.columns, self.model, self.lookups))

    def _participants(self):
        """The public identifiers of who has a part in it; of who is not public, nothing."""
        for name, keys in far_ends(self.model).items():
            part = self.model._meta.get_field(name)
            rows = part.related_model._base_manager.filter(**{part.field.name: OuterRef("pk")})
            bearers = tuple(part.related_model._meta.get_field(key).related_model for key in keys)
            tell = partial(self.lookups.lists, bearers)
            yield Cells.of(name, f"{name}_ids", tell, expression=ids_of(rows, *keys))

    def _bounds(self):
        for field in self.model._meta.concrete_fields:
            if isinstance(field, BoundField):
                yield of_values(field, self.lookups, day_text)

    def _support(self):
        """The passages that support it."""
        if issubclass(self.model, Entry):
            citation = self.model.citations.rel.related_model
            rows = citation._base_manager.filter(entry=OuterRef("pk"), stance=citation.Stance.SUPPORTS)
            yield Cells.of("supported_by", "cited", key_lists, expression=keys_of(rows, "passage"))

    def _addresses(self, request):
        def of_view(view_name, identifiers):
            return addresses_of([view_name] * len(identifiers), identifiers, root(request))

        known_by, view_name = identifier_of(self.model), f"{self.model._meta.model_name}-detail"
        yield Cells.of("api_url", known_by, partial(of_view, f"api:{view_name}"))
        if hasattr(self.model, "get_absolute_url"):
            yield Cells.of("page_url", known_by, partial(of_view, view_name))


@cache
def far_ends(model):
    """{relation: [its foreign keys]} of those of an entry's ends that are told by its parts."""
    found = {}
    for end in getattr(model, "ends", ()):
        relation, _underscores, key = end.path.partition("__")
        if key:
            found.setdefault(relation, []).append(key)
    return found
