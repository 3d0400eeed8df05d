from django.utils.translation import gettext_lazy as _

from apps.core.filters import Order, StrictFilterSet
from apps.core.parameters import BasisParameter, ChoiceParameter, EntryField, EntryParameter, SearchParameter
from apps.states.models import State


class StateField(EntryField):
    """A published state by its ISO code, in capitals or not."""

    def to_python(self, value):
        return super().to_python(value.upper() if isinstance(value, str) else value)


class StateParameter(EntryParameter):
    field_class = StateField

    def __init__(self, field_name=None, **kwargs):
        given = {"rows": State.objects.published, "label": _("State"), "example": "CHN"}
        super().__init__(field_name, **(given | kwargs))


BY_NAME = {
    "name": Order(_("by name"), ("name_en", "pk")),
    "-name": Order(_("by name, Z first"), ("-name_en", "-pk")),
}


class StateFilter(StrictFilterSet):
    q = SearchParameter()
    kind = ChoiceParameter(
        choices=State.Kind.choices,
        label=_("Kind"),
        help_text=_("Sovereign, former or other."),
        example="sovereign",
    )
    region = ChoiceParameter(
        choices=State.Region.choices,
        label=_("Region"),
        help_text=_("Code of a UN M49 region."),
        example="143",
    )
    basis = BasisParameter()

    orderings = BY_NAME | {
        "code": Order(_("by code"), ("code", "pk")),
        "-code": Order(_("by code, Z first"), ("-code", "-pk")),
    }


class PlaceFilter(StrictFilterSet):
    q = SearchParameter()
    state = StateParameter("state", help_text=_("ISO 3166-1 alpha-3 code of the state in which it lies."))

    orderings = BY_NAME
