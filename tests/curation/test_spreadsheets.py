"""Sheets of entries on their way into the database, and out of it."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.agreements.models import Agreement
from apps.core.models import Entry
from apps.curation.models import Pending
from apps.curation.sheet_columns import sheet_columns
from apps.curation.sheet_files import Line, Sheet, read_sheet
from apps.curation.sheet_formats import SheetCSV, SheetXLSX
from apps.curation.spreadsheets import import_sheet, resource_of
from apps.events.models import Event, Project
from apps.figures.models import Figure
from apps.organizations.models import Organization
from apps.people.models import Person
from apps.relations.models import TiedEntry
from apps.states.models import State
from apps.visits.models import Visit
from tests import factories
from tests.adminpages import reasons
from tests.sampling import sample

ONE_SENDER = "Give either the state or the organization that sent the visitor."
ODD = ["a\0b", "\ud800", "\x0b", "9" * 400, "-1", "1e5", "💩" * 400, ";", "/", "\\", "a/b/c"]
pytestmark = pytest.mark.django_db
KINDS = [model for model in apps.get_models() if issubclass(model, Entry)]


def sheet(*rows):
    """Of dicts, the columns of all of them."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return Sheet(names, [Line(n, [row.get(name, "") for name in names]) for n, row in enumerate(rows, 2)])


def preview(model, *rows, user=None):
    return import_sheet(model, sheet(*rows), user=user)


def written(model, *rows, user=None, reason="yearbook"):
    seen = preview(model, *rows, user=user)
    run = import_sheet(model, sheet(*rows), user=user, reason=reason, previewed=seen.digest)
    assert run.is_written, (run.problems, run.complaints)
    return run


def complaints(model, *rows):
    run = preview(model, *rows)
    assert run.is_refused
    return [*run.problems, *(tuple(complaint) for complaint in run.complaints)]


@pytest.fixture
@factories.at_once
def world():
    """What a visit names."""
    factories.state("KAZ"), factories.state("CHN")
    return factories.person(slug="ada"), factories.place(slug="almaty"), factories.place(slug="astana")


VISIT = {
    "slug": "ada-chn",
    "visitor": "ada",
    "capacity": "head_of_state",
    "sent_by_state": "KAZ",
    "host": "CHN",
    "date": "1993-02",
}


def test_new_row_makes_a_draft(world, admin_user):
    passage = factories.passage(source=factories.source(slug="book"), anchor="p-1")
    row = {**VISIT, "places": "almaty; astana", "cites": "book/p-1"}
    run = preview(Visit, row, user=admin_user)
    assert not run.is_refused and not run.is_written and not Visit.objects.exists()
    assert [(draft.kind, draft.key) for draft in run.changing] == [("new", "ada-chn")]
    written(Visit, row, user=admin_user)
    visit = Visit.objects.get()
    assert (visit.status, str(visit.date), visit.visitor) == ("draft", "1993-02", world[0])
    assert {place.slug for place in visit.places.all()} == {"almaty", "astana"}
    citation = visit.citations.get()
    assert (citation.passage, citation.field, citation.stance) == (passage, "", "supports")
    assert visit.created_by == visit.updated_by == admin_user
    assert set(reasons(visit)) == set(reasons(citation)) == {("admin", "yearbook")}


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_row_of_what_was_never_public_changes_what_it_names(status, world, admin_user):
    visit = factories.visit(slug="ada-chn", status=status, occasion="talks", note="a\r\nb", date="1993")
    visit.places.set(world[1:])
    factories.cite(visit, field="date")
    factories.passage(source=factories.source(slug="book"), anchor="p-1")
    row = {
        "slug": "ada-chn",
        "occasion": "",
        "note": "a\nb",
        "places": "astana",
        "date": "1993",
        "cites": "book/p-1",
    }
    run = written(Visit, row, user=admin_user)
    assert run.changing[0].changes == {
        "occasion": ("talks", ""),
        "places": ("almaty;astana", "astana"),
        "cites": ("", "book/p-1"),
    }
    visit.refresh_from_db()
    assert (visit.occasion, visit.status, visit.updated_by, visit.created_by) == (
        "",
        status,
        admin_user,
        None,
    )
    assert [place.slug for place in visit.places.all()] == ["astana"]
    assert visit.citations.count() == 2
    assert reasons(visit)[-1] == ("admin", "yearbook")


