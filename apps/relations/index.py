"""Writing the index of ties (`relations.models`), entry by entry or all of it, to the same result.

What an entry contributes follows from its kind's declarations alone: `Entry.ends`, its dates, its title. A change is
written as the difference to what the index has, so that a row that stays keeps its primary key.
"""

from dataclasses import dataclass, field
from functools import cache, cached_property

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from apps.core.bulk import batches, insert_new
from apps.core.changes import together
from apps.core.dates import EARLIEST, LATEST, UNKNOWN
from apps.core.models import Revision, Span
from apps.core.statements import Titled
from apps.core.text import fold
from apps.relations.entry_ends import bearer_of, ends_of
from apps.relations.models import (
    KINDS,
    PairCount,
    PairYearCount,
    SearchEntry,
    SearchWord,
    Tie,
    TieCount,
    TiedEntry,
)
from apps.relations.search_index import SearchChanges, WordCounts, at_places, found_by, places_of
from apps.relations.tie_counts import TieCounts, are_pairs_counted, is_shared_counted, recount, settle
from apps.states.models import Place, State

BATCH = 1000
# So many rows are written one by one at less cost than by one statement that tells them apart.
FEW = 5
BEARERS = ("state", "organization", "person")
BEARER_KEYS = tuple(f"{name}_id" for name in BEARERS)


@dataclass
class Difference:
    """How many entries were compared and how many of them were not as they should be."""

    compared: int = 0
    wrong: list = field(default_factory=list)


class Counts:
    """What is counted of entries while they are written; of ties not, where these are counted all at once later."""

    def __init__(self, *, of_ties=True):
        self.words, self.ties = WordCounts(), TieCounts(is_kept=of_ties)

    @cached_property
    def focus(self):
        """(kind, primary key) of the focal state, which is there, or is not, before its entry is written."""
        return State._meta.model_name, State.objects.key_of_focus()

    def write(self):
        self.words.write()
        self.ties.write()


def fill(sender, **kwargs):
    """After a migration: builds the index of a database that is older than the index, or had another focal state.

    And puts together what the many writes since the last one have left in pieces.
    """
    ours = (Revision, TiedEntry, Tie, TieCount, PairCount, PairYearCount, SearchEntry, SearchWord)
    tables = {model._meta.db_table for model in (*ours, *KINDS.values())}
    # One app may have been migrated alone, forwards or back.
    if not tables <= set(connection.introspection.table_names()):
        return
    if not SearchEntry.objects.exists():
        rebuild()
    elif not (is_of_focus() and are_pairs_counted() and is_shared_counted()):
        refocus()
    SearchEntry.objects.gather()


def is_of_focus():
    """Whether what counts as the focal state's is that of the state that is it now, and anything is counted."""
    marked = TiedEntry.objects.filter(kind=State._meta.model_name, ties__with_focus=True)
    focus = State.objects.focus()
    told = {focus.pk} if focus else set()
    return {*marked.values_list("key", flat=True)} == told and TieCount.objects.exists()


def refocus():
    """Marks the ties of the entries that concern the focal state, and counts all ties anew."""
    focus = State.objects.focus()
    ties = Tie.objects.all()
    concerning = ties.also_concerning(focus) if focus else ties.none()
    others = ties.not_concerning(focus) if focus else ties
    with together():
        others.filter(with_focus=True).update(with_focus=False)
        concerning.filter(with_focus=False).update(with_focus=True)
        recount()
        Revision.objects.bump()


def follow(sender, rows, new, **kwargs):
    """Brings the index in step with rows just written; see `core.changes.written`."""
    wanted = {model: {*rows.get(model, ())} for model in KINDS.values()}
    if places := rows.get(Place, set()) - new.get(Place, set()):
        # By whose names an entry is found.
        wanted = {model: pks | at_places(model, places) for model, pks in wanted.items()}
    wanted = {model: pks for model, pks in wanted.items() if pks}
    if not wanted:
        return
    # Nobody's entry names what is new, unless it is new or changed itself.
    bearers = {
        model: pks - new.get(model, set())
        for model, pks in wanted.items()
        if model._meta.model_name in BEARERS
    }
    before = {model: names(model, pks) for model, pks in bearers.items()}
    counts = Counts()
    write_all(wanted, counts, new)
    # Who is called otherwise than before, or has come or gone, changes what others say of it.
    for model, pks in bearers.items():
        changed = {pk for pk, _name in before[model] ^ names(model, pks)}
        if changed:
            write_all({kind: naming(kind, model, changed) for kind in KINDS.values()}, counts)
    counts.write()


