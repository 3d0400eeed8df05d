"""Every path by which a row may be written leaves its record in the history."""

import pytest
from django.core.management import call_command
from django.core.serializers import deserialize, serialize
from django.db import connection
from simple_history.models import HistoricalRecords

from apps.agreements.models import Party, Subject
from apps.core.connections import revision_row
from apps.core.fields import DerivedField
from apps.people.models import Person
from apps.sources.models import Citation
from apps.states.models import Place, State
from apps.visits.models import Visit, VisitCitation
from tests import factories
from tests.admin_writes import addable, other_values, writes
from tests.adminpages import submit
from tests.core.dataset_sets import change, load
from tests.core.fixture_sets import FixtureSet
from tests.core.test_models import make
from tests.history_gaps import RECORDED, gaps, snapshot, written
from tests.sampling import rare, sample

pytestmark = pytest.mark.django_db


def changed(model):
    """A row, saved, that has other values by now."""
    row = make(model)
    for name, value in other_values(model).items():
        setattr(row, name, value)
    return row


def values(model):
    """The fields of a row that is not there yet, and that the database would take."""
    row = make(model)
    row.delete()
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, DerivedField)]
    return {field.attname: getattr(row, field.attname) for field in fields if not field.primary_key}


# Each makes what it needs, and returns what writes.


def saving(model):
    return changed(model).save


def saving_what_was_read_in_part(model):
    name = next(iter(other_values(model)))
    row = model.objects.only(name).get(pk=make(model).pk)
    setattr(row, name, other_values(model)[name])
    return row.save


def creating(model):
    given = values(model)
    return lambda: model.objects.create(**given)


def getting_or_creating(model):
    given = values(model)
    return lambda: model.objects.get_or_create(**given)


def updating_or_creating(model):
    row, new = make(model), other_values(model)
    return lambda: model.objects.update_or_create(pk=row.pk, defaults=new)


def updating_or_creating_what_is_new(model):
    given = values(model)
    return lambda: model.objects.update_or_create(**given)


def bulk_creating(model):
    rows = [model(**values(model)), model(**values(model))]
    return lambda: model.objects.bulk_create(rows)


def bulk_updating(model):
    rows = [changed(model), changed(model)]
    return lambda: model.objects.bulk_update(rows, list(other_values(model)))


def updating(model):
    rows, new = model.objects.filter(pk__in=[make(model).pk, make(model).pk]), other_values(model)
    return lambda: rows.update(**new)


def deleting(model):
    return make(model).delete


def deleting_what_says_otherwise_by_now(model):
    return changed(model).delete


def deleting_many(model):
    rows = model.objects.filter(pk__in=[make(model).pk, make(model).pk])
    return rows.delete


def loading(model):
    """As `loaddata` does, without the command."""
    rows = [changed(model), model(**values(model), pk=10**6)]
    text = serialize("json", rows)
    return lambda: [row.save() for row in deserialize("json", text)]


PATHS = [
    saving,
    saving_what_was_read_in_part,
    creating,
    getting_or_creating,
    updating_or_creating,
    updating_or_creating_what_is_new,
    bulk_creating,
    bulk_updating,
    updating,
    deleting,
    deleting_what_says_otherwise_by_now,
    deleting_many,
    loading,
]
# An entry with links, one that others are linked to, parts, and what has no page of its own.
DISTINCT = [Visit, Place, Party, VisitCitation]
QUICK = [Visit, VisitCitation]
EXHAUSTIVE = [rare(model) for model in RECORDED if model not in QUICK]
# The tables of citations share one class, and each takes a third of the paths, each path a third of the tables.
CITATIONS = [model for model in RECORDED if issubclass(model, Citation) and model not in DISTINCT]


def paths_of(model):
    return PATHS[CITATIONS.index(model) % 3 :: 3] if model in CITATIONS else PATHS


def no_gaps(write, models=RECORDED):
    """Writes, and says what it wrote. The revision tells of it too, without which old answers would be served."""
    before, revision = snapshot(models), revision_row()
    write()
    after = snapshot(models)
    assert gaps(before, after) == []
    told = written(before, after)
    assert not told or raised_since(revision)
    return told