def test_row_that_changes_nothing_leaves_no_history(world):
    visit = factories.visit(slug="ada-chn", date="1993")
    factories.cite(visit, factories.passage(source=factories.source(slug="book"), anchor="p-1"))
    before = visit.history.count()
    run = preview(Visit, {"slug": "ada-chn", "date": "1993", "cites": "book/p-1"})
    assert (run.count("skip"), run.changing, run.is_refused) == (1, [], False)
    assert visit.history.count() == before


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_row_of_what_is_or_was_public_becomes_a_pending_revision(status, world, admin_user):
    visit = factories.visit(slug="ada-chn", occasion="a summit")
    factories.cite(visit)
    visit.status = status
    visit.save()
    row = {"slug": "ada-chn", "date": "1994", "places": "almaty"}
    written(Visit, row, user=admin_user)
    pending = Pending.objects.get()
    visit.refresh_from_db()
    assert (str(visit.date), visit.places.count()) == ("", 0)
    assert (pending.version["own"]["date"], len(pending.version["own"]["places"])) == ("1994", 1)
    assert (pending.changed_by, pending.reason) == (admin_user, "yearbook")
    (complaint,) = complaints(Visit, row | {"date": "1995"})
    assert "“ada-chn” has a pending revision" in complaint[3]


def test_preview_of_a_change_of_what_is_public_leaves_nothing(world, admin_user):
    visit = factories.visit(slug="ada-chn")
    preview(Visit, {"slug": "ada-chn", "date": "1994"}, user=admin_user)
    assert not Pending.objects.exists()
    assert visit.history.count() == 1


def test_new_row_does_not_take_an_address_that_leads_elsewhere(world):
    visit = factories.visit(slug="once")
    visit.slug = "now"
    visit.save()
    (complaint,) = complaints(Visit, {**VISIT, "slug": "once"})
    assert complaint[1] == "slug" and "public address of another entry" in complaint[3]


def test_every_mistake_is_told_at_once(world):
    first = {**VISIT, "visitor": "adam", "date": "1993-13", "cites": "book/p-1;x", "places": "almaty;almaty"}
    second = {**VISIT, "slug": "Ada", "host": "", "sent_by_state": "", "kind": "offical"}
    assert complaints(Visit, first, second, VISIT) == [
        (2, "visitor", "adam", "no person “adam”; did you mean “ada”?"),
        (2, "date", "1993-13", preview(Visit, first).complaints[1].what),
        (2, "places", "almaty;almaty", "names one row twice"),
        (2, "cites", "book/p-1;x", "no passage “book/p-1”"),
        (3, "slug", "Ada", "write it in small letters: ada"),
        (
            3,
            "sent_by_state, sent_by_organization",
            "",
            ONE_SENDER,
        ),
        (3, "host", "", "missing"),
        (
            3,
            "kind",
            "offical",
            "Value 'offical' is not a valid choice. "
            "One of: state, official, working, private, informal, multilateral, not_stated.",
        ),
        (4, "slug", "ada-chn", "row 2 is of the same entry; leave one of them"),
    ]
    assert not Visit.objects.exists()


def test_rule_of_the_table_is_told_where_it_is_broken(world):
    row = {**VISIT, "sent_by_organization": factories.organization(slug="un").slug, "basis": "inferred"}
    assert [complaint[1:] for complaint in complaints(Visit, row)] == [
        ("basis, note", "inferred", "An inferred entry needs a note that says how it was concluded."),
        (
            "sent_by_state, sent_by_organization",
            "KAZ, un",
            ONE_SENDER,
        ),
    ]