def write_all(wanted, counts, new=None):
    for model, pks in wanted.items():
        for batch in batches(pks, BATCH):
            write(model, batch, counts, new=(new or {}).get(model, ()))


def names(bearer, pks):
    """{(primary key, what the index calls it)} of those of these states, organizations or people that it has."""
    found = set()
    for batch in batches(pks):
        rows = TiedEntry.objects.filter(kind=bearer._meta.model_name, key__in=batch)
        columns = ("public_id", "title_en", "title_kk", "title_ru", "search_text")
        found.update((row[0], row[1:]) for row in rows.values_list("key", *columns))
    return found


def naming(kind, bearer, pks):
    """Primary keys of the entries of a kind that one of these states, organizations or people is an end of."""
    found = set()
    for end in kind.ends:
        if end.path != "pk" and bearer_of(kind, end) is bearer:
            for batch in batches(pks):
                entries = kind._base_manager.filter(**{f"{end.path}__in": batch})
                found.update(entries.values_list("pk", flat=True))
    return found


def rebuild(*, check=False):
    """Compares the whole index with the entries and mends it, or, with `check`, only tells; returns a Difference."""
    difference, counts = Difference(), Counts(of_ties=False)
    with together():
        strays = TiedEntry.objects.exclude(kind__in=KINDS)
        difference.wrong += strays.values_list("title_en", flat=True)
        if not check:
            strays.delete()
        for kind, model in KINDS.items():
            known = TiedEntry.objects.filter(kind=kind).values_list("key", flat=True)
            pks = {*model._base_manager.values_list("pk", flat=True), *known}
            difference.compared += len(pks)
            for batch in batches(pks, BATCH):
                difference.wrong += write(model, batch, counts, check=check)
        for what, differs in (
            (_("the numbers of words"), counts.words.settle(check=check)),
            (_("the numbers of ties"), settle(check=check)),
        ):
            if differs and not difference.wrong:
                difference.wrong.append(str(what))
        if difference.wrong and not check:
            SearchEntry.objects.gather()
            Revision.objects.bump()
    return difference


def write(model, pks, counts, *, check=False, new=()):
    """Makes the index of these entries what it should be, or only compares; returns the titles of what was wrong.

    Those of the entries that are `new` are not looked for in the index. What follows for the Counts is left to the
    caller to write.
    """
    wanted = contributions(model, pks, counts)
    stored = indexed(model, [pk for pk in pks if pk not in new])
    entries, ties, wrong = Changes(TiedEntry), Changes(Tie), []
    search = SearchChanges(model._meta.model_name, counts.words)
    for key in stored.keys() | wanted.keys():
        row, its_ties, sought = wanted.get(key, (None, [], None))
        old, old_ties, old_sought = stored.get(key, (None, [], None))
        if row and old:
            sought["entry_id"] = old.pk
        counts.ties.change(old_ties, its_ties)
        differing = [
            entries.compare(row, old),
            # The ties of an entry that goes, go with it.
            row is not None and ties.compare_all(its_ties, old_ties, old),
            search.compare(sought, old_sought),
        ]
        if any(differing):
            wrong.append(row["title_en"] if row else old.title_en)
    if not check:
        entries.write()
        for row, its_ties, sought in wanted.values():
            if "id" in row:  # An entry that is new has its key only now.
                for part in (*its_ties, sought):
                    part["entry_id"] = row["id"]
        ties.write()
        search.write()
    return wrong


def indexed(model, pks):
    """{primary key: (TiedEntry, [Tie], SearchEntry)} of those of the entries that the index has; two queries."""
    if not pks:
        return {}
    kept = TiedEntry.objects.filter(kind=model._meta.model_name, key__in=pks).select_related("search")
    return {
        row.key: (row, list(row.ties.all()), getattr(row, "search", None))
        for row in kept.prefetch_related("ties")
    }


