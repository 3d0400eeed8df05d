"""That lists can be asked for every field of what they list, or that somebody has said why not.

A field that is added fails here until it has a parameter or a reason.
"""

import pytest
from django.db import models

from apps.agreements.filters import AgreementFilter
from apps.agreements.models import Action, Agreement, AgreementLink, Party, Subject
from apps.core.fields import DerivedField
from apps.core.models import Entry
from apps.events.filters import EventFilter, ProjectFilter
from apps.events.models import Event, Participant, Project, ProjectParty
from apps.figures.filters import FigureFilter
from apps.figures.models import Figure
from apps.organizations.filters import MembershipFilter, OfficeFilter, OrganizationFilter, SuccessionFilter
from apps.organizations.models import Membership, Office, Organization, Succession
from apps.people.filters import PersonFilter
from apps.people.models import Person
from apps.relations.filters import TimelineFilter
from apps.relations.models import Tie, TiedEntry
from apps.sources.filters import SourceFilter
from apps.sources.models import Citation, Passage, Source
from apps.states.filters import PlaceFilter, StateFilter
from apps.states.models import Place, State
from apps.visits.filters import VisitFilter
from apps.visits.models import Visit
from kzforeign.api import ROUTES


class Why(str):
    """Why there is no parameter for a field."""


KEY = Why("a key of the database, which nobody outside sees")
IDENTIFIER = Why("the address of the one entry says it")
PROSE = Why("sentences: what they speak of is found by the other fields")
PUBLIC = Why("all that is shown is published")
WHO = Why("who curates is nobody's business")
ENTERED = Why("readers want changes, of which being entered is the first")
BOUNDS = Why("it narrows the bounds of the span, by which as_of, from and to go")
WHOLE = Why("the entry itself, of which it is a part")
ABOUT_PART = Why("a word to one part, to be read beside it")
NAME = ("q",)
DATES = ("year", "from", "to", "as_of", "certainty")
BOUNDED = (*DATES, "dating")

ENTRY = {
    "id": KEY,
    "slug": IDENTIFIER,
    "status": PUBLIC,
    "basis": ("basis",),
    "note": PROSE,
    "created_at": ENTERED,
    "created_by": WHO,
    "updated_at": ("updated_since", "ordering"),
    "updated_by": WHO,
    "withdrawn_at": PUBLIC,
    "withdrawn_because": PUBLIC,
    "heir": PUBLIC,
}
NAMED = {"name_en": NAME, "name_kk": NAME, "name_ru": NAME, "aliases": NAME, "search_text": NAME}
SPAN = {"start": ("start",), "end": ("end",), "attested": BOUNDS}
CITATION = {
    "id": KEY,
    "entry": WHOLE,
    "passage": ("source", "passage"),
    "field": Why("the page of the source lists its passages with what each says"),
    "stance": Why("the page of the source lists what is in conflict"),
    "claim": PROSE,
    "note": PROSE,
}

