"""Keeping the counts of ties (`models.TieCount`) in step with the index of ties, in the same transaction.

What an entry adds to them is known when its ties are written, so that a change costs a row of counts for each of its
ties, and a million ties as many rows as they have different dates.
"""

from collections import Counter
from itertools import chain, permutations

from django.db import connection
from django.db.models import BooleanField, Count, F, IntegerField, Q, Value
from django.db.models.functions import Coalesce

from apps.core.bulk import add_to_counts, batches
from apps.organizations.models import Membership
from apps.relations.models import PairCount, PairYearCount, Tie, TieCount
from apps.relations.querysets import SUBJECTS
from apps.relations.stretches import Stretch, stretch
from apps.states.models import State

WHOLE, YEAR, QUARTER = TieCount.Grain
# Columns of a count, the number last, and the dates of a tie that are the last of the others.
COLUMNS = ("grain", "with_focus", "of", "kind", "roles", "lasting", "held")
DATES = {
    "first": "earliest",
    "last": "latest",
    "certain_first": "certain_from",
    "certain_last": "certain_until",
}
NAMES = (*COLUMNS, *DATES, "ties")
PAIR_NAMES = ("one", "other", "entries")
PAIR_YEAR_NAMES = ("one", "other", "first", "until", "entries")
SHARED_NAMES = ("one", "other", "organizations")
COUNTED = {TieCount: ("ties",), PairCount: ("entries", "organizations"), PairYearCount: ("entries",)}
MEMBERSHIP = Membership._meta.model_name
# Those that are kept before they are written.
MOST_KEPT = 100_000


def grains_of(of, kind, with_focus):
    """How closely such ties are counted: by quarters what is asked for day by day, all of it at once."""
    if kind in SUBJECTS:
        # The part that a state has in one of them is no tie in time.
        return () if of else (WHOLE,)
    return (WHOLE, YEAR, QUARTER) if with_focus or not of else (WHOLE, YEAR)


def counts_of(tie):
    """The keys of the counts that have the tie, given as values of its columns."""
    if tie["organization_id"] or tie["person_id"]:
        return
    of, kind, lasting = tie["state_id"] or 0, tie["kind"], tie["lasting"]
    held = lasting and tie["certain_from"] <= tie["certain_until"]
    for grain in grains_of(of, kind, tie["with_focus"]):
        told = (lasting, held) if grain else (False, False)
        dates = (stretch(tie[column], grain) for column in DATES.values())
        yield (int(grain), tie["with_focus"], of, kind, tie["roles"], *told, *dates)


def pairs_of(ties):
    """(state, another one, in which stretches of a year it possibly held) of an entry with these ties."""
    states = {tie["state_id"]: tie for tie in ties if tie["state_id"] and tie["kind"] not in SUBJECTS}
    for one, other in permutations(sorted(states), 2):
        tie = states[one]
        yield one, other, stretch(tie["earliest"], YEAR), stretch(tie["possible_until"], YEAR)


def memberships_of(ties):
    """[(state, organization)] by their keys, of the ties of one entry: one, where it is a membership of a state."""
    state = next((tie["state_id"] for tie in ties if tie["kind"] == MEMBERSHIP and tie["state_id"]), None)
    return [(state, tie["organization_id"]) for tie in ties if state and tie["organization_id"]]


def changes_of_shared(change):
    """{(focal state, other state): by how many more organizations both belong to}.

    `change` says how many memberships of a state in an organization there are more than before; all are written by now.
    """
    change = {pair: number for pair, number in change.items() if number}
    if not change:
        return Counter()
    focus, changes = State.objects.key_of_focus(), Counter()
    for organizations in batches({organization for _state, organization in change}):
        now = Counter(dict(_memberships_in(organizations, focus, change)))
        pairs = {pair for pair in change if pair[1] in organizations} | now.keys()
        for state, organization in pairs:
            theirs, ours = (state, organization), (focus, organization)
            together_now = now[theirs] > 0 and now[ours] > 0
            before = now[theirs] > change.get(theirs, 0) and now[ours] > change.get(ours, 0)
            if state != focus:
                changes[focus, state] += together_now - before
    return changes