class Changes:
    """Rows of a table that are to be added, as values by column, and those that are to be changed and removed."""

    def __init__(self, model):
        self.model = model
        self.added, self.changed, self.gone = [], [], []

    def compare(self, row, old):
        """Notes what makes `old` say what `row` does, either of which may be None; returns whether anything does."""
        if row is None:
            self.gone.append(old)
        elif old is None:
            self.added.append(row)
        else:
            differing = [name for name, value in row.items() if getattr(old, name) != value]
            for name in differing:
                setattr(old, name, row[name])
            if not differing:
                return False
            self.changed.append(old)
        return True

    def compare_all(self, ties, old, entry):
        """The same for all ties of an entry, each known by whom it is of; `entry` is that which the index has."""
        if entry is None:
            self.added += ties
            return True
        for tie in ties:
            tie["entry_id"] = entry.pk
        wanted = {tuple(tie[name] for name in BEARER_KEYS): tie for tie in ties}
        stored = {tuple(getattr(tie, name) for name in BEARER_KEYS): tie for tie in old}
        found = [self.compare(wanted.get(of), stored.get(of)) for of in wanted.keys() | stored.keys()]
        return any(found)

    def write(self):
        if self.gone:
            self.model.objects.filter(pk__in=[row.pk for row in self.gone]).delete()
        insert_new(self.model, self.added)
        if len(self.changed) > FEW:
            columns = [column.name for column in self.model._meta.concrete_fields if not column.primary_key]
            self.model.objects.bulk_update(self.changed, columns, batch_size=BATCH)
        else:
            for row in self.changed:
                row.save(force_update=True)


def contributions(model, pks, counts):
    """{primary key: (values of a TiedEntry, [values of a Tie], values of a SearchEntry)} of the public ones."""
    if len(pks) <= FEW:
        entries = titled(model).at(pks)
    else:
        # Many entries name the same few states and organizations, which need not be made anew for each.
        rows = model.objects.published().filter(pk__in=pks)
        entries = list(rows.prefetch_related(*model.title_parts))
    if not entries:
        return {}
    roles, texts = ends_of(model, entries)
    titles, places = titles_of(entries), places_of(model, [entry.pk for entry in entries])
    found = {}
    for entry in entries:
        row, ties = contribution(entry, roles[entry.pk], texts[entry.pk], titles[entry.pk], counts.focus)
        of_places = places.get(entry.pk, ())
        sought = found_by(entry, row, ties[0]["position"], texts[entry.pk], of_places)
        found[entry.pk] = (row, ties, sought)
    return found


titled = cache(Titled)


def contribution(entry, roles, texts, titles, focus):
    """The values of the rows of the index for one entry whose ends have these roles and names."""
    row = {
        "kind": entry._meta.model_name,
        "key": entry.pk,
        "public_id": entry.public_id,
        "basis": entry.basis,
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
        "search_text": "\n".join(dict.fromkeys([*map(fold, dict.fromkeys(titles.values())), *sorted(texts)])),
        **titles,
        **dates_of(entry),
    }
    when = {"kind": row["kind"], **dict.fromkeys(BEARER_KEYS), "roles": "", **bounds_of(entry)}
    when["with_focus"] = focus in roles
    ends = [
        when | {f"{kind}_id": key, "roles": " ".join(sorted({*found}))}
        for (kind, key), found in roles.items()
    ]
    return row, [when, *ends]


def titles_of(entries):
    """{primary key: {column: title}}; a change of language costs more than a title."""
    titles = {entry.pk: {} for entry in entries}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for entry in entries:
                titles[entry.pk][f"title_{language}"] = entry.headline
    return titles


def dates_of(entry):
    if isinstance(entry, Span):
        dates = {name: getattr(entry, name) for name in ("start", "end", "attested")}
        return dates | {"date": entry.not_before}
    date = getattr(entry, entry.main_date) if hasattr(entry, "main_date") else UNKNOWN
    return {"date": date, "start": UNKNOWN, "end": UNKNOWN, "attested": UNKNOWN}


def bounds_of(entry):
    """The columns of a tie that say when, as `Tie` describes them."""
    lasting = isinstance(entry, Span)
    if lasting:
        earliest, certain_from = max(entry.start_earliest, entry.not_before.earliest), entry.start_latest
        certain_until, latest = entry.end_earliest, entry.end_latest
        possible_until = latest
    else:
        date = dates_of(entry)["date"]
        earliest, certain_from, latest = date.earliest, date.latest, date.latest
        certain_until = possible_until = LATEST
    return {
        "lasting": lasting,
        "position": earliest if earliest > EARLIEST else certain_from,
        "earliest": earliest,
        "latest": latest,
        "certain_from": certain_from,
        "certain_until": certain_until,
        "possible_until": possible_until,
    }