def raised_since(revision):
    return revision_row()[0] > (revision[0] if revision else 0)


def with_parts(model):
    """The model, and those of rows that refer to its own, its parts and citations among them."""
    parts = [relation.related_model for relation in model._meta.related_objects]
    # What belongs to a part, as an action to a party.
    parts += [relation.related_model for part in parts for relation in part._meta.related_objects]
    return {model, *parts} & {*RECORDED}


def kinds(told, *models):
    return [(model, kind) for model, _pk, kind in told if not models or model in models]


@pytest.mark.parametrize("model", QUICK + EXHAUSTIVE, ids=lambda model: model.__name__)
def test_history_tells_of_every_write(model):
    """Also of parts and citations that go with what they belong to."""
    for path in paths_of(model):
        told = no_gaps(path(model), with_parts(model))
        assert model in {of for of, _pk, _kind in told}, path.__name__


def test_columns_that_were_not_saved_are_not_recorded():
    row = factories.visit(note="Old.")
    row.kind, row.note = "state", "Not saved."
    assert kinds(no_gaps(lambda: row.save(update_fields=["kind"]))) == [(Visit, "~")]
    assert row.history.first().note == "Old."


def test_parts_that_go_with_their_whole_are_recorded():
    row = factories.agreement(parties=[factories.state()])
    factories.action(party=row.parties.get())
    factories.cite(row)
    told = no_gaps(row.delete)
    assert {kind for _model, kind in kinds(told)} == {"-"}
    assert {model.__name__ for model, _kind in kinds(told)} == {
        "Agreement",
        "Party",
        "Action",
        "AgreementCitation",
    }


def test_primary_key_of_a_row_stays():
    factories.subject()
    for name in ("pk", "id"):
        with pytest.raises(TypeError, match="primary key of a Subject stays"):
            Subject.objects.update(**{name: 5})


# -- Sets of what belongs to a row


def test_adding_to_a_related_set_and_taking_away_is_recorded():
    former, heir, other = factories.state(), factories.state(), factories.state()
    party, treaty = factories.party(), factories.agreement()
    paths = [
        lambda: former.successors.add(heir, other),
        lambda: former.successors.remove(heir),
        lambda: former.successors.clear(),
        lambda: former.successors.set([heir]),
        lambda: former.successors.add(other, bulk=False),
        lambda: former.successors.create(code="QZZ", name_en="Q"),
        lambda: treaty.parties.add(party),
        lambda: treaty.parties.create(party_state=former),
        lambda: treaty.parties.all().delete(),
    ]
    for path in paths:
        assert no_gaps(path)


# -- The admin


DISTINCT_PAGES = [Visit, Place]
# What each of them does with a database, those two do.
OTHER_PAGES = [
    pytest.param(model, marks=[pytest.mark.exhaustive, pytest.mark.once])
    for model in addable(RECORDED)
    if model not in DISTINCT_PAGES
]


@pytest.mark.parametrize(
    "model", sample(DISTINCT_PAGES, [Visit]) + OTHER_PAGES, ids=lambda model: model.__name__
)
def test_all_that_a_curator_does_is_recorded(model, admin_client):
    for name, write in writes(admin_client, model):
        assert no_gaps(write, with_parts(model)), f"{name} wrote nothing"


def test_last_record_of_a_form_has_the_links_that_it_set(admin_client):
    row, place, person = factories.visit(status="draft"), factories.place(), factories.person()
    for places, met in [([place], [person]), ([], [person]), ([place], [])]:
        no_gaps(lambda sent={"places": places, "met": met}: submit(admin_client, Visit, row.pk, **sent))
        record = row.history.first()
        assert [link.place_id for link in record.places.all()] == [one.pk for one in places]
        assert [link.person_id for link in record.met.all()] == [one.pk for one in met]


# -- Links


@pytest.fixture
@factories.at_once
def linked():
    """A visit with two places, and a place that it does not have."""
    places = [factories.place(), factories.place()]
    return factories.visit(places=places), places[0], factories.place()


