"""The world map, its numbers as a table, and what it is cited as."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from apps.core.citing import Cited
from apps.core.conditional import mark_of
from apps.core.views import Citable
from apps.core.views_day import COUNTS, titled_as_of
from apps.relations.map_numbers import ALL, MEASURES
from apps.relations.map_parts import PARTS
from apps.relations.map_picture import WorldMap
from apps.relations.map_question import BY_NUMBER, MapQuestion
from apps.relations.views import get_focus


class Choice(NamedTuple):
    """One value of a parameter, as readers call it, and the address that asks for it."""

    label: str
    query: str
    is_current: bool


class Column(NamedTuple):
    """A column of the table: its heading, the address that shades and orders by it, and in which order it stands."""

    name: str
    label: str
    query: str
    order: str


class MapView(Citable, TemplateView):
    """What ties the focal state to each other one, on a map of today. What is wrong with its address is a 400."""

    template_name = "relations/map.html"
    day_means = COUNTS
    tells_faults = True

    def get_context_data(self, **kwargs):
        question = MapQuestion(self.request.GET)
        focus = get_focus()
        context = {"question": question, "focus": focus, "day": question.given("as_of")}
        if question.is_right:
            context |= self.told(question, focus)
        return super().get_context_data(**context, **kwargs)

    def told(self, question, focus):
        measure, day = question.given("measure"), question.given("as_of")
        picture = WorldMap(focus, measure, day, question.given("region"), mark_of(self.request))
        names = [name for name in MEASURES if name in (ALL, measure) or picture.tallies.total(name)]
        data = reverse("api:map") + (f"?as_of={day}" if day else "")
        return {
            "picture": picture,
            "columns": [column(name, question) for name in names],
            "by_name": Column("name", _("State"), *turned_about(question, "name", "-name")),
            "rows": ordered(picture.tallies, measure, question.given("ordering")),
            "shaded_by": _("Shaded by"),
            "measures": choices(question, "measure", {name: one.label for name, one in MEASURES.items()}),
            "shown": _("Shown"),
            "parts": choices(
                question,
                "region",
                {None: _("the whole world")} | {code: part.label for code, part in PARTS.items()},
            ),
            "json_url": data,
            "csv_url": f"{data}{'&' if day else '?'}format=csv",
        }

    def cited(self, context):
        question, day = context["question"], context["day"]
        if not question.is_right:
            return None
        told = {"state": context["focus"], "measure": context["picture"].measure.label}
        title = _("World map of %(state)s: %(measure)s") % told
        if day:
            title = titled_as_of(title, day)
        return Cited(title, question.query().removesuffix("?"))

    def render_to_response(self, context, **kwargs):
        status = 200 if context["question"].is_right else 400
        return super().render_to_response(context, status=status, **kwargs)


def choices(question, name, labels):
    """A Choice for each value of a parameter, {value: label}."""
    return [
        Choice(label, question.query(**{name: value}), value == question.given(name))
        for value, label in labels.items()
    ]


def turned_about(question, order, opposite):
    """(the address that asks for the order, or, where it stands so, for its opposite; how it stands, as ARIA has it)"""
    now = question.given("ordering")
    standing = {order: "ascending", opposite: "descending"}.get(now, "")
    return question.query(ordering=opposite if now == order else order), standing


def column(name, question):
    """Of a measure: another one is asked for from its most; that which is shown, from its other end."""
    label = MEASURES[name].label
    if name != question.given("measure"):
        return Column(name, label, question.query(measure=name, ordering=None), "")
    query, standing = turned_about(question, BY_NUMBER, "number")
    turned = {"ascending": "descending", "descending": "ascending", "": ""}
    return Column(name, label, query, turned[standing])


def ordered(tallies, measure, ordering):
    """The Tally of each state in one of the ORDERS; where numbers are the same, by name."""
    rows = list(tallies.by_state.values())
    if ordering == "-name":
        return rows[::-1]
    if ordering == "name":
        return rows
    sign = -1 if ordering == BY_NUMBER else 1
    return sorted(rows, key=lambda tally: sign * tally.counts[measure])
