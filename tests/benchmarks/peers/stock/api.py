"""Lists and details as the manual of Django REST framework has them: nested serializers, no query for each row."""

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet
from stock import models

NAMES = ("name_en", "name_kk", "name_ru")


def reference(of, *names):
    """A serializer of what an entry names: its identifier, its names and its address."""
    key = "code" if of is models.State else "slug"

    class Reference(serializers.ModelSerializer):
        url = serializers.HyperlinkedIdentityField(
            view_name=f"{of._meta.model_name}-detail", lookup_field=key
        )

        class Meta:
            model = of
            fields = (key, *names, "url")

    return Reference


State = reference(models.State, *NAMES)
Place = reference(models.Place, *NAMES)
Person = reference(models.Person, *NAMES)
Organization = reference(models.Organization, *NAMES)
Subject = reference(models.Subject, *NAMES)
Event = reference(models.Event, "title")
Project = reference(models.Project, "title")
Outcome = reference(models.Agreement, "title")
VisitReference = reference(models.Visit)
Source = reference(models.Source, "authors", "title")


class Passage(serializers.ModelSerializer):
    source = Source()

    class Meta:
        model = models.Passage
        fields = ("source", "anchor", "section", "paragraph", "page")


def citations(of):
    class Citation(serializers.ModelSerializer):
        passage = Passage()

        class Meta:
            model = of
            fields = ("passage", "field", "stance", "claim", "note")

    return Citation(many=True)


class Visit(serializers.ModelSerializer):
    url = serializers.HyperlinkedIdentityField(view_name="visit-detail", lookup_field="slug")
    visitor = Person()
    sent_by_state = State()
    sent_by_organization = Organization()
    host = State()
    places = Place(many=True)
    event = Event()
    met = Person(many=True)
    outcomes = Outcome(many=True)
    citations = citations(models.VisitCitation)

    class Meta:
        model = models.Visit
        exclude = ("id", "status")


class Action(serializers.ModelSerializer):
    class Meta:
        model = models.Action
        fields = ("kind", "date", "date_earliest", "date_latest")


class Party(serializers.ModelSerializer):
    party_state = State()
    party_organization = Organization()
    acting_through = Organization()
    actions = Action(many=True)

    class Meta:
        model = models.Party
        fields = ("party_state", "party_organization", "acting_through", "actions")


class Link(serializers.ModelSerializer):
    agreement = Outcome(source="other")

    class Meta:
        model = models.AgreementLink
        fields = ("kind", "agreement")


class LinkIn(serializers.ModelSerializer):
    agreement = Outcome()

    class Meta:
        model = models.AgreementLink
        fields = ("kind", "agreement")


class Agreement(serializers.ModelSerializer):
    url = serializers.HyperlinkedIdentityField(view_name="agreement-detail", lookup_field="slug")
    subjects = Subject(many=True)
    place = Place()
    parties = Party(many=True)
    links = Link(many=True)
    links_in = LinkIn(many=True)
    concluded_during = VisitReference()
    concluded_at = Event()
    projects = Project(many=True)
    citations = citations(models.AgreementCitation)

    class Meta:
        model = models.Agreement
        exclude = ("id", "status")


class Membership(serializers.ModelSerializer):
    url = serializers.HyperlinkedIdentityField(view_name="membership-detail", lookup_field="slug")
    member_state = State()
    member_organization = Organization()
    organization = Organization()
    citations = citations(models.MembershipCitation)

    class Meta:
        model = models.Membership
        exclude = ("id", "status")


def cited(of):
    return Prefetch("citations", of.objects.select_related("passage__source"))


class VisitViewSet(ReadOnlyModelViewSet):
    serializer_class = Visit
    lookup_field = "slug"
    filterset_fields = ("host__code", "kind", "capacity")
    queryset = (
        models.Visit.objects.filter(status="published")
        .select_related("visitor", "sent_by_state", "sent_by_organization", "host", "event")
        .prefetch_related("places", "met", "outcomes", cited(models.VisitCitation))
        .order_by("-date_earliest", "id")
    )


class AgreementViewSet(ReadOnlyModelViewSet):
    serializer_class = Agreement
    lookup_field = "slug"
    filterset_fields = ("kind", "parties__party_state__code")
    queryset = (
        models.Agreement.objects.filter(status="published")
        .select_related("place", "concluded_during", "concluded_at")
        .prefetch_related(
            "subjects",
            "projects",
            Prefetch(
                "parties",
                models.Party.objects.select_related(
                    "party_state", "party_organization", "acting_through"
                ).prefetch_related("actions"),
            ),
            Prefetch("links", models.AgreementLink.objects.select_related("other")),
            Prefetch("links_in", models.AgreementLink.objects.select_related("agreement")),
            cited(models.AgreementCitation),
        )
        .order_by("-signed_earliest", "id")
    )


class MembershipViewSet(ReadOnlyModelViewSet):
    serializer_class = Membership
    lookup_field = "slug"
    filterset_fields = ("member_state__code", "organization__slug", "standing")
    queryset = (
        models.Membership.objects.filter(status="published")
        .select_related("member_state", "member_organization", "organization")
        .prefetch_related(cited(models.MembershipCitation))
        .order_by("start_earliest", "id")
    )


def plain(reference):
    """A viewset for what entries name, which needs an address."""

    class PlainViewSet(ReadOnlyModelViewSet):
        serializer_class = reference
        lookup_field = reference.Meta.fields[0]
        queryset = reference.Meta.model.objects.all()

    return PlainViewSet


PLAIN = (State, Place, Person, Organization, Subject, Event, Project, Source)
