"""The time line as CSV."""

from functools import partial

from django.db.models import OuterRef

from apps.core.addresses import addresses_of, root
from apps.core.lookups import Lookups, ids_of
from apps.core.querysets import holds_column
from apps.core.table_cells import Cells, day_text, of_values
from apps.relations.models import Tie, TiedEntry

# By which days an entry is called, of those that it has.
DATES = ("date", "start", "end", "attested")
BEARERS = ("state", "organization", "person")


class TieTable:
    """Entries of all kinds: what happened has a date, what lasted has a span."""

    def cells(self, queryset, request):
        lookups, ends = Lookups(), Tie.objects.filter(entry=OuterRef("entry"))
        bearers = tuple(Tie._meta.get_field(name).related_model for name in BEARERS)
        made = [Cells.of("kind", "entry__kind"), Cells.of("slug", "entry__public_id"), TITLES]
        made.append(Cells(("when",), dict.fromkeys(("entry__kind", *_paths(DATES))), partial(_when, lookups)))
        made += [Cells.of(name, f"entry__{name}") for name in DATES]
        made += [of_values(Tie._meta.get_field(name), lookups, day_text) for name in ("earliest", "latest")]
        concerns = partial(lookups.lists, bearers)
        made.append(Cells.of("concerns", "bearer_ids", concerns, expression=ids_of(ends, *BEARERS)))
        made.append(Cells.of("basis", "entry__basis"))
        made += [Cells.of(name, name) for name in holds_column(queryset)]
        return [*made, _addresses(request)]


def _paths(names):
    return [f"entry__{name}" for name in names]


def _titles(chunk):
    """In other languages than English where it is recorded in them."""
    titles = [chunk[path] for path in _paths(TITLE_FIELDS)]
    others = [
        ["" if title == english else title for title, english in zip(some, titles[0], strict=True)]
        for some in titles[1:]
    ]
    return [titles[0], *others]


TITLE_FIELDS = ("title_en", "title_kk", "title_ru")
TITLES = Cells(("title", "title_kk", "title_ru"), dict.fromkeys(_paths(TITLE_FIELDS)), _titles)


def _when(lookups, chunk):
    dated = list(zip(*(chunk[path] for path in _paths(("kind", *DATES))), strict=True))
    return [lookups.each("when", dated, _in_words)]


def _in_words(dated):
    """{kind and dates: when that was in words}"""
    names = ("kind", *DATES)
    return {found: str(TiedEntry(**dict(zip(names, found, strict=True))).when) for found in dated}


def _addresses(request):
    def tell(chunk):
        kinds, identifiers = chunk["entry__kind"], chunk["entry__public_id"]
        return [
            addresses_of([f"{area}{kind}-detail" for kind in kinds], identifiers, root(request))
            for area in ("api:", "")
        ]

    return Cells(("api_url", "page_url"), dict.fromkeys(_paths(("kind", "public_id"))), tell)