LINKS = {
    "add": lambda row, here, there: row.places.add(there),
    "add by key": lambda row, here, there: row.places.add(there.pk),
    "create": lambda row, here, there: row.places.create(slug="new", name_en="New", state=here.state),
    "remove": lambda row, here, there: row.places.remove(here),
    "clear": lambda row, here, there: row.places.clear(),
    "set": lambda row, here, there: row.places.set([there]),
    "set after clearing": lambda row, here, there: row.places.set([there], clear=True),
    "add from the other side": lambda row, here, there: there.visits.add(row),
    "remove from the other side": lambda row, here, there: here.visits.remove(row),
    "clear from the other side": lambda row, here, there: here.visits.clear(),
    "set from the other side": lambda row, here, there: there.visits.set([row]),
    "create from the other side": lambda row, here, there: there.visits.create(
        slug="new", visitor=row.visitor, capacity="other", host=row.host, sent_by_state=row.host
    ),
    "delete what it leads to": lambda row, here, there: here.delete(),
    "delete all that it leads to": lambda row, here, there: row.places.all().delete(),
}


ONE_OF_EACH = ["add", "set", "remove", "clear from the other side", "delete what it leads to"]


@pytest.mark.parametrize("name", sample(LINKS, ONE_OF_EACH))
def test_links_are_recorded_with_the_row_that_has_them(linked, name):
    row, here, there = linked
    records = Place.history.filter(id__in=[here.pk, there.pk], history_type="~").count()
    told = no_gaps(lambda: LINKS[name](*linked))
    assert Visit in {model for model, _pk, _kind in told}
    assert Place.history.filter(id__in=[here.pk, there.pk], history_type="~").count() == records


def test_links_of_a_row_that_says_otherwise_by_now(linked):
    """It was changed by somebody else, or here and not saved: the record has what is stored."""
    row, _here, there = linked
    Visit.objects.filter(pk=row.pk).update(note="Stored.")
    row._change_reason = "seen in the archive"
    no_gaps(lambda: row.places.add(there))
    record = row.history.first()
    assert (record.note, record.history_change_reason) == ("Stored.", "seen in the archive")
    assert {link.place_id for link in record.places.all()} == {place.pk for place in row.places.all()}


def test_links_that_were_there_already_are_no_change(linked):
    row, here, there = linked
    records = row.history.count()
    row.places.add(here)
    row.places.remove(there)
    assert row.history.count() == records + 1  # Django does not look whether what it removes is there.


def test_deleted_row_is_recorded_with_the_links_that_it_had(linked):
    row, pk = linked[0], linked[0].pk
    row.delete()
    assert Visit.history.get(id=pk, history_type="-").places.count() == 2


# -- By whom and why


def test_rows_written_in_bulk_have_their_reasons_and_users(admin_user, rf):
    rows = [Person(slug=slug, name_en=slug) for slug in "abc"]
    rows[0]._change_reason, rows[1]._history_user = "a list", admin_user
    Person.objects.bulk_create(rows)
    rows[2]._change_reason = "a correction"
    Person.objects.bulk_update(rows, ["note"])
    records = Person.history.order_by("slug", "pk")
    assert [*records.values_list("slug", "history_change_reason", "history_user", "history_type")] == [
        ("a", "a list", None, "+"),
        ("a", "a list", None, "~"),
        ("b", None, admin_user.pk, "+"),
        ("b", None, admin_user.pk, "~"),
        ("c", None, None, "+"),
        ("c", "a correction", None, "~"),
    ]


def test_what_is_written_during_a_request_is_in_the_name_of_its_user(admin_user, rf, linked):
    row, here, there = linked
    HistoricalRecords.context.request = request = rf.get("/")
    request.user = admin_user
    try:
        Visit.objects.update(note="Changed.")
        there.visits.add(row)
        row.delete()
    finally:
        del HistoricalRecords.context.request
    assert [*Visit.history.values_list("history_user", flat=True)[:3]] == [admin_user.pk] * 3


# -- Commands


