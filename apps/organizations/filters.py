from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.filters import BY_UPDATE, Order
from apps.core.parameters import (
    ChoiceParameter,
    EntryParameter,
    FlagParameter,
    IdentifierParameter,
    SearchParameter,
    WikidataParameter,
)
from apps.core.time_parameters import (
    AsOfParameter,
    CertaintyParameter,
    DateParameter,
    FromParameter,
    ToParameter,
    YearParameter,
)
from apps.organizations.models import Membership, Office, Organization, Succession
from apps.people.filters import PersonParameter
from apps.sources.filters import EntryFilterSet
from apps.states.filters import BY_NAME, PlaceParameter, StateCodeParameter, StateParameter


class OrganizationParameter(EntryParameter):
    def __init__(self, field_name=None, **kwargs):
        given = {"rows": Organization.objects.published, "label": _("Organization"), "example": "sco"}
        super().__init__(field_name, **(given | kwargs))


class OrganizationSlugParameter(IdentifierParameter):
    """An organization in a certain part, beside the select of organizations."""

    def __init__(self, field_name, **kwargs):
        super().__init__(field_name, rows=Organization.objects.published, **kwargs)


# A span that began and ended on days unknown may hold in any year.
IN_YEAR = {"help_text": _("Held, certainly or possibly, at some time in this year.")}
BY_SPAN = {
    "start": Order(_("earliest start first"), ("start_earliest", "pk")),
    "-start": Order(_("latest start first"), ("-start_earliest", "-pk")),
    "end": Order(_("earliest end first"), ("end_earliest", "pk")),
    "-end": Order(_("latest end first"), ("-end_earliest", "-pk")),
}


class StartParameter(DateParameter):
    def __init__(self):
        super().__init__("start", label=_("Began"), help_text=_("When it began."), example="2001")


class EndParameter(DateParameter):
    def __init__(self):
        super().__init__("end", label=_("Ended"), help_text=_("When it ended."), example="2005")


class OrganizationFilter(EntryFilterSet):
    q = SearchParameter(example="shanghai")
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
    seat = PlaceParameter(
        "seat", label=_("Seat"), help_text=_("Slug of the place where it has its seat."), example="almaty"
    )
    parent = OrganizationSlugParameter(
        "parent",
        label=_("Part of"),
        help_text=_("Slug of the organization of which it is part."),
        example="un",
    )
    founded = DateParameter(
        "founded", label=_("Founded"), help_text=_("When it was founded."), example="2001"
    )
    dissolved = DateParameter(
        "dissolved", label=_("Dissolved"), help_text=_("When it was dissolved."), example="2005"
    )
    wikidata = WikidataParameter()

    orderings = (
        BY_NAME
        | {
            "founded": Order(_("oldest first"), ("founded_earliest", "pk")),
            "-founded": Order(_("youngest first"), ("-founded_earliest", "-pk")),
        }
        | BY_UPDATE
    )


class SuccessionFilter(EntryFilterSet):
    q = SearchParameter(
        help_text=_(
            "Part of a name of the organization before or of the one after, whatever case and accents."
        ),
        example="shanghai",
    )
    organization = OrganizationParameter(
        word="concerning", help_text=_("Slug of the organization before or of the one after.")
    )
    predecessor = OrganizationSlugParameter(
        "predecessor",
        label=_("Predecessor"),
        help_text=_("Slug of the organization before."),
        example="shanghai-five",
    )
    successor = OrganizationSlugParameter(
        "successor", label=_("Successor"), help_text=_("Slug of the organization after."), example="sco"
    )
    kind = ChoiceParameter(
        choices=Succession.Kind.choices,
        label=_("Kind"),
        help_text=_("What became of it."),
        example="transformed",
    )
    year = YearParameter(example="2001")
    from_ = FromParameter()
    to = ToParameter(example="2001")
    as_of = AsOfParameter(
        help_text=_("What had become so by this day, certainly or possibly (each row says which).")
    )
    certainty = CertaintyParameter()

    orderings = {
        "date": Order(_("oldest first"), ("date_earliest", "pk")),
        "-date": Order(_("latest first"), ("-date_earliest", "-pk")),
    } | BY_UPDATE


class MembershipFilter(EntryFilterSet):
    q = SearchParameter(
        help_text=_("Part of a name of the member or of the organization, whatever case and accents."),
        example="shanghai",
    )
    state = StateParameter("member_state", help_text=_("ISO 3166-1 alpha-3 code of the member."))
    counterpart = StateParameter(
        method="narrow_counterpart",
        needs="state",
        label=_("Other state"),
        help_text=_(
            "ISO 3166-1 alpha-3 code of another state that belongs to the same organization, in any status, "
            "on the day asked for where there is one."
        ),
        example=settings.FOCUS_STATE,
    )
    member = OrganizationSlugParameter(
        "member_organization",
        label=_("Member organization"),
        help_text=_("Slug of an organization that is the member."),
        example="sco",
    )
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
    founder = FlagParameter(
        "founder",
        yes=_("founding members"),
        no=_("others"),
        label=_("Founders"),
        help_text=_("Founding members (yes), or others (no)."),
        example="yes",
    )
    year = YearParameter(**IN_YEAR)
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter()
    certainty = CertaintyParameter()
    start = StartParameter()
    end = EndParameter()

    orderings = (
        BY_SPAN
        | {
            "organization": Order(_("by organization"), ("organization__name_en", "start_earliest", "pk")),
            "-organization": Order(
                _("by organization, Z first"), ("-organization__name_en", "-start_earliest", "-pk")
            ),
        }
        | BY_UPDATE
    )

    def narrow_counterpart(self, queryset, name, value):
        return queryset.shared_with(value, self.given("as_of"))


class OfficeFilter(EntryFilterSet):
    q = SearchParameter(
        help_text=_(
            "Part of a name of the holder, of the state or organization, or of the post, whatever case and accents."
        ),
        example="president",
    )
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
    holder = StateCodeParameter(
        "holder_state",
        label=_("Held by the state"),
        help_text=_("ISO 3166-1 alpha-3 code of the state that holds it itself, as a chair."),
    )
    body = StateCodeParameter(
        "body_state",
        label=_("In the state"),
        help_text=_("ISO 3166-1 alpha-3 code of the state in which it is held."),
    )
    from_state = StateCodeParameter(
        "from_state",
        label=_("Official of"),
        help_text=_("ISO 3166-1 alpha-3 code of the state whose official holds a post in an organization."),
    )
    year = YearParameter(**IN_YEAR)
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter()
    certainty = CertaintyParameter()
    start = StartParameter()
    end = EndParameter()

    orderings = BY_SPAN | BY_UPDATE
