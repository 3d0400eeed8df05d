from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.filters import BY_UPDATE, Order
from apps.core.parameters import ChoiceParameter, IdentifierParameter, SearchParameter
from apps.core.time_parameters import (
    AsOfParameter,
    CertaintyParameter,
    DatingParameter,
    FromParameter,
    ToParameter,
    YearParameter,
)
from apps.events.filters import EventParameter
from apps.organizations.filters import OrganizationParameter
from apps.organizations.models import Office
from apps.people.filters import PersonParameter, PersonSlugParameter
from apps.sources.filters import EntryFilterSet, PassageParameter
from apps.states.filters import PlaceParameter, StateParameter
from apps.visits.models import Visit


class Direction(models.TextChoices):
    """As seen from the state asked for."""

    IN = "in", _("to the state")
    OUT = "out", _("from the state")


class VisitParameter(IdentifierParameter):
    def __init__(self, field_name, **kwargs):
        super().__init__(field_name, rows=Visit.objects.published, label=_("Visit"), **kwargs)


class VisitFilter(EntryFilterSet):
    state = StateParameter(
        word="concerning",
        help_text=_("ISO 3166-1 alpha-3 code of the host, or of the state that sent the visitor."),
    )
    direction = ChoiceParameter(
        choices=Direction.choices,
        method="narrow_direction",
        needs="state",
        label=_("Direction"),
        help_text=_("To the state asked for (in) or from it (out)."),
        example="in",
    )
    counterpart = StateParameter(
        method="narrow_counterpart",
        needs="state",
        label=_("Other state"),
        help_text=_("ISO 3166-1 alpha-3 code of the other of two states, beside the state asked for."),
        example=settings.FOCUS_STATE,
    )
    organization = OrganizationParameter(
        "sent_by_organization", help_text=_("Slug of the organization that sent the visitor."), example="un"
    )
    person = PersonParameter(word="with_person", help_text=_("Slug of the visitor, or of somebody met."))
    visitor = PersonSlugParameter(
        "visitor", label=_("Visitor"), help_text=_("Slug of the visitor."), example="putin-vladimir"
    )
    met = PersonSlugParameter(
        "met",
        many=True,
        label=_("Met"),
        help_text=_("Slug of somebody whom the visitor met."),
        example="xi-jinping",
    )
    kind = ChoiceParameter(
        choices=Visit.Kind.choices, label=_("Kind"), help_text=_("As the source calls it."), example="state"
    )
    capacity = ChoiceParameter(
        choices=Office.Role.choices,
        label=_("Capacity"),
        help_text=_("In which it was made."),
        example="head_of_state",
    )
    place = PlaceParameter(
        "places", many=True, help_text=_("Slug of a place that was visited."), example="beijing"
    )
    event = EventParameter(
        "event",
        help_text=_("Slug of the event for which the visitor came."),
        example="2005-06-baikonur-anniversary",
    )
    year = YearParameter()
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter(
        help_text=_("What had taken place by this day, certainly or possibly (each row says which).")
    )
    certainty = CertaintyParameter()
    dating = DatingParameter()
    q = SearchParameter(
        label=_("Words in it"),
        help_text=_(
            "Part of a name of the visitor, the host or the sender, of the occasion or of what was discussed, "
            "whatever case and accents."
        ),
        example="nuclear",
    )

    passage = PassageParameter(example="bilateral-11")

    # The second is the first from its end, so that one index serves both.
    orderings = {
        "-date": Order(_("latest first"), ("-date_earliest", "pk")),
        "date": Order(_("oldest first"), ("date_earliest", "-pk")),
        **BY_UPDATE,
    }

    def narrow_direction(self, queryset, name, value):
        state = self.given("state")
        rows = queryset.to(state) if value == Direction.IN else queryset.sent_by(state)
        # All are on that side, and need not be looked for on the other as well.
        rows.branches = ()
        return rows

    def narrow_counterpart(self, queryset, name, value):
        return queryset.linking(self.given("state"), value)
