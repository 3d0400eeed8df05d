"""Rows for tests: published, valid, told apart by a counter; every field can be given.

    agreement(parties=[state("CHN"), organization()], signed="1994-04")
    cite(visit(date="1993"), field="date")

A row is published without a citation: what a test says of citations it adds itself, with `cite`.
"""

from functools import wraps
from itertools import count
from types import SimpleNamespace

from apps.agreements.models import Action, Agreement, AgreementLink, Party, Subject
from apps.core.bulk import insert
from apps.core.changes import tell, together
from apps.core.recording import add_links, record
from apps.events.models import Event, Participant, Project, ProjectParty
from apps.figures.models import Figure
from apps.organizations.models import Membership, Office, Organization, Succession
from apps.people.models import Person
from apps.sources.models import Passage, Source
from apps.states.models import Place, State
from apps.visits.models import Visit

_numbers = count(1)
_codes = count()
# Second letters of codes: others are in those that tests give themselves, and QAT is Qatar's.
_SECOND = "BCDEFGHIJKLMNOPRTUVWY"


def at_once(make):
    """Makes a row, what it needs and its parts in one go, as a page of the admin does."""

    @wraps(make)
    def made(*args, **fields):
        with together():
            return make(*args, **fields)

    return made


@at_once
def _saved(model, given, **defaults):
    """The row of the fields given, saved; a default that is a function is called only if it is needed."""
    wanted = {name: default for name, default in defaults.items() if name not in given}
    fields = {name: default() if callable(default) else default for name, default in wanted.items()} | given
    many = {field.name: fields.pop(field.name) for field in model._meta.many_to_many if field.name in fields}
    row = model(**fields)
    # As what is read from a file, at half the cost of `save()`: with its history, and in step with the index.
    values = insert(model, [row])
    links = {name: [linked.pk for linked in rows] for name, rows in many.items()}
    add_links(model, [SimpleNamespace(instance=row, links=links)])
    record(model, [row.pk], kind="+", reason=None, values=values)
    tell(model, {row.pk}, new=True)
    return row


def _entry(model, given, **defaults):
    number = next(_numbers)
    defaults = {"slug": f"{model._meta.model_name}-{number}", "status": "published"} | defaults
    return _saved(model, given, **defaults)


def _one_of(given, *names, default):
    """A default for the first of several fields of which a row has exactly one."""
    return {} if given.keys() & {*names} else {names[0]: default}


def state(code=None, **fields):
    """Codes run from QBA; no state has one of these."""
    number = next(_codes)
    code = code or f"Q{_SECOND[number // 26 % len(_SECOND)]}{chr(65 + number % 26)}"
    return _saved(State, fields, code=code, name_en=f"State {code}", status="published")


def place(**fields):
    number = next(_numbers)
    return _saved(Place, fields, slug=f"place-{number}", name_en=f"Place {number}", state=state)


def person(**fields):
    return _entry(Person, fields, name_en=f"Person {next(_numbers)}")


def organization(**fields):
    return _entry(Organization, fields, name_en=f"Organization {next(_numbers)}", kind="intergovernmental")


def succession(**fields):
    defaults = {"predecessor": organization, "successor": organization, "kind": "renamed"}
    return _entry(Succession, fields, **defaults)


def membership(**fields):
    member = _one_of(fields, "member_state", "member_organization", default=state)
    return _entry(Membership, fields, organization=organization, **member)


def office(**fields):
    holder = _one_of(fields, "holder_person", "holder_state", default=person)
    body = _one_of(fields, "body_state", "body_organization", default=state)
    return _entry(Office, fields, role="head_of_state", **holder, **body)


@at_once
def event(participants=(), **fields):
    """`participants` are states, organizations and people, each a participant."""
    row = _entry(Event, fields, title=f"Event {next(_numbers)}", kind="summit")
    for bearer in participants:
        participant(event=row, **{f"participant_{bearer._meta.model_name}": bearer})
    return row


def participant(**fields):
    names = ("participant_state", "participant_organization", "participant_person")
    return _saved(Participant, fields, event=event, **_one_of(fields, *names, default=state))


@at_once
def project(parties=(), **fields):
    """`parties` are states and organizations, each a participant."""
    row = _entry(Project, fields, title=f"Project {next(_numbers)}", kind="pipeline")
    for bearer in parties:
        project_party(project=row, **{f"party_{bearer._meta.model_name}": bearer})
    return row


def project_party(**fields):
    bearer = _one_of(fields, "party_state", "party_organization", default=state)
    return _saved(ProjectParty, fields, project=project, **bearer)


def visit(**fields):
    """Also `places` and `met`, as lists."""
    sender = _one_of(fields, "sent_by_state", "sent_by_organization", default=state)
    return _entry(Visit, fields, visitor=person, capacity="head_of_state", host=state, **sender)


def subject(**fields):
    number = next(_numbers)
    return _saved(Subject, fields, slug=f"subject-{number}", name_en=f"Subject {number}")


@at_once
def agreement(parties=(), **fields):
    """`parties` are states and organizations; also `subjects` and `projects`, as lists."""
    row = _entry(Agreement, fields, title=f"Agreement {next(_numbers)}", kind="treaty")
    for bound in parties:
        party(agreement=row, **{f"party_{bound._meta.model_name}": bound})
    return row


def party(**fields):
    bound = _one_of(fields, "party_state", "party_organization", default=state)
    return _saved(Party, fields, agreement=agreement, **bound)


def action(**fields):
    return _saved(Action, fields, party=party, kind="signature")


def link(**fields):
    return _saved(AgreementLink, fields, agreement=agreement, kind="amends", other=agreement)


def figure(**fields):
    whose = _one_of(fields, "of_state", "of_organization", default=state)
    defaults = {"title": f"Figure {next(_numbers)}", "measure": "length", "value": 300, "unit": "km"}
    return _entry(Figure, fields, **defaults, **whose)


def source(**fields):
    number = next(_numbers)
    return _saved(Source, fields, slug=f"source-{number}", kind="article", title=f"Source {number}")


def passage(**fields):
    number = next(_numbers)
    defaults = {"source": source, "anchor": f"passage-{number}", "position": number, "paragraph": number}
    return _saved(Passage, fields, **defaults)


def cite(entry, passage=None, **fields):
    """A citation of the entry, which supports it unless told otherwise; `passage` is a new one if not given."""
    given = fields | ({"passage": passage} if passage else {})
    return _saved(type(entry).citations.rel.related_model, given, entry=entry, passage=_passage)


_passage = passage
