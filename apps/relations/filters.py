"""Filters of lists whose counts span several kinds of entries."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.filters import Order, StrictFilterSet
from apps.core.parameters import BasisParameter, ChoiceParameter, SearchParameter
from apps.core.spans import Holds
from apps.core.time_parameters import (
    AsOfParameter,
    CertaintyParameter,
    FromParameter,
    KeptDayParameter,
    ToParameter,
    UpdatedSinceParameter,
    YearParameter,
)
from apps.organizations.filters import OrganizationFilter, OrganizationParameter
from apps.people.filters import PersonFilter, PersonParameter
from apps.relations.counting import totals
from apps.relations.models import KINDS, PairCount, TiedEntry
from apps.relations.querysets import BY_TIME, LATEST_FIRST, SUBJECTS, where_both_belong
from apps.relations.ties import with_member_counts
from apps.sources.filters import PassageParameter, SourceParameter
from apps.states.filters import StateFilter, StateParameter


class TieCountsParameter(AsOfParameter):
    """The day as of which the page counts the ties of the states that it shows (`ties.count_ties`). Leaves none out."""

    def filter(self, queryset, value):
        return queryset


class MemberCountsParameter(AsOfParameter):
    """Counts the memberships of each organization as of the day; all of them where none is given."""

    adds_to_rows = True

    def filter(self, queryset, value):
        return with_member_counts(queryset, value or None)


class StateAsOfFilter(StateFilter):
    as_of = TieCountsParameter(help_text=_("Counts what held, or had happened, on this day."))


class OrganizationAsOfFilter(OrganizationFilter):
    as_of = MemberCountsParameter(help_text=_("Counts the memberships that held on this day."))


class PersonOnDayFilter(PersonFilter):
    as_of = KeptDayParameter()


def kind_choices():
    """The kinds that stand on a time line, as readers call them."""
    return [(kind, model._meta.verbose_name) for kind, model in KINDS.items() if kind not in SUBJECTS]


class ChangedSinceParameter(UpdatedSinceParameter):
    """Where few were changed, these are looked up first: in the order of time they may lie behind a million others."""

    few = 500
    scattered = False

    def filter(self, queryset, value):
        if value:
            changed = TiedEntry.objects.filter(updated_at__gte=value).order_by("-updated_at", "-pk")
            keys = list(changed.values_list("pk", flat=True)[: self.few + 1])
            if len(keys) <= self.few:
                return queryset.whose_entries(pk__in=keys)
            return queryset.whose_entries(updated_at__gte=value)
        return queryset


class CertainTiesParameter(CertaintyParameter):
    """What is certain stands where it begins, and that is by then: an index has it without all that is later."""

    def filter(self, queryset, value):
        rows = super().filter(queryset, value)
        day = self.parent.given("as_of")
        return rows.filter(position__lte=day.latest) if day and value == Holds.CERTAIN else rows


class TimelineFilter(StrictFilterSet):
    """Of entries in time. What the entries concern is applied by `filter_queryset`, all of it at once."""

    state = StateParameter(
        method="leave", help_text=_("ISO 3166-1 alpha-3 code of a state that they concern.")
    )
    counterpart = StateParameter(
        method="leave",
        needs="state",
        label=_("Other state"),
        help_text=_(
            "ISO 3166-1 alpha-3 code of the other of two states: what ties it to the state asked for."
        ),
        example=settings.FOCUS_STATE,
    )
    organization = OrganizationParameter(
        method="leave", help_text=_("Slug of an organization that they concern.")
    )
    person = PersonParameter(method="leave", help_text=_("Slug of a person whom they concern."))
    kind = ChoiceParameter(
        word="of_kind",
        choices=kind_choices(),
        label=_("Kind"),
        help_text=_("The kind of entry."),
        example="visit",
    )
    year = YearParameter()
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter(
        help_text=_("What held then, or had happened by then, certainly or possibly (each row says which).")
    )
    certainty = CertainTiesParameter()
    q = SearchParameter(
        word="matching",
        label=_("Names contain"),
        help_text=_("Part of the title, or of a name of whom it concerns, whatever case and accents."),
    )
    basis = BasisParameter(word="of_basis")
    source = SourceParameter()
    passage = PassageParameter()
    updated_since = ChangedSinceParameter("entry__updated_at")

    orderings = {
        "date": Order(_("oldest first"), BY_TIME),
        "-date": Order(_("latest first"), LATEST_FIRST),
        "updated": Order(_("first changed first"), ("entry__updated_at", "pk")),
        "-updated": Order(_("latest changed first"), ("-entry__updated_at", "-pk")),
    }

    @property
    def kept_number(self):
        """Of all entries, of those that concern a state, or what ties two; counted whenever an entry is written."""
        asked = self.values.keys() - {"ordering"}
        state, other = self.given("state"), self.given("counterpart")
        if other and other != state and asked == {"state", "counterpart"}:
            pair = PairCount.objects.filter(one=state.pk, other=other.pk)
            entries = sum(pair.values_list("entries", flat=True))
            return entries + len(where_both_belong(state, other))
        if asked - {"state"}:
            return None
        kinds = totals(["kind"], of=state.pk if state else 0)
        return sum(n for kind, n in kinds if kind not in SUBJECTS)

    def leave(self, queryset, name, value):
        return queryset

    def filter_queryset(self, queryset):
        state, other = self.given("state"), self.given("counterpart")
        subjects = [found for name in ("state", "organization", "person") if (found := self.given(name))]
        queryset = queryset.in_time()
        if other:
            queryset = queryset.linking(state, other, self.given("as_of"))
        elif subjects:
            queryset = queryset.concerning(subjects[0])
        else:
            queryset = queryset.one_each()
        for subject in subjects[1:]:
            queryset = queryset.also_concerning(subject)
        return super().filter_queryset(queryset)