def test_what_is_wrong_with_the_sheet_as_a_whole(world):
    row = {"slug": "a", "visitors": "ada", "": "x", "date": "1993"}
    assert complaints(Visit, row) == [
        "There is no column “visitors”; did you mean “visitor”?",
        "A column has no name; name it in the first row, or delete it.",
        "The column “visitor” is missing, and entries that are new need it: row 2.",
        "The column “capacity” is missing, and entries that are new need it: row 2.",
        "The column “host” is missing, and entries that are new need it: row 2.",
        preview(Visit, row).complaints[0],
    ]
    assert complaints(Visit, {"date": "1993"})[0].startswith("The column “slug” is missing")
    assert import_sheet(Visit, Sheet(["slug"]), user=None).problems == [
        "There are no rows below the names of the columns."
    ]
    twice = import_sheet(Visit, Sheet(["slug", "date", "date"], [Line(2, ["a", "", ""])]), user=None)
    assert twice.problems[0] == "The column “date” is there twice."
    assert "There is no column “status”" in complaints(Visit, {"slug": "a", "status": "published"})[0]


def test_odd_cells_and_rows_are_told(world):
    found = read_sheet("a.csv", b"slug,date,note\na,=A1,x,y\n")
    run = import_sheet(Visit, found, user=None)
    told = {complaint.columns: complaint.what for complaint in run.complaints}
    assert told["date"].startswith("a formula") and told[""] == "4 cells where there are 3 columns"


def test_row_may_refer_to_one_above_it():
    rows = [{"slug": "un", "name_en": "UN", "kind": "intergovernmental"}]
    rows.append({"slug": "who", "name_en": "WHO", "kind": "intergovernmental", "parent": "un"})
    (complaint,) = complaints(Organization, *reversed(rows))
    assert complaint[3] == "no organization “un” as yet: its own row has to come before this one"
    written(Organization, *rows)
    assert Organization.objects.get(slug="who").parent.slug == "un"


def test_parts_are_added_and_those_that_are_there_stay():
    agreement = factories.agreement(slug="a", status="draft", parties=[factories.state("CHN")])
    factories.state("KAZ"), factories.organization(slug="un")
    run = written(Agreement, {"slug": "a", "parties": "KAZ;un"})
    assert run.changing[0].changes == {"parties": ("CHN", "CHN;KAZ;un")}
    assert [str(party.party.public_id) for party in agreement.parties.all()] == ["CHN", "KAZ", "un"]
    assert reasons(agreement.parties.last()) == [("None", "yearbook")]
    assert complaints(Agreement, {"slug": "a", "parties": "kaz"})[0][3].startswith(
        "no state or organization “kaz”"
    )


def test_participants_get_the_usual_role():
    factories.person(slug="x"), factories.organization(slug="x"), factories.person(slug="y")
    row = {"slug": "e", "title": "Talks", "kind": "summit"}
    written(Event, {**row, "participants": "y"})
    assert [(part.participant_person.slug, part.role) for part in Event.objects.get().participants.all()] == [
        ("y", "participant")
    ]
    assert "the name of several" in complaints(Event, {**row, "participants": "x"})[0][3]


def test_what_was_seen_is_what_is_written(world, admin_user):
    visit = factories.visit(slug="ada-chn", status="draft", date="1990")
    row = {"slug": "ada-chn", "date": "1993"}
    seen = preview(Visit, row)
    visit.date = "1991"
    visit.save()
    run = import_sheet(Visit, sheet(row), user=admin_user, reason="r", previewed=seen.digest)
    assert not run.is_written and not run.is_refused
    assert str(Visit.objects.get().date) == "1991"
    assert not import_sheet(Visit, sheet(row), user=admin_user, previewed=run.digest).is_written


def test_one_bad_row_and_nothing_is_written(world, admin_user):
    rows = [VISIT, {**VISIT, "slug": "b", "date": "x"}]
    run = import_sheet(
        Visit, sheet(*rows), user=admin_user, reason="r", previewed=preview(Visit, *rows).digest
    )
    assert not run.is_written and not Visit.objects.exists() and not Visit.history.exists()


