from django.utils.translation import gettext_lazy as _

from apps.core.filters import BY_UPDATE, Order, StrictFilterSet
from apps.core.parameters import (
    ChoiceParameter,
    CodeParameter,
    EntryField,
    EntryParameter,
    IdentifierParameter,
    SearchParameter,
    WikidataParameter,
)
from apps.core.time_parameters import DateParameter, UpdatedSinceParameter
from apps.sources.filters import EntryFilterSet
from apps.states.models import Place, State


class StateField(EntryField):
    """A published state by its ISO code, in capitals or not."""

    def to_python(self, value, mark=None):
        return super().to_python(value.upper() if isinstance(value, str) else value, mark)


class StateParameter(EntryParameter):
    field_class = StateField

    def __init__(self, field_name=None, **kwargs):
        given = {"rows": State.objects.published, "label": _("State"), "example": "CHN"}
        super().__init__(field_name, **(given | kwargs))


class StateCodeParameter(IdentifierParameter):
    """A state by its code, typed in: beside the select of states, one more of which would only make the page long."""

    field_class = StateField

    def __init__(self, field_name=None, **kwargs):
        given = {"rows": State.objects.published, "example": "KAZ"}
        super().__init__(field_name, **(given | kwargs))


class PlaceParameter(IdentifierParameter):
    def __init__(self, field_name, **kwargs):
        given = {"rows": Place.objects.all, "label": _("Place"), "example": "astana"}
        super().__init__(field_name, **(given | kwargs))


BY_NAME = {
    "name": Order(_("by name"), ("name_en", "pk")),
    "-name": Order(_("by name, Z first"), ("-name_en", "-pk")),
}


class StateFilter(EntryFilterSet):
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
    alpha2 = CodeParameter(
        "alpha2",
        pattern="[A-Z]{2}",
        wanted=_("Give two letters, such as CN."),
        label=_("Alpha-2 code"),
        help_text=_("ISO 3166-1 alpha-2 code."),
        example="CN",
    )
    numeric = CodeParameter(
        "numeric",
        pattern="[0-9]{3}",
        wanted=_("Give three digits, such as 156."),
        label=_("Numeric code"),
        help_text=_("Code of the state in the UN's M49 standard."),
        example="156",
    )
    begin = DateParameter(
        "begin", label=_("Began"), help_text=_("When the state came to be."), example="1991-12"
    )
    ended = DateParameter(
        "ended", label=_("Ended"), help_text=_("When the state ceased to be."), example="1991"
    )
    predecessor = StateCodeParameter(
        "predecessor",
        label=_("Predecessor"),
        help_text=_("ISO 3166 code of the state before it."),
        example="SUN",
    )
    wikidata = WikidataParameter()

    orderings = (
        BY_NAME
        | {
            "code": Order(_("by code"), ("code", "pk")),
            "-code": Order(_("by code, Z first"), ("-code", "-pk")),
        }
        | BY_UPDATE
    )


class PlaceFilter(StrictFilterSet):
    q = SearchParameter(example="semi")
    state = StateParameter("state", help_text=_("ISO 3166-1 alpha-3 code of the state in which it lies."))
    updated_since = UpdatedSinceParameter()

    orderings = BY_NAME | BY_UPDATE
