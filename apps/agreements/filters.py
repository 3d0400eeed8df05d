from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.agreements.models import Agreement, Subject
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
from apps.organizations.filters import OrganizationParameter
from apps.states.filters import StateParameter


class AgreementFilter(StrictFilterSet):
    q = SearchParameter(
        label=_("Title contains"),
        help_text=_("Part of the title, whatever case and accents."),
        example="border",
    )
    state = StateParameter(word="concerning", help_text=_("ISO 3166-1 alpha-3 code of a party."))
    counterpart = StateParameter(
        word="concerning",
        label=_("Other state"),
        help_text=_("ISO 3166-1 alpha-3 code of another party, beside the state asked for."),
        example=settings.FOCUS_STATE,
    )
    organization = OrganizationParameter(
        word="with_organization", help_text=_("Slug of a party, or of the body through which one acted.")
    )
    kind = ChoiceParameter(
        choices=Agreement.Kind.choices,
        label=_("Kind"),
        help_text=_("What its title calls it."),
        example="treaty",
    )
    subject = EntryParameter(
        "subjects",
        rows=Subject.objects.all,
        label=_("Subject"),
        help_text=_("Slug of what it is about."),
        example="borders",
    )
    year = YearParameter(help_text=_("Signed, possibly, in this year; undated ones are never left out."))
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter(help_text=_("Signed by this day, certainly or possibly (each row says which)."))
    basis = BasisParameter()

    needs = {"counterpart": "state"}
    # The second is the first from its end, so that one index serves both.
    orderings = {
        "-signed": Order(_("latest first"), ("-signed_earliest", "pk")),
        "signed": Order(_("oldest first"), ("signed_earliest", "-pk")),
        "title": Order(_("by title"), ("title", "pk")),
        "-title": Order(_("by title, Z first"), ("-title", "-pk")),
    }
