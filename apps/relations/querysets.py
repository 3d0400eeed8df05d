"""The vocabulary of ties, and of the counts of them that are kept: whom they concern, when, and of what kind."""

from functools import reduce
from operator import or_

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import ExtractYear
from django.db.models.lookups import Contains, Lookup

from apps.core.models import Entry
from apps.core.querysets import certain_if, holds_column
from apps.core.text import fold
from apps.organizations.models import Membership

# Kinds whose entries are subjects of ties, not ties in time.
SUBJECTS = ("state", "organization", "person")
# In order of time; of those that begin alike, the least precise first. The second is the first from its end.
BY_TIME = ("position", "-certain_from", "pk")
LATEST_FIRST = ("-position", "certain_from", "-pk")


def time_key(tie):
    """The key by which to sort ties in the order BY_TIME."""
    return tie.position, -tie.certain_from.toordinal(), tie.pk


class YearOf(ExtractYear):
    """The year of a day. Of SQLite's dates, which are text, without the call of Python for each that Django makes."""

    def as_postgresql(self, compiler, connection):
        """An integer, which is divided as such; EXTRACT makes a numeric."""
        sql, params = self.as_sql(compiler, connection)
        return f"CAST({sql} AS integer)", params

    def as_sqlite(self, compiler, connection):
        sql, params = compiler.compile(self.lhs)
        return f"CAST(SUBSTR({sql}, 1, 4) AS INTEGER)", params


class Has(Lookup):
    """As `contains`, of a text that many rows are asked for: PostgreSQL takes half the time of a LIKE.

    As it takes it that a third of all rows has any text, it is for what goes through them anyway.
    """

    lookup_name = "has"

    def as_sql(self, compiler, connection):
        return compiler.compile(Contains(self.lhs, self.rhs))

    def as_postgresql(self, compiler, connection):
        (text, params), (part, more) = (
            self.process_lhs(compiler, connection),
            self.process_rhs(compiler, connection),
        )
        return f"STRPOS({text}, {part}) > 0", (*params, *more)


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

    # Whether they are one of each entry; and what is asked of their entries, as a condition on these.
    is_one_each, of_entries = False, Q()

    def _clone(self):
        clone = super()._clone()
        clone.is_one_each, clone.of_entries = self.is_one_each, self.of_entries
        return clone

    def in_time(self):
        """Of entries that tell what happened or held, not of the states, organizations and people themselves."""
        return self.exclude(kind__in=SUBJECTS)

    def one_each(self):
        """Each entry once."""
        rows = self.filter(state=None, organization=None, person=None)
        rows.is_one_each = True
        return rows

    def whose_entries(self, **conditions):
        """Whose entries meet these conditions."""
        return self._asked_of_entries(
            Q(**{f"entry__{name}": value for name, value in conditions.items()}), Q(**conditions)
        )

    def of_kind(self, kind):
        return self._asked_of_entries(Q(kind=kind), Q(kind=kind))

    def of_basis(self, basis):
        return self.whose_entries(basis=basis)

    def _asked_of_entries(self, condition, of_entries):
        """That meet the condition, which says the same of ties as the other of their entries."""
        rows = self.filter(condition)
        rows.of_entries = self.of_entries & of_entries
        return rows

    def told_by(self, names, *, in_order):
        """As `core.keysets.told_by`: where something is asked of entries, or their order, one of each is told by these.

        A database would begin with the ties, look up the entry of each, and sort them. Of the entries it has an index
        by the time of their change, and of what it asks of each, the tie is the last.
        """
        is_sooner = names[0].startswith("entry__") if in_order else bool(self.of_entries)
        return self._by_entry(names) if self.is_one_each and is_sooner else self

    def _by_entry(self, names):
        """The entries, each with the columns of its tie, by the names that these have for a tie."""
        entries = self.model._meta.get_field("entry").related_model.objects
        # By `id`: of these entries, `pk` is that of the tie.
        ties = self.order_by().filter(entry=OuterRef("id"))
        columns = {
            name: F(name.removeprefix("entry__"))
            if name.startswith("entry__")
            else Subquery(ties.values(name)[:1])
            for name in [*names, *holds_column(self)]
        }
        # Not by EXISTS, of which PostgreSQL would make a join, and read both tables from their beginnings.
        return entries.filter(self.of_entries).annotate(**columns).filter(pk__isnull=False)

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

        With `day`, a PartialDate, where both may have belonged then. Costs three queries at most when it is called.
        """
        ties = self.model.objects
        memberships = ties.of_memberships([first, second], where_both_belong(first, second, day))
        if second.is_focus:
            return self.filter(
                Q(state=first, with_focus=True) | Q(pk__in=Keys(memberships.values_list("pk", flat=True)))
            )
        both = ties.concerning(first).filter(entry__in=ties.of_both(first, second).values("entry"))
        # In one list, which is found first: of ties that are one OR another, a database looks at all of the table, or
        # at all of the first state.
        return self.filter(pk__in=both.values("pk").union(memberships.values("pk"), all=True))

    def of_both(self, first, second):
        """Ties of the second state, of entries that concern the first too; as an index tells by these two alone."""
        if first.is_focus:
            return self.filter(state=second, with_focus=True)
        return self.concerning(second).also_concerning(first)

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
        entries = self.model._meta.get_field("entry").related_model.objects.order_by()
        of_kinds = []
        for model in Entry.__subclasses__():
            citations = model.citations.rel.related_model.objects.of_source(source, anchor)
            found = entries.filter(kind=model._meta.model_name, key__in=citations.values("entry"))
            of_kinds.append(found.values("pk"))
        # All kinds in one list, which is found first: of each kind OR another, a database would look at every entry.
        return self.whose_entries(pk__in=of_kinds[0].union(*of_kinds[1:], all=True))

    def matching(self, text):
        """Of entries whose title, or a name of whom they tie, contains `text`, whatever the case and the accents."""
        return self.whose_entries(search_text__has=fold(text))

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


def where_both_belong(first, second, day=None):
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
