"""What the address of the world map asks for."""

from django import forms

from apps.core.asof import AsOfField
from apps.core.parameters import ChoiceField
from apps.core.questions import Question
from apps.relations.map_numbers import ALL, MEASURES
from apps.relations.map_parts import PARTS

# Orders of the table: by the number of the measure shown, the most first or last, or by name.
BY_NUMBER = "-number"
ORDERS = (BY_NUMBER, "number", "name", "-name")


class MapQuestion(Question):
    """All of it is asked for by links, but the day, for which the header asks."""

    measure = ChoiceField(
        choices=[(name, measure.label) for name, measure in MEASURES.items()],
        empty_label=None,
        required=False,
        widget=forms.HiddenInput,
    )
    region = ChoiceField(
        choices=[(code, part.label) for code, part in PARTS.items()],
        required=False,
        widget=forms.HiddenInput,
    )
    as_of = AsOfField()
    ordering = ChoiceField(
        choices=[(order, order) for order in ORDERS],
        empty_label=None,
        required=False,
        widget=forms.HiddenInput,
    )

    defaults = {"measure": ALL, "ordering": BY_NUMBER}