# {the list: {the model of its rows or of their parts: {field: parameters, or why there are none}}}
FIELDS = {
    StateFilter: {
        State: {name: answer for name, answer in ENTRY.items() if name != "slug"}
        | NAMED
        | {
            "code": IDENTIFIER,
            "alpha2": ("alpha2",),
            "numeric": ("numeric",),
            "kind": ("kind",),
            "region": ("region",),
            "begin": ("begin",),
            "ended": ("ended",),
            "predecessor": ("predecessor",),
            "wikidata_id": ("wikidata",),
        },
    },
    PlaceFilter: {
        Place: NAMED
        | {
            "id": KEY,
            "slug": IDENTIFIER,
            "state": ("state",),
            "note": PROSE,
            "updated_at": ("updated_since", "ordering"),
        },
    },
    PersonFilter: {Person: ENTRY | NAMED | {"wikidata_id": ("wikidata",)}},
    OrganizationFilter: {
        Organization: ENTRY
        | NAMED
        | {
            "abbreviation": NAME,
            "kind": ("kind",),
            "founded": ("founded", "ordering"),
            "dissolved": ("dissolved",),
            "seat": ("seat",),
            "state": ("state",),
            "parent": ("parent",),
            "wikidata_id": ("wikidata",),
        },
    },
    SuccessionFilter: {
        Succession: ENTRY
        | {
            "predecessor": ("predecessor", "organization", "q"),
            "successor": ("successor", "organization", "q"),
            "kind": ("kind",),
            "date": DATES,
        },
    },
    MembershipFilter: {
        Membership: ENTRY
        | SPAN
        | {
            "member_state": ("state", "counterpart", "q"),
            "member_organization": ("member", "q"),
            "organization": ("organization", "q"),
            "standing": ("status",),
            "founder": ("founder",),
        },
    },
    OfficeFilter: {
        Office: ENTRY
        | SPAN
        | {
            "holder_person": ("person", "q"),
            "holder_state": ("holder", "state", "q"),
            "role": ("role",),
            "title": ("q",),
            "search_text": ("q",),
            "body_state": ("body", "state", "q"),
            "body_organization": ("organization", "q"),
            "from_state": ("from_state", "state"),
        },
    },
    VisitFilter: {
        Visit: ENTRY
        | {
            "visitor": ("visitor", "person", "q"),
            "capacity": ("capacity",),
            "sent_by_state": ("state", "direction", "counterpart", "q"),
            "sent_by_organization": ("organization", "q"),
            "host": ("state", "direction", "counterpart", "q"),
            "places": ("place",),
            "date": BOUNDED,
            "kind": ("kind",),
            "occasion": ("q",),
            "event": ("event",),
            "met": ("met", "person"),
            "discussed": ("q",),
            "search_text": ("q",),
        },
    },
    AgreementFilter: {
        Agreement: ENTRY
        | {
            "title": ("q", "ordering"),
            "search_text": ("q",),
            "kind": ("kind",),
            "subjects": ("subject",),
            "signed": BOUNDED,
            "place": ("place",),
            "in_force": ("in_force",),
            "ended": ("ended",),
            "period": ("period",),
            "amount": ("amount_from", "amount_to"),
            "currency": ("currency",),
            "instruments": ("instruments",),
            "instruments_approximate": Why("whether a count is about right matters beside the count"),
            "concluded_during": ("visit",),
            "concluded_at": ("event",),
            "projects": ("project",),
        },
        Party: {
            "id": KEY,
            "agreement": WHOLE,
            "party_state": ("state", "counterpart"),
            "party_organization": ("organization",),
            "acting_through": ("acting_through", "organization"),
        },
        Action: {
            "id": KEY,
            "party": ("action", "state"),
            "kind": ("action",),
            "date": Why("that of the agreement says about when; each date stands on its page"),
        },
        AgreementLink: {"id": KEY, "agreement": WHOLE, "kind": ("link",), "other": ("agreement",)},
        Subject: {
            "id": KEY,
            "slug": ("subject",),
            **dict.fromkeys(("name_en", "name_kk", "name_ru"), Why("chosen by its slug")),
        },
    },
    EventFilter: {
        Event: ENTRY
        | {
            "title": ("q", "ordering"),
            "search_text": ("q",),
            "kind": ("kind",),
            "date": BOUNDED,
            "place": ("place",),
            "summary": PROSE,
        },
        Participant: {
            "id": KEY,
            "event": WHOLE,
            "participant_state": ("state", "counterpart"),
            "participant_organization": ("organization",),
            "participant_person": ("person",),
            "role": ("role",),
            "note": ABOUT_PART,
        },
    },
    ProjectFilter: {
        Project: ENTRY
        | SPAN
        | {
            "title": ("q", "ordering"),
            "search_text": ("q",),
            "kind": ("kind",),
            "place": ("place",),
            "proposed": ("proposed",),
            "stage": ("stage",),
            "stage_date": ("stage_date",),
            "summary": PROSE,
        },
        ProjectParty: {
            "id": KEY,
            "project": WHOLE,
            "party_state": ("state", "counterpart"),
            "party_organization": ("organization",),
            "role": ("role",),
            "note": ABOUT_PART,
        },
    },
    FigureFilter: {
        Figure: ENTRY
        | {
            "title": ("q", "ordering"),
            "search_text": ("q",),
            "measure": ("measure",),
            "comparison": ("comparison",),
            "value": ("value_from", "value_to"),
            "unit": ("unit",),
            "currency": ("currency",),
            "date": DATES,
            "approximate": ("approximate",),
            "target": ("target",),
            "total": ("total",),
            "according_to": Why("free words, different for nearly every figure"),
            "of_state": ("state", "counterpart", "q"),
            "of_organization": ("organization", "q"),
            "with_state": ("state", "counterpart", "q"),
            "with_organization": ("organization", "q"),
            "event": ("event",),
            "project": ("project",),
            "agreement": ("agreement",),
        },
    },
    SourceFilter: {
        Source: {
            "id": KEY,
            "slug": IDENTIFIER,
            "kind": ("kind",),
            "title": ("q", "ordering"),
            "authors": ("q", "ordering"),
            "container": ("q",),
            "publisher": ("q",),
            "search_text": ("q",),
            "date": ("year", "from", "to", "ordering"),
            "url": Why("an address is for following"),
            "archived_url": Why("an address is for following"),
            "accessed": Why("when a curator looked at it says nothing of the source"),
            "language": ("language",),
            "note": PROSE,
            "updated_at": ("updated_since", "ordering"),
        },
        Passage: {
            "id": KEY,
            "source": WHOLE,
            "research": ("research",),
            **dict.fromkeys(
                ("anchor", "position", "section", "paragraph", "page", "reason"),
                Why("the page of the source has all its passages in their order"),
            ),
        },
    },
    TimelineFilter: {
        Tie: {
            "id": KEY,
            "entry": WHOLE,
            "kind": ("kind",),
            "state": ("state", "counterpart"),
            "organization": ("organization",),
            "person": ("person",),
            "roles": Why("the roles of each kind are others; the lists of the kinds have them"),
            "with_focus": Why("it follows from whom it concerns"),
            "lasting": Why("it follows from the kind"),
            "position": ("ordering",),
            **dict.fromkeys(("earliest", "latest"), ("year", "from", "to", "as_of")),
            **dict.fromkeys(("certain_from", "certain_until", "possible_until"), ("as_of", "certainty")),
        },
        TiedEntry: {
            "id": KEY,
            "kind": ("kind",),
            "key": KEY,
            "public_id": IDENTIFIER,
            "basis": ("basis",),
            **dict.fromkeys(("title_en", "title_kk", "title_ru", "search_text"), ("q",)),
            **dict.fromkeys(("date", "start", "end"), ("year", "from", "to", "as_of")),
            "attested": BOUNDS,
            "created_at": ENTERED,
            "updated_at": ("updated_since", "ordering"),
        },
    },
}


