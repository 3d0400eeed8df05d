from django.utils.translation import gettext_lazy as _

from apps.core.filters import Order, StrictFilterSet
from apps.core.parameters import BasisParameter, EntryParameter, SearchParameter
from apps.people.models import Person
from apps.states.filters import BY_NAME, StateParameter


class PersonParameter(EntryParameter):
    def __init__(self, field_name=None, **kwargs):
        given = {"rows": Person.objects.published, "label": _("Person"), "example": "nazarbayev-nursultan"}
        super().__init__(field_name, **(given | kwargs))


class PersonFilter(StrictFilterSet):
    q = SearchParameter()
    state = StateParameter(
        word="concerning",
        help_text=_(
            "ISO 3166-1 alpha-3 code of a state in which they held an office or which sent them on a visit."
        ),
    )
    basis = BasisParameter()

    orderings = {
        "slug": Order(_("by surname"), ("slug", "pk")),
        "-slug": Order(_("by surname, Z first"), ("-slug", "-pk")),
    } | BY_NAME
