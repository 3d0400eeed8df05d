from django.conf import settings
from django.db import models
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
from apps.organizations.filters import OrganizationParameter
from apps.organizations.models import Office
from apps.people.filters import PersonParameter
from apps.states.filters import StateParameter
from apps.visits.models import Visit


class Direction(models.TextChoices):
    """As seen from the state asked for."""

    IN = "in", _("to the state")
    OUT = "out", _("from the state")


class VisitFilter(StrictFilterSet):
    state = StateParameter(
        word="concerning",
        help_text=_("ISO 3166-1 alpha-3 code of the host, or of the state that sent the visitor."),
    )
    direction = ChoiceParameter(
        choices=Direction.choices,
        method="narrow_direction",
        label=_("Direction"),
        help_text=_("To the state asked for (in) or from it (out)."),
        example="in",
    )
    counterpart = StateParameter(
        method="narrow_counterpart",
        label=_("Other state"),
        help_text=_("ISO 3166-1 alpha-3 code of the other of two states, beside the state asked for."),
        example=settings.FOCUS_STATE,
    )
    organization = OrganizationParameter(
        "sent_by_organization", help_text=_("Slug of the organization that sent the visitor.")
    )
    person = PersonParameter(word="with_person", help_text=_("Slug of the visitor, or of somebody met."))
    kind = ChoiceParameter(
        choices=Visit.Kind.choices, label=_("Kind"), help_text=_("As the source calls it."), example="state"
    )
    capacity = ChoiceParameter(
        choices=Office.Role.choices,
        label=_("Capacity"),
        help_text=_("In which it was made."),
        example="head_of_state",
    )
    year = YearParameter()
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter(
        help_text=_("What had taken place by this day, certainly or possibly (each row says which).")
    )
    q = SearchParameter(
        label=_("Visitor's name contains"),
        help_text=_("Part of a name of the visitor, whatever case and accents."),
    )
    basis = BasisParameter()

    needs = {"direction": "state", "counterpart": "state"}
    # The second is the first from its end, so that one index serves both.
    orderings = {
        "-date": Order(_("latest first"), ("-date_earliest", "pk")),
        "date": Order(_("oldest first"), ("date_earliest", "-pk")),
    }

    def narrow_direction(self, queryset, name, value):
        state = self.given("state")
        return queryset.to(state) if value == Direction.IN else queryset.sent_by(state)

    def narrow_counterpart(self, queryset, name, value):
        return queryset.linking(self.given("state"), value)