def test_preview_leaves_nothing_behind(world):
    preview(Visit, VISIT)
    assert (Visit.objects.count(), Visit.history.count(), TiedEntry.objects.filter(kind="visit").count()) == (
        0,
        0,
        0,
    )


@pytest.mark.exhaustive
@pytest.mark.parametrize("value", ODD, ids=ascii)
def test_no_value_makes_it_fail(value):
    for model in KINDS:
        run = preview(model, dict.fromkeys(sheet_columns(model), value))
        assert run.is_refused and run.complaints, model


@pytest.mark.once
@pytest.mark.exhaustive
def test_so_many_queries_per_row_and_no_more(world):
    rows = [{**VISIT, "slug": f"v-{number}", "places": "almaty"} for number in range(21)]
    counts = []
    for count in (1, 11, 21):
        with CaptureQueriesContext(connection) as asked:
            preview(Visit, *rows[:count])
        counts.append(len(asked))
    assert counts[2] - counts[1] == counts[1] - counts[0] <= 100
    written(Visit, *rows)
    with CaptureQueriesContext(connection) as two:
        preview(Visit, *rows[:2])
    with CaptureQueriesContext(connection) as twenty:
        preview(Visit, *rows[:20])
    assert len(twenty) - len(two) <= 18 * 2


# Out, and in again


@factories.at_once
def full(model, times=1):
    """An entry with something in its less usual columns, and one that is public."""
    kinds = {
        Event: lambda **fields: factories.event([factories.state(), factories.person()], **fields),
        Project: lambda **fields: factories.project([factories.state()], **fields),
        Agreement: lambda **fields: factories.agreement(
            [factories.state()], subjects=[factories.subject()], amount=12, currency="USD", **fields
        ),
        Visit: lambda **fields: factories.visit(places=[factories.place()], date="[1992..1997]", **fields),
    }
    make = kinds.get(model, getattr(factories, model._meta.model_name))
    for status in ("draft", "published") * times:
        factories.cite(make(status=status, note="=1+1, “x”; y\nz"))


@pytest.mark.parametrize("file_format", [SheetCSV, SheetXLSX])
@pytest.mark.parametrize("model", sample(KINDS, [Visit, Agreement]), ids=lambda model: model.__name__)
def test_export_is_imported_again_without_a_change(model, file_format):
    full(model)
    exported = resource_of(model)().export(queryset=model.objects.all())
    content = file_format().export_data(exported)
    content = content.encode("utf-8-sig") if isinstance(content, str) else content
    found = read_sheet(f"a.{file_format.label.lower()}", content)
    assert found.names == list(sheet_columns(model))
    run = import_sheet(model, found, user=None)
    assert (run.problems, run.complaints) == ([], [])
    assert run.count("skip") == model.objects.count() >= 2
    assert "=1+1, “x”; y\nz" in found.lines[0].cells


@pytest.mark.once
def test_export_costs_the_same_queries_for_two_rows_and_for_twenty(django_assert_num_queries):
    for model, more in ((Visit, 18), (Event, 18)):
        full(model)
        with CaptureQueriesContext(connection) as two:
            resource_of(model)().export(queryset=model.objects.all())
        full(model, more // 2)
        with django_assert_num_queries(len(two)):
            assert len(resource_of(model)().export(queryset=model.objects.all())) == 20


def test_export_names_what_is_not_public():
    factories.visit(host=factories.state("KGZ", status="draft"), status="draft")
    assert "KGZ" in resource_of(Visit)().export(queryset=Visit.objects.all()).csv


def test_sheet_has_every_column_of_a_kind_but_its_status():
    for model in KINDS:
        names = list(sheet_columns(model))
        assert names[0] == model.public_id_field and "status" not in names and "cites" in names
    assert sheet_columns(State)["code"].is_required and not sheet_columns(Person)["cites"].is_required
    assert {"parties"} <= sheet_columns(Agreement).keys() and "parties" not in sheet_columns(Figure)
