from functools import reduce
from operator import or_

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import ExtractYear

from apps.core.models import Entry
from apps.core.querysets import certain_if
from apps.core.text import fold
from apps.organizations.models import Membership

# Kinds whose entries are subjects of ties, not ties in time.
SUBJECTS = ("state", "organization", "person")
# In order of time; of those that begin alike, the least precise first. The second is the first from its end.
BY_TIME = ("position", "-certain_from", "pk")
LATEST_FIRST = ("-position", "certain_from", "-pk")


def in_time(tie):
    """The key by which to sort ties in the order BY_TIME."""
    return tie.position, -tie.certain_from.toordinal(), tie.pk


class YearOf(ExtractYear):
    """The year of a day. Of SQLite's dates, which are text, without the call of Python for each that Django makes."""

    def as_sqlite(self, compiler, connection):
        sql, params = compiler.compile(self.lhs)
        return f"CAST(SUBSTR({sql}, 1, 4) AS INTEGER)", params


class Keys(models.Expression):
    """Primary keys, some of perhaps thousands, for `__in`: Django would handle each as a parameter, again and again."""

    def __init__(self, keys):
        super().__init__(output_field=models.BigIntegerField())
        self.keys = [*map(int, keys)]

    def as_sql(self, compiler, connection):
        if not self.keys:
            raise EmptyResultSet
        return f"({', '.join(map(str, self.keys))})", ()


class TieQuerySet(models.QuerySet):
    """Ties of entries that are public. Rows of a state, an organization or a person, or one of each entry."""

    def in_time(self):
        """Of entries that tell what happened or held, not of the states, organizations and people themselves."""
        return self.exclude(kind__in=SUBJECTS)

    def one_each(self):
        """Each entry once."""
        return self.filter(state=None, organization=None, person=None)

    def concerning(self, subject):
        """Of the state, organization or person; once for each entry."""
        return self.filter(**{subject._meta.model_name: subject})

    def also_concerning(self, subject):
        """Whose entries concern the subject as well."""
        others = self.model.objects.concerning(subject)
        return self.filter(Exists(others.filter(entry=OuterRef("entry"))))

    def not_concerning(self, subject):
        others = self.model.objects.concerning(subject)
        return self.exclude(Exists(others.filter(entry=OuterRef("entry"))))

    def of_states_concerned(self):
        """The ties of all states that the entries of these ties concern."""
        return self.model.objects.filter(entry__in=self.values("entry"), state__isnull=False)

    def linking(self, first, second, day=None):
        """What ties two states: entries that concern both, and the memberships of either where both belong.

        With `day`, a PartialDate, where both may have belonged then. Costs three queries when it is called.
        """
        ties = self.model.objects
        memberships = ties.of_memberships([first, second], where_both_belong(first, second, day))
        return self.filter(
            ties.of_both(first, second) | Q(pk__in=list(memberships.values_list("pk", flat=True)))
        )

    def of_both(self, first, second):
        """The condition that a tie is one of the first state, and of an entry that concerns the second too."""
        if second.is_focus:
            return Q(state=first, with_focus=True)
        others = self.model.objects.in_time().concerning(second)
        if first.is_focus:
            return Q(state=first, entry__in=others.filter(with_focus=True).values("entry"))
        return Q(Exists(others.filter(entry=OuterRef("entry"))), state=first)

    def of_memberships(self, states, keys):
        """Of these states in the memberships of these keys."""
        kind = Membership._meta.model_name
        entries = self.model._meta.get_field("entry").related_model.objects.values_list("pk", flat=True)
        # By these, few ties are looked at; by kind and key, all that either state has.
        found = entries.filter(kind=kind, key__in=Keys(keys))
        return self.filter(state__in=states, entry__in=Keys(found))

    def between(self, first, last):
        """Possibly within the days `first` to `last`, both included."""
        return self.filter(earliest__lte=last, latest__gte=first)

    def by_years(self, *names):
        """Tuples of the columns named, the years `first` and `last` between which each may lie, and how many they are.

        The years 1 and 9999 stand for a limit that is not known. The rows are grouped by the database.
        """
        rows = self.order_by().annotate(first=YearOf("earliest"), last=YearOf("latest"))
        return rows.values_list(*names, "first", "last").annotate(Count("pk"))

    def as_of(self, first, last=None):
        """What held, or may have held, on a day (or at some time from `first` to `last`), or had happened by then.

        With `holds`, "certain" or "possible", by the rules of the entries' own QuerySets.
        """
        last = last or first
        held = Q(lasting=True, certain_from__lte=first, certain_until__gte=last)
        # What has happened counts from its last possible day on, were it in the midst of the days asked for.
        happened = Q(lasting=False, certain_from__lte=last)
        return self.filter(earliest__lte=last, possible_until__gte=first).annotate(
            holds=certain_if(held | happened)
        )

    def citing(self, source, anchor=None):
        """Of entries that cite a passage of the source, or that of the anchor."""
        cited = Q()
        for model in Entry.__subclasses__():
            citations = model.citations.rel.related_model.objects.of_source(source, anchor)
            cited |= Q(kind=model._meta.model_name, entry__key__in=citations.values("entry"))
        return self.filter(cited)

    def matching(self, text):
        """Of entries whose title, or a name of whom they tie, contains `text`, whatever the case and the accents."""
        return self.filter(entry__search_text__contains=fold(text))

    def for_list(self):
        return self.select_related("entry")

    def for_detail(self):
        """With whom else the entry of each concerns."""
        ends = self.model.objects.select_related("state", "organization", "person").order_by("pk")
        return self.for_list().prefetch_related(models.Prefetch("entry__ties", ends))


class TieCountQuerySet(models.QuerySet):
    """Counts of ties; all of one grain, where they are to be added up."""

    def in_time(self):
        return self.exclude(kind__in=SUBJECTS)

    def of_state(self, state):
        return self.filter(of=state.pk)

    def one_each(self):
        """Of all entries, each once."""
        return self.filter(of=0)

    def across(self, numbers):
        """Of ties with a day in one of these stretches."""
        return self.filter(_with_a_day_in(numbers))

    def apart_from(self, numbers):
        return self.exclude(_with_a_day_in(numbers))

    def as_of(self, first, last):
        """As of ties, where the days are told by their stretches: true of what is `apart_from` those of these days."""
        held = Q(lasting=True, certain_first__lte=first, certain_last__gte=last)
        happened = Q(lasting=False, certain_first__lte=last)
        going_on = Q(lasting=False) | Q(last__gte=first)
        return self.filter(going_on, first__lte=last).annotate(holds=certain_if(held | happened))


def _with_a_day_in(numbers):
    """Condition on counts: of ties with a day in one of these stretches."""
    days = ("first", "last", "certain_first", "certain_last")
    return reduce(or_, (Q(**{f"{name}__in": numbers}) for name in days))


def where_both_belong(first, second, day):
    """Primary keys of the memberships of two states in organizations to which both belong.

    Found here and not by the database within a larger query: where what it knows of its tables is old, PostgreSQL was
    seen to read all memberships once for each of them.
    """
    memberships = Membership.objects.published().filter(member_state__in=[first, second])
    if day:
        memberships = memberships.between(day.earliest, day.latest)
    sides = {first.pk: {}, second.pk: {}}
    for pk, state, organization in memberships.values_list("pk", "member_state", "organization"):
        sides[state].setdefault(organization, []).append(pk)
    shared = sides[first.pk].keys() & sides[second.pk].keys()
    return [pk for side in sides.values() for organization in shared for pk in side[organization]]
