from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.filters import Order, StrictFilterSet
from apps.core.parameters import (
    AsOfParameter,
    BasisParameter,
    ChoiceParameter,
    FromParameter,
    SearchParameter,
    ToParameter,
    YearParameter,
)
from apps.events.models import Event, Participant, Project
from apps.organizations.filters import BY_SPAN, IN_YEAR, OrganizationParameter
from apps.people.filters import PersonParameter
from apps.states.filters import StateParameter

BY_TITLE = {
    "title": Order(_("by title"), ("title", "pk")),
    "-title": Order(_("by title, Z first"), ("-title", "-pk")),
}


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
            "label": _("Other state"),
            "help_text": _("ISO 3166-1 alpha-3 code of another that has a part, beside the state asked for."),
            "example": settings.FOCUS_STATE,
        }
        super().__init__(**(given | kwargs))


class EventFilter(StrictFilterSet):
    q = TitleParameter(example="summit")
    state = PartStateParameter()
    counterpart = CounterpartParameter()
    organization = OrganizationParameter(
        word="with_organization", help_text=_("Slug of an organization that has a part in it.")
    )
    person = PersonParameter(word="with_person", help_text=_("Slug of a person who has a part in it."))
    role = ChoiceParameter(
        choices=Participant.Role.choices,
        word="with_role",
        label=_("Part"),
        help_text=_("A part that somebody has in it."),
        example="absent",
    )
    kind = ChoiceParameter(
        choices=Event.Kind.choices, label=_("Kind"), help_text=_("What it was."), example="summit"
    )
    year = YearParameter()
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter(
        help_text=_("What had happened by this day, certainly or possibly (each row says which).")
    )
    basis = BasisParameter()

    needs = {"counterpart": "state"}
    # The second is the first from its end, so that one index serves both.
    orderings = {
        "-date": Order(_("latest first"), ("-date_earliest", "pk")),
        "date": Order(_("oldest first"), ("date_earliest", "-pk")),
        **BY_TITLE,
    }


class ProjectFilter(StrictFilterSet):
    q = TitleParameter(example="pipeline")
    state = PartStateParameter()
    counterpart = CounterpartParameter()
    organization = OrganizationParameter(
        word="with_organization", help_text=_("Slug of an organization that has a part in it.")
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
    year = YearParameter(**IN_YEAR)
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter()
    basis = BasisParameter()

    needs = {"counterpart": "state"}
    orderings = BY_SPAN | BY_TITLE