# Parameters of which other entries have the fields.
OF_OTHERS = {PersonFilter: {"state": "their offices and visits"}}


def fields_of(model):
    """Names of the columns and links of a model that do not follow from others, and of the text to search in."""
    own = (*model._meta.concrete_fields, *model._meta.many_to_many)
    return {field.name for field in own if not isinstance(field, DerivedField) or field.name == "search_text"}


def parts_of(model):
    """The models of which rows are part of a row of this one, and go with it; parts of parts included."""
    found = set()
    for relation in model._meta.related_objects:
        part = relation.related_model
        if relation.on_delete is models.CASCADE and part is not Tie:
            found |= {part} | parts_of(part)
    return found


def test_every_list_is_here():
    lists = {viewset.filterset_class: viewset.model for viewset in ROUTES.values()} | {TimelineFilter: Tie}
    assert {filterset: next(iter(parts)) for filterset, parts in FIELDS.items()} == lists


@pytest.mark.parametrize("filterset", FIELDS)
def test_every_field_has_a_parameter_or_a_reason(filterset):
    for model, fields in FIELDS[filterset].items():
        assert set(fields) == fields_of(model), model.__name__
        for name, answer in fields.items():
            known = isinstance(answer, Why) or set(answer) <= set(filterset.base_filters)
            assert answer and known, (model.__name__, name, answer)


@pytest.mark.parametrize("filterset", FIELDS)
def test_every_part_is_here(filterset):
    model, *parts = FIELDS[filterset]
    citations = {part for part in parts_of(model) if issubclass(part, Citation)}
    assert parts_of(model) - citations <= set(parts)
    for citation in citations & {getattr(model, "citations", None) and model.citations.rel.related_model}:
        assert fields_of(citation) == set(CITATION)
        said = {name for answer in CITATION.values() if not isinstance(answer, Why) for name in answer}
        assert said <= set(filterset.base_filters)


@pytest.mark.parametrize("filterset", FIELDS)
def test_every_parameter_is_of_some_field(filterset):
    answers = [answer for fields in FIELDS[filterset].values() for answer in fields.values()]
    if issubclass(next(iter(FIELDS[filterset])), Entry) or filterset is TimelineFilter:
        answers += CITATION.values()
    if hasattr(next(iter(FIELDS[filterset])), "start"):
        answers.append(DATES)
    named = {name for answer in answers if not isinstance(answer, Why) for name in answer}
    assert set(filterset.base_filters) - named - set(OF_OTHERS.get(filterset, ())) <= {"ordering"}


@pytest.mark.parametrize("filterset", FIELDS)
def test_every_list_is_searched_and_ordered_by_its_changes(filterset):
    assert {"q", "updated_since"} <= set(filterset.base_filters)
    assert {"updated", "-updated"} <= set(filterset.orderings)
