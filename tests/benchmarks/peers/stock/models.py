"""The tables that lists of visits, agreements and memberships are made of; the columns that these show."""

from django.db import models


class Named(models.Model):
    name_en = models.CharField(max_length=200)
    name_kk = models.CharField(max_length=200, blank=True)
    name_ru = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name_en


class Entry(models.Model):
    slug = models.SlugField(max_length=120, unique=True)
    status = models.CharField(max_length=10)
    basis = models.CharField(max_length=8)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.slug


class State(Named):
    code = models.CharField(max_length=3, unique=True)

    class Meta:
        managed, db_table = False, "states_state"


class Place(Named):
    slug = models.SlugField(unique=True)

    class Meta:
        managed, db_table = False, "states_place"


class Person(Named):
    slug = models.SlugField(unique=True)

    class Meta:
        managed, db_table = False, "people_person"


class Organization(Named):
    slug = models.SlugField(unique=True)

    class Meta:
        managed, db_table = False, "organizations_organization"


class Titled(models.Model):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=300)

    class Meta:
        abstract = True

    def __str__(self):
        return self.title


class Event(Titled):
    class Meta:
        managed, db_table = False, "events_event"


class Project(Titled):
    class Meta:
        managed, db_table = False, "events_project"


class Source(Titled):
    authors = models.CharField(max_length=300)

    class Meta:
        managed, db_table = False, "sources_source"


class Passage(models.Model):
    source = models.ForeignKey(Source, models.PROTECT)
    anchor = models.SlugField()
    section = models.CharField(max_length=200)
    paragraph = models.PositiveIntegerField(null=True)
    page = models.CharField(max_length=20)

    class Meta:
        managed, db_table = False, "sources_passage"

    def __str__(self):
        return self.anchor


class Citation(models.Model):
    passage = models.ForeignKey(Passage, models.PROTECT)
    field = models.CharField(max_length=40)
    stance = models.CharField(max_length=11)
    claim = models.CharField(max_length=300)
    note = models.TextField()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.field} {self.stance}"


class Visit(Entry):
    visitor = models.ForeignKey(Person, models.PROTECT, related_name="visits")
    capacity = models.CharField(max_length=24)
    sent_by_state = models.ForeignKey(State, models.PROTECT, null=True, related_name="visits_out")
    sent_by_organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="visits")
    host = models.ForeignKey(State, models.PROTECT, related_name="visits_in")
    places = models.ManyToManyField(Place, db_table="visits_visit_places")
    date = models.CharField(max_length=64)
    date_earliest = models.DateField()
    date_latest = models.DateField()
    kind = models.CharField(max_length=12)
    occasion = models.CharField(max_length=300)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="visits")
    met = models.ManyToManyField(Person, db_table="visits_visit_met", related_name="meetings")
    discussed = models.CharField(max_length=300)

    class Meta:
        managed, db_table = False, "visits_visit"


class VisitCitation(Citation):
    entry = models.ForeignKey(Visit, models.CASCADE, related_name="citations")

    class Meta:
        managed, db_table = False, "visits_visitcitation"


class Subject(Named):
    slug = models.SlugField(unique=True)

    class Meta:
        managed, db_table = False, "agreements_subject"


class Agreement(Entry):
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    subjects = models.ManyToManyField(Subject, db_table="agreements_agreement_subjects")
    signed = models.CharField(max_length=64)
    signed_earliest = models.DateField()
    signed_latest = models.DateField()
    place = models.ForeignKey(Place, models.PROTECT, null=True)
    in_force = models.CharField(max_length=64)
    in_force_earliest = models.DateField()
    in_force_latest = models.DateField()
    ended = models.CharField(max_length=64)
    ended_earliest = models.DateField()
    ended_latest = models.DateField()
    period = models.CharField(max_length=64)
    period_earliest = models.DateField()
    period_latest = models.DateField()
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    instruments = models.PositiveIntegerField(null=True)
    instruments_approximate = models.BooleanField()
    concluded_during = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="outcomes")
    concluded_at = models.ForeignKey(Event, models.PROTECT, null=True, related_name="outcomes")
    projects = models.ManyToManyField(Project, db_table="agreements_agreement_projects")

    class Meta:
        managed, db_table = False, "agreements_agreement"


class AgreementCitation(Citation):
    entry = models.ForeignKey(Agreement, models.CASCADE, related_name="citations")

    class Meta:
        managed, db_table = False, "agreements_agreementcitation"


class Party(models.Model):
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    party_state = models.ForeignKey(State, models.PROTECT, null=True)
    party_organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="parties")
    acting_through = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="acted")

    class Meta:
        managed, db_table = False, "agreements_party"

    def __str__(self):
        return f"{self.party_state or self.party_organization}"


class Action(models.Model):
    party = models.ForeignKey(Party, models.CASCADE, related_name="actions")
    kind = models.CharField(max_length=24)
    date = models.CharField(max_length=64)
    date_earliest = models.DateField()
    date_latest = models.DateField()

    class Meta:
        managed, db_table = False, "agreements_action"

    def __str__(self):
        return self.kind


class AgreementLink(models.Model):
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="links")
    other = models.ForeignKey(Agreement, models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=16)

    class Meta:
        managed, db_table = False, "agreements_agreementlink"

    def __str__(self):
        return self.kind


class Membership(Entry):
    member_state = models.ForeignKey(State, models.PROTECT, null=True, related_name="memberships")
    member_organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="joined")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="members")
    standing = models.CharField(max_length=20)
    founder = models.BooleanField()
    start = models.CharField(max_length=64)
    end = models.CharField(max_length=64)
    attested = models.CharField(max_length=64)
    start_earliest = models.DateField()
    start_latest = models.DateField()
    end_earliest = models.DateField()
    end_latest = models.DateField()

    class Meta:
        managed, db_table = False, "organizations_membership"


class MembershipCitation(Citation):
    entry = models.ForeignKey(Membership, models.CASCADE, related_name="citations")

    class Meta:
        managed, db_table = False, "organizations_membershipcitation"
