from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.filters import BY_UPDATE, Order
from apps.core.parameters import ChoiceParameter, IdentifierParameter, SearchParameter
from apps.core.time_parameters import (
    AsOfParameter,
    CertaintyParameter,
    DateParameter,
    DatingParameter,
    FromParameter,
    ToParameter,
    YearParameter,
)
from apps.events.models import Event, Participant, Project, ProjectParty
from apps.organizations.filters import BY_SPAN, IN_YEAR, EndParameter, OrganizationParameter, StartParameter
from apps.people.filters import PersonParameter
from apps.sources.filters import EntryFilterSet
from apps.states.filters import PlaceParameter, StateParameter

BY_TITLE = {
    "title": Order(_("by title"), ("title", "pk")),
    "-title": Order(_("by title, Z first"), ("-title", "-pk")),
}


class EventParameter(IdentifierParameter):
    def __init__(self, field_name, **kwargs):
        super().__init__(field_name, rows=Event.objects.published, label=_("Event"), **kwargs)


class ProjectParameter(IdentifierParameter):
    def __init__(self, field_name, **kwargs):
        super().__init__(field_name, rows=Project.objects.published, label=_("Project"), **kwargs)


class TitleParameter(SearchParameter):
    def __init__(self, **kwargs):
        super().__init__(
            label=_("Title contains"), help_text=_("Part of the title, whatever case and accents."), **kwargs
        )


class PartStateParameter(StateParameter):
    """One of two states that have a part."""

    def __init__(self, **kwargs):
        given = {
            "word": "concerning",
            "help_text": _(
                "ISO 3166-1 alpha-3 code of a state that has a part in it, be it by staying away."
            ),
        }
        super().__init__(**(given | kwargs))


class CounterpartParameter(PartStateParameter):
    def __init__(self, **kwargs):
        given = {
            "needs": "state",
            "label": _("Other state"),
            "help_text": _("ISO 3166-1 alpha-3 code of another that has a part, beside the state asked for."),
            "example": settings.FOCUS_STATE,
        }
        super().__init__(**(given | kwargs))


class RoleParameter(ChoiceParameter):
    """A part in it: of those asked for beside it, or of anybody."""

    def __init__(self, **kwargs):
        super().__init__(label=_("Part"), **kwargs)

    def filter(self, queryset, value):
        if not value:
            return queryset
        bearers = (self.parent.given(name) for name in ("state", "organization", "person"))
        return queryset.with_role(value, [bearer for bearer in bearers if bearer])


class EventFilter(EntryFilterSet):
    q = TitleParameter(example="summit")
    state = PartStateParameter()
    counterpart = CounterpartParameter()
    organization = OrganizationParameter(
        word="with_organization", help_text=_("Slug of an organization that has a part in it.")
    )
    person = PersonParameter(word="with_person", help_text=_("Slug of a person who has a part in it."))
    role = RoleParameter(
        choices=Participant.Role.choices,
        help_text=_(
            "The part in it of the state, organization or person asked for beside it; without any, of somebody."
        ),
        example="absent",
    )
    kind = ChoiceParameter(
        choices=Event.Kind.choices, label=_("Kind"), help_text=_("What it was."), example="summit"
    )
    place = PlaceParameter("place", help_text=_("Slug of the place where it was."))
    year = YearParameter()
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter(
        help_text=_("What had happened by this day, certainly or possibly (each row says which).")
    )
    certainty = CertaintyParameter()
    dating = DatingParameter()

    # The second is the first from its end, so that one index serves both.
    orderings = {
        "-date": Order(_("latest first"), ("-date_earliest", "pk")),
        "date": Order(_("oldest first"), ("date_earliest", "-pk")),
        **BY_TITLE,
        **BY_UPDATE,
    }


class ProjectFilter(EntryFilterSet):
    q = TitleParameter(example="pipeline")
    state = PartStateParameter()
    counterpart = CounterpartParameter()
    organization = OrganizationParameter(
        word="with_organization", help_text=_("Slug of an organization that has a part in it.")
    )
    role = RoleParameter(
        choices=ProjectParty.Role.choices,
        help_text=_(
            "The part in it of the state or organization asked for beside it; without any, of somebody."
        ),
        example="investor",
    )
    kind = ChoiceParameter(
        choices=Project.Kind.choices, label=_("Kind"), help_text=_("What it is."), example="pipeline"
    )
    stage = ChoiceParameter(
        choices=Project.Stage.choices,
        label=_("State of progress"),
        help_text=_("How far it had come by the date that the source tells."),
        example="in_operation",
    )
    place = PlaceParameter("place", help_text=_("Slug of the place where it is."), example="baikonur")
    year = YearParameter(**IN_YEAR)
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter()
    certainty = CertaintyParameter(example="possible")
    proposed = DateParameter(
        "proposed", label=_("Proposed"), help_text=_("When it was first put forward."), example="2005"
    )
    start = StartParameter()
    end = EndParameter()
    stage_date = DateParameter(
        "stage_date",
        label=_("Progress as of"),
        help_text=_("The date for which the source tells the state of progress."),
        example="2009",
    )

    orderings = BY_SPAN | BY_TITLE | BY_UPDATE
