"""With which other states a state has anything in common."""

from functools import partial
from typing import NamedTuple

from apps.core.kept import Kept
from apps.relations.counting import entries_in_common
from apps.relations.ties import organizations_shared
from apps.states.models import State

# Of so many days they are kept, each time some 200 KB where there are 200 states.
_kept = Kept(10)


class Partner(NamedTuple):
    """Another state: how many entries it has in common with the one, and in how many organizations both belong."""

    state: State
    entries: int
    organizations: int


def partners_of(state, day=None, mark=None):
    """A Partner for each other state with which anything is in common, the most first; with `day`, as of it.

    By `mark`, those of the focal state are kept (`core.kept`), which are all other states.
    """
    return _kept.of(mark if state.is_focus else None, (state.pk, day), partial(_found, state, day))


def _found(state, day):
    shared = {key: n for key, (n, _certain) in organizations_shared(state, day).items()}
    common = entries_in_common(state, day)
    named = State.objects.only("code", *State.name_fields)
    states = named.in_bulk(common.keys() | shared.keys())
    found = [Partner(row, common[key], shared.get(key, 0)) for key, row in states.items()]
    return sorted(found, key=lambda row: (-row.entries - row.organizations, row.state.name_en))
