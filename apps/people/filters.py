from django.utils.translation import gettext_lazy as _

from apps.core.filters import BY_UPDATE, Order
from apps.core.parameters import EntryParameter, IdentifierParameter, SearchParameter, WikidataParameter
from apps.people.models import Person
from apps.sources.filters import EntryFilterSet
from apps.states.filters import BY_NAME, StateParameter


class PersonParameter(EntryParameter):
    def __init__(self, field_name=None, **kwargs):
        given = {"rows": Person.objects.published, "label": _("Person"), "example": "nazarbayev-nursultan"}
        super().__init__(field_name, **(given | kwargs))


class PersonSlugParameter(IdentifierParameter):
    """A person in a certain part, beside the select of people."""

    def __init__(self, field_name, **kwargs):
        super().__init__(field_name, rows=Person.objects.published, **kwargs)


class PersonFilter(EntryFilterSet):
    q = SearchParameter(example="nazar")
    state = StateParameter(
        word="concerning",
        help_text=_(
            "ISO 3166-1 alpha-3 code of a state in which they held an office or which sent them on a visit."
        ),
    )
    wikidata = WikidataParameter()

    orderings = (
        {
            "slug": Order(_("by surname"), ("slug", "pk")),
            "-slug": Order(_("by surname, Z first"), ("-slug", "-pk")),
        }
        | BY_NAME
        | BY_UPDATE
    )