def _memberships_in(organizations, focus, change):
    """((state, organization), number of public memberships): of all states where the focal one changed."""
    rows = Membership.objects.published().filter(organization__in=organizations, member_state__isnull=False)
    if not any(state == focus for state, _organization in change):
        rows = rows.filter(member_state__in={focus, *(state for state, _organization in change)})
    rows = rows.order_by().values_list("member_state", "organization").annotate(Count("pk"))
    return [((state, organization), number) for state, organization, number in rows]


class TieCounts:
    """How the counts change with the ties that are written; nothing of it, where they are not to be kept."""

    def __init__(self, *, is_kept=True):
        self._is_kept = is_kept
        self._ties, self._pairs, self._memberships = Counter(), Counter(), Counter()

    def change(self, old, new):
        """Of an entry: `old` are rows of the index, before they are changed, `new` values by column."""
        if not self._is_kept:
            return
        old = [vars(tie) for tie in old]
        for kept, keys in (
            (self._ties, counts_of_all),
            (self._pairs, pairs_of),
            (self._memberships, memberships_of),
        ):
            change = Counter(keys(new))
            change.subtract(keys(old))
            for key, number in change.items():
                if number:
                    kept[key] += number
        if len(self._ties) + len(self._pairs) > MOST_KEPT:
            self._write_ties()

    def write(self):
        """Once everything that was told is in the index."""
        self._write_ties()
        add(PairCount, SHARED_NAMES, changes_of_shared(self._memberships))

    def _write_ties(self):
        add(TieCount, NAMES, self._ties)
        add(PairYearCount, PAIR_YEAR_NAMES, self._pairs)
        pairs = Counter()
        for (one, other, *_years), number in self._pairs.items():
            pairs[one, other] += number
        add(PairCount, PAIR_NAMES, pairs)
        self._ties.clear()
        self._pairs.clear()


def counts_of_all(ties):
    return chain.from_iterable(map(counts_of, ties))


def add(model, names, change):
    """As `add_to_counts`; no row is left that counts nothing."""
    fewer = add_to_counts(model, names, change)
    if fewer:
        table = connection.ops.quote_name(model._meta.db_table)
        empty = " AND ".join(
            [f"{name} = %s" for name in names[:-1]] + [f"{name} = 0" for name in COUNTED[model]]
        )
        with connection.cursor() as cursor:
            # Names of a table and of columns.
            cursor.executemany(f"DELETE FROM {table} WHERE {empty}", fewer)  # nosec B608


def settle(*, check):
    """Whether the counts were not what the index of ties says; makes them so, unless it is only to `check`.

    The database counts, and what it counts never comes here.
    """
    differs = not is_shared_counted()
    with connection.cursor() as cursor:
        for model, names, (fresh, params) in _all_fresh():
            table = connection.ops.quote_name(model._meta.db_table)
            # Here and below: names of tables and of columns, and queries of this module.
            stored = f"SELECT {', '.join(names)} FROM {table} WHERE {names[-1]} <> 0"  # nosec B608
            cursor.execute(
                f"WITH fresh AS ({fresh}) SELECT EXISTS (SELECT * FROM fresh EXCEPT {stored}) "  # nosec B608
                f"OR EXISTS ({stored} EXCEPT SELECT * FROM fresh)",
                params,
            )
            differs = differs or bool(cursor.fetchone()[0])
    if differs and not check:
        recount()
    return differs


def recount():
    """Makes all counts anew."""
    with connection.cursor() as cursor:
        for model, names, (fresh, params) in _all_fresh():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"DELETE FROM {table}")  # nosec B608
            cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) {fresh}", params)  # nosec B608
    add(PairCount, SHARED_NAMES, _shared())


