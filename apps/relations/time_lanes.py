"""Which lanes the time picture of a state, of two states, of an organization or a person has, and in which order."""

from dataclasses import replace

from django.utils.translation import gettext as _

from apps.core.asof import day_of
from apps.core.conditional import mark_of
from apps.relations.counting import Ties
from apps.relations.models import KINDS, Tie
from apps.relations.pairs import MIRRORED
from apps.relations.querysets import SUBJECTS
from apps.relations.state_ties import StateTies
from apps.relations.time_marks import LaneOf, TimePicture
from apps.relations.time_shapes import BOTH, ONE, OTHER


def lanes_of(query, *before, side=ONE):
    """A lane for each kind, in order: for all of it that has no place in those of the same kind in `before`.

    These stand before it. `query` are the parameters of the time line; `side` is whose the marks are.
    """
    wanted = [
        (("membership",), _("Memberships")),
        (("office",), _("Offices")),
        (("visit",), _("Visits")),
        (("agreement",), _("Agreements")),
        (("event", "succession"), _("Events")),
        (("project",), _("Projects")),
        (("figure",), _("Figures")),
    ]
    known = {kind for kinds, _label in wanted for kind in kinds} | {*SUBJECTS}
    # A kind that there is from now on is not forgotten.
    others = [
        ((kind,), str(model._meta.verbose_name_plural)) for kind, model in KINDS.items() if kind not in known
    ]
    lanes = []
    for kinds, label in wanted + others:
        lanes += [lane for lane in before if lane.kinds == kinds]
        lanes.append(LaneOf(kinds, label, side=side, query=(*query.items(), ("kind", kinds[0]))))
    return lanes


def of_states(state, other, request, ties=None):
    """Of what ties two states; of the same twice, of all that it takes part in.

    The StateTies of both, of no day, where they are at hand, spare that it is looked for again.
    """
    query, day = {"state": state.code}, day_of(request)
    if state == other:
        visits = visit_lanes(query, abroad=(_("Visits abroad"), ""), received=(_("Visits received"), ""))
        # Only of the focal state, whose page it is, are the numbers of the quarters kept.
        part, mark = Tie.objects.in_time().concerning(state), None
        if state.is_focus:
            part, mark = Ties.of(state, with_focus=True), mark_of(request)
        return TimePicture([state], [part], lanes_of(query, *visits), query, day, mark)
    query |= {"counterpart": other.code}
    # To whom the page belongs comes first in its address: "out" are the visits from there.
    visits = visit_lanes(query, abroad=between(state, other), received=between(other, state), own=OTHER)
    ties = ties or StateTies(state, other)
    pair = ties.in_common
    if pair.is_mirrored:
        visits = [replace(lane, role=MIRRORED[lane.role]) for lane in visits]
    shared = LaneOf(("membership",), _("Shared memberships"), query=(*query.items(), ("kind", "membership")))
    return TimePicture(
        [other, state],
        [pair.part, ties.of_memberships],
        lanes_of(query, shared, *reversed(visits), side=BOTH),
        query,
        day,
    )


def between(one, other):
    """The label of visits from one state to another, and a short one."""
    words = _("Visits, %(one)s → %(other)s")
    return words % {"one": one, "other": other}, words % {"one": one.code, "other": other.code}


def visit_lanes(query, *, abroad, received, own=ONE):
    """Visits by whoever was sent by the state that is asked for, `own` its side, and visits to it."""
    sides = {"out": own, "in": ONE if own == OTHER else OTHER}
    lanes = []
    for way, role, (label, short) in (("out", "sender", abroad), ("in", "host", received)):
        asked = (*query.items(), ("direction", way))
        lanes.append(LaneOf(("visit",), label, role, sides[way], "visit-list", asked, short))
    return lanes


def of_organization(organization, request):
    query = {"organization": organization.slug}
    ties = Tie.objects.in_time().concerning(organization)
    return TimePicture([organization], [ties], lanes_of(query), query, day_of(request))


def of_person(person, request):
    query = {"person": person.slug}
    ties = Tie.objects.in_time().concerning(person)
    met = LaneOf(
        ("visit",), _("Met during visits of others"), "met", OTHER, query=(*query.items(), ("kind", "visit"))
    )
    return TimePicture([person], [ties], lanes_of(query, met), query, day_of(request))
