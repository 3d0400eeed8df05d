from django.utils.translation import gettext_lazy as _

from apps.core.filters import Order, StrictFilterSet
from apps.core.parameters import (
    AsOfParameter,
    BasisParameter,
    ChoiceParameter,
    EntryParameter,
    FromParameter,
    SearchParameter,
    ToParameter,
    YearParameter,
)
from apps.organizations.models import Membership, Office, Organization, Succession
from apps.people.filters import PersonParameter
from apps.states.filters import BY_NAME, StateParameter


class OrganizationParameter(EntryParameter):
    def __init__(self, field_name=None, **kwargs):
        given = {"rows": Organization.objects.published, "label": _("Organization"), "example": "sco"}
        super().__init__(field_name, **(given | kwargs))


# A span that began and ended on days unknown may hold in any year.
IN_YEAR = {"help_text": _("Held, certainly or possibly, at some time in this year.")}
BY_SPAN = {
    "start": Order(_("earliest start first"), ("start_earliest", "pk")),
    "-start": Order(_("latest start first"), ("-start_earliest", "-pk")),
    "end": Order(_("earliest end first"), ("end_earliest", "pk")),
    "-end": Order(_("latest end first"), ("-end_earliest", "-pk")),
}


class OrganizationFilter(StrictFilterSet):
    q = SearchParameter()
    kind = ChoiceParameter(
        choices=Organization.Kind.choices,
        label=_("Kind"),
        help_text=_("What it is."),
        example="intergovernmental",
    )
    state = StateParameter(
        word="concerning",
        help_text=_(
            "ISO 3166-1 alpha-3 code of a state that belongs to it in any status, or to which it belongs."
        ),
    )
    basis = BasisParameter()

    orderings = BY_NAME | {
        "founded": Order(_("oldest first"), ("founded_earliest", "pk")),
        "-founded": Order(_("youngest first"), ("-founded_earliest", "-pk")),
    }


class SuccessionFilter(StrictFilterSet):
    organization = OrganizationParameter(
        word="concerning", help_text=_("Slug of the organization before or of the one after.")
    )
    kind = ChoiceParameter(
        choices=Succession.Kind.choices,
        label=_("Kind"),
        help_text=_("What became of it."),
        example="transformed",
    )
    basis = BasisParameter()

    orderings = {
        "date": Order(_("oldest first"), ("date_earliest", "pk")),
        "-date": Order(_("latest first"), ("-date_earliest", "-pk")),
    }


class MembershipFilter(StrictFilterSet):
    state = StateParameter("member_state", help_text=_("ISO 3166-1 alpha-3 code of the member."))
    organization = OrganizationParameter(
        "organization", help_text=_("Slug of the organization to which the member belongs.")
    )
    status = ChoiceParameter(
        "standing",
        choices=Membership.Standing.choices,
        label=_("Status"),
        help_text=_("The status in which it belongs."),
        example="observer",
    )
    year = YearParameter(**IN_YEAR)
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter()
    basis = BasisParameter()

    orderings = BY_SPAN | {
        "organization": Order(_("by organization"), ("organization__name_en", "start_earliest", "pk")),
        "-organization": Order(
            _("by organization, Z first"), ("-organization__name_en", "-start_earliest", "-pk")
        ),
    }


class OfficeFilter(StrictFilterSet):
    state = StateParameter(
        word="concerning",
        help_text=_("ISO 3166-1 alpha-3 code of the state that holds it or in which it is held."),
    )
    organization = OrganizationParameter(
        "body_organization", help_text=_("Slug of the organization in which it is held.")
    )
    person = PersonParameter("holder_person", help_text=_("Slug of the person who holds it."))
    role = ChoiceParameter(
        choices=Office.Role.choices, label=_("Role"), help_text=_("What post it is."), example="head_of_state"
    )
    year = YearParameter(**IN_YEAR)
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter()
    basis = BasisParameter()

    orderings = BY_SPAN
