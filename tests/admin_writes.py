"""All that a curator does in the admin: rows and their parts added, changed and deleted, and many rows at once."""

from itertools import count, cycle

from django.contrib import admin

from apps.agreements.models import Action, Agreement, AgreementLink, Party, Subject
from apps.core.admin import PartAdmin
from apps.core.models import Entry
from apps.events.models import Participant, ProjectParty
from apps.sources.models import Passage
from apps.visits.models import Visit
from tests import factories
from tests.adminpages import address, errors, lines_shown, saved, shown, submit, take
from tests.core.test_models import make

# Entries with links; the steps to readers are the same code for all kinds, and are many requests.
WITH_LINKS = {Agreement, Visit}
_numbers = count(1)
_kinds = {Action: cycle(["ratification", "accession"]), AgreementLink: cycle(["replaces", "extends"])}
_PARTS = {
    Party: lambda row: factories.party(agreement=row),
    Action: lambda row: factories.action(party=row.parties.get()),
    AgreementLink: lambda row: factories.link(agreement=row),
    Participant: lambda row: factories.participant(event=row),
    ProjectParty: lambda row: factories.project_party(project=row),
}


def other_values(model):
    """Values that no row of the model has, {name of a column: value}."""
    if model in _kinds:
        return {"kind": next(_kinds[model])}
    if model is Party:
        return {"acting_through_id": factories.organization().pk}
    return {{Passage: "section", Subject: "name_kk"}.get(model, "note"): f"Changed {next(_numbers)}"}


def typed(model):
    """The same as a form has it."""
    return {name.removesuffix("_id"): value for name, value in other_values(model).items()}


def addable(models):
    return [model for model in models if not isinstance(admin.site.get_model_admin(model), PartAdmin)]


@factories.at_once
def draft(model):
    """A row with one of each of the parts that are edited on its page."""
    row = make(model, status="draft") if issubclass(model, Entry) else make(model)
    for inline in admin.site.get_model_admin(model).inlines:
        _PARTS.get(inline.model, factories.cite)(row)
    return row


def writes(client, model):
    """(name, what writes), one after the other: each needs what those before it have written."""
    row, values = draft(model), {}
    yield "change", lambda: done(submit(client, model, row.pk, change_reason="seen", **typed(model)))
    inlines = [inline.model for inline in admin.site.get_model_admin(model).inlines]
    lines = dict(zip(inlines, lines_shown(client, model, row.pk), strict=True))
    for part, (prefix, _line) in lines.items():
        new = {prefix: [typed(part)]}
        yield f"change {prefix}", lambda new=new: done(submit(client, model, row.pk, rows=new))
    # The last first: a party stays as long as it has an action.
    for prefix, _line in reversed(lines.values()):
        gone = {prefix: [{"DELETE": "on"}]}
        yield f"delete {prefix}", lambda gone=gone: done(submit(client, model, row.pk, rows=gone))
    for prefix, line in lines.values():
        new = {prefix: [line]}
        yield f"add {prefix}", lambda new=new: done(submit(client, model, row.pk, rows=new))
    values |= shown(client, model, row.pk)
    # Of an entry that is there it may be fixed, and then it is not in the form.
    values |= {row.public_id_field: row.public_id} if issubclass(model, Entry) else {}
    yield "delete", lambda: done(client.post(address(model, "delete", row.pk), {"post": "yes"}))
    yield "add", lambda: done(submit(client, model, **values))
    yield from _actions(client, model)


def _actions(client, model):
    def act(name, rows):
        data = {"action": name, "_selected_action": [row.pk for row in rows], "post": "yes"}
        done(client.post(address(model, "changelist"), data))

    rows = [draft(model), draft(model)]
    for name in admin.site.get_model_admin(model).actions or []:
        yield name, lambda name=name: act(name, rows)
    if model in WITH_LINKS:
        yield from _steps(client, *rows)
    unwanted = [draft(model), draft(model)]
    yield "delete_selected", lambda: act("delete_selected", unwanted)


def _steps(client, row, other):
    """Of what was published: a revision that is accepted, and what leads it from readers and back."""
    model, reason = type(row), "found in the archive"

    def revise():
        done(submit(client, model, row.pk, change_reason=reason, **typed(model)))
        for step in ("send", "publish"):
            take(client, row, step, comment=reason)

    yield "revise", revise
    for step in ("withdraw", "reinstate"):
        yield step, lambda step=step: take(client, row, step, comment=reason)


def done(response):
    assert saved(response), errors(response)
    return response