@pytest.fixture
def fixtures(tmp_path):
    fixtures = FixtureSet(tmp_path)
    fixtures.write()
    return fixtures


def test_seed_and_its_update_are_recorded(fixtures):
    assert kinds(no_gaps(lambda: call_command("seed", fixtures=fixtures.directory, verbosity=0)))
    fixtures.row("visits.visit").update(note="Changed.", met=[])
    fixtures.row("states.state").update(name_en="Changed")
    fixtures.write()
    told = no_gaps(lambda: call_command("seed", update=True, fixtures=fixtures.directory, verbosity=0))
    assert {*kinds(told)} == {(Visit, "~"), (State, "~")}


def test_import_is_recorded(dataset):
    assert kinds(no_gaps(lambda: load(dataset)))
    change(dataset, "visit", note="Changed.", met="")
    assert kinds(no_gaps(lambda: load(dataset))) == [(Visit, "~")]


def test_loaddata_is_recorded(fixtures):
    files = sorted(str(path) for path in fixtures.directory.glob("*.json"))
    assert kinds(no_gaps(lambda: call_command("loaddata", *files, verbosity=0)))
    records = [*Visit.history.values_list("history_type", "history_change_reason")]
    assert records == [("+", "loaddata")] * Visit.objects.count()
    Visit.objects.update(note="Changed.")
    assert (Visit, "~") in kinds(no_gaps(lambda: call_command("loaddata", *files, verbosity=0)))


def test_what_loaddata_took_is_the_fixtures_and_no_curators(fixtures):
    call_command("loaddata", *map(str, fixtures.directory.glob("*.json")), verbosity=0)
    fixtures.row("visits.visit").update(note="Changed.")
    fixtures.write()
    told = no_gaps(lambda: call_command("seed", update=True, fixtures=fixtures.directory, verbosity=0))
    assert kinds(told) == [(Visit, "~")]


def test_history_that_a_file_has_is_taken_as_it_is(tmp_path):
    """The dump of a whole database, as for moving from SQLite to PostgreSQL."""
    row = factories.visit(places=[factories.place()], met=[factories.person()])
    row.note = "Changed."
    row.save()
    dump = tmp_path / "dump.json"
    call_command("dumpdata", "--output", dump, exclude=["contenttypes", "auth"], verbosity=0)
    # Not their moments, of which JSON has no more than milliseconds.
    versions = Visit.history.order_by("pk").values("history_id", "history_type", "id", "slug", "note")
    dumped = [*versions]
    for model in RECORDED:
        model.history.all().delete()
    row.delete()
    Visit.history.all().delete()
    call_command("loaddata", str(dump), verbosity=0)
    assert [*versions.all()] == dumped
    assert Visit.history.first().places.count() == 1


# -- The check itself


def test_the_check_sees_what_is_written_behind_its_back():
    row, place = factories.visit(note="Old."), factories.place()
    gone, links = factories.subject(), Visit.places.through.objects
    quote = connection.ops.quote_name
    statements = {
        "Visit": f"UPDATE {quote(Visit._meta.db_table)} SET note = 'New.' WHERE id = {row.pk}",
        "Subject": f"DELETE FROM {quote(Subject._meta.db_table)} WHERE id = {gone.pk}",
    }
    for name, statement in statements.items():
        before, revision = snapshot(), revision_row()
        with connection.cursor() as cursor:
            cursor.execute(statement)
        (gap,) = gaps(before, snapshot())
        assert gap.startswith(f"{name} ")
        assert not raised_since(revision)
    before = snapshot()
    links.create(visit=row, place=place)
    assert gaps(before, snapshot()) == [f"Visit {row.pk}: no record of ~, only []"]


def test_the_check_sees_a_record_that_says_something_else():
    row = factories.visit(note="Old.")
    before = snapshot()
    row.note = "New."
    row.save()
    Visit.history.filter(history_type="~").update(note="Other.")
    assert gaps(before, snapshot()) == [
        f"Visit {row.pk}: the last record has not {{'note': ('New.', 'Other.')}}"
    ]