def are_pairs_counted():
    """Whether pairs are counted by years where they are counted at all, as in a database that is older they are not."""
    return PairYearCount.objects.exists() == PairCount.objects.filter(entries__gt=0).exists()


def is_shared_counted():
    """Whether the numbers of shared organizations are those of the memberships."""
    stored = PairCount.objects.filter(organizations__gt=0).values_list("one", "other", "organizations")
    return {(one, other): n for one, other, n in stored} == _shared()


def _shared():
    """{(focal state, other state): to how many organizations both belong}"""
    focus = State.objects.focus()
    return {(focus.pk, key): n for key, n in shared_with(focus).items()} if focus else {}


def shared_with(focus):
    """{primary key of another state: to how many organizations it and the focal state belong}, counted anew."""
    memberships = Membership.objects.published()
    ours = memberships.of_state(focus).values("organization")
    others = memberships.filter(organization__in=ours, member_state__isnull=False).exclude(member_state=focus)
    return dict(others.order_by().values_list("member_state").annotate(Count("organization", distinct=True)))


def _all_fresh():
    """(model, its columns, (SQL, parameters) of what its rows should be); of the last, by the rows of that before it"""
    yield TieCount, NAMES, _fresh()
    yield PairYearCount, PAIR_YEAR_NAMES, _fresh_pairs()
    table = connection.ops.quote_name(PairYearCount._meta.db_table)
    # The name of a table.
    yield PairCount, PAIR_NAMES, (f"SELECT one, other, SUM(entries) FROM {table} GROUP BY one, other", [])  # nosec B608


def _fresh_pairs():
    dates = {"first": Stretch("earliest", YEAR), "until": Stretch("possible_until", YEAR)}
    ties = Tie.objects.in_time().filter(state__isnull=False).order_by().annotate(**dates)
    one, params = ties.values("entry_id", "state_id", *dates).query.sql_with_params()
    table = connection.ops.quote_name(Tie._meta.db_table)
    # A query of this module, and the name of a table.
    return (
        f"SELECT a.state_id, b.state_id, a.first, a.until, COUNT(*) "  # nosec B608
        f"FROM ({one}) a JOIN {table} b ON b.entry_id = a.entry_id "
        f"WHERE b.state_id IS NOT NULL AND b.state_id <> a.state_id "
        f"GROUP BY a.state_id, b.state_id, a.first, a.until",
        list(params),
    )


def _fresh():
    """(SQL, parameters) of all counts, made of the ties; columns are in the order of a count's."""
    of_states = Tie.objects.filter(organization=None, person=None)
    in_time = of_states.exclude(kind__in=SUBJECTS)
    parts = (
        (WHOLE, of_states.filter(Q(state=None) | ~Q(kind__in=SUBJECTS))),
        (YEAR, in_time),
        (QUARTER, in_time.filter(Q(state=None) | Q(with_focus=True))),
    )
    compiled = [_counted(grain, ties).query.sql_with_params() for grain, ties in parts]
    return " UNION ALL ".join(sql for sql, _params in compiled), [
        p for _sql, found in compiled for p in found
    ]


def _counted(grain, ties):
    told = {
        "alike_lasting": F("lasting"),
        "alike_held": Q(lasting=True, certain_from__lte=F("certain_until")),
    }
    if not grain:
        told = dict.fromkeys(told, Value(False, output_field=BooleanField()))
    ties = ties.order_by().annotate(
        grain=Value(int(grain), output_field=IntegerField()),
        of=Coalesce("state_id", 0),
        **told,
        **{f"alike_{name}": Stretch(column, grain) for name, column in DATES.items()},
    )
    names = ("grain", "with_focus", "of", "kind", "roles", *told, *(f"alike_{name}" for name in DATES))
    return ties.values_list(*names).annotate(number=Count("pk"))
