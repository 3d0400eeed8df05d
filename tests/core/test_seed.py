from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from apps.agreements.models import Action, Agreement
from apps.core.curated import SEED_REASON
from apps.core.fixtures import file_name, fixture_models
from apps.core.seeding import holds_data
from apps.figures.models import Figure
from apps.organizations.models import Membership
from apps.people.models import Person
from apps.sources.models import Passage
from apps.states.models import Place, State
from apps.visits.models import Visit
from tests.core.fixture_sets import SECOND, FixtureSet, entry, state
from tests.sampling import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def fixtures(tmp_path):
    return FixtureSet(tmp_path)


def seed(fixtures, **options):
    """What the command prints."""
    out = StringIO()
    fixtures.write()
    call_command("seed", fixtures=fixtures.directory, stdout=out, **options)
    return out.getvalue()


def refusal(fixtures):
    """The lines that the command ends with, having written nothing."""
    with pytest.raises(CommandError) as error:
        call_command("seed", fixtures=fixtures.directory)
    first, *lines = str(error.value).splitlines()
    assert first == "Nothing was loaded."
    assert not holds_data()
    return lines


def contents():
    return {model: list(model._base_manager.order_by("pk").values()) for model in fixture_models()}


def test_seed_loads_every_row(fixtures):
    printed = seed(fixtures)

    for label, rows in fixtures.rows.items():
        assert f"{len(rows):7} {label}\n" in printed
    assert f"{sum(map(len, fixtures.rows.values())):7} in all\n" in printed
    for model in fixture_models():
        assert model.objects.count() == len(fixtures.rows[model._meta.label_lower])
        for row in model.objects.all():
            row.full_clean()
    assert State.objects.get(code="RUS").predecessor.code == "SUN"
    visit = Visit.objects.get()
    assert [place.slug for place in visit.places.all()] == ["semey"]
    assert [person.slug for person in visit.met.all()] == ["second"]
    assert str(visit.date_latest) == "1993-02-28"
    assert [str(part) for part in visit.event.participants.all()] == [
        "State KAZ, host",
        "Pact, participant",
        "Second, speaker",
    ]
    loan = visit.event.outcomes.get()
    assert [str(part) for project in loan.projects.all() for part in project.parties.all()] == [
        "State KAZ, host",
        "Bank, lender",
    ]
    assert loan.figures.get().words == "12.5 US dollars"


def test_seed_writes_one_record_of_history_per_row(fixtures):
    seed(fixtures)

    for model in fixture_models():
        if hasattr(model, "history"):
            records = model.history.values_list("history_type", "history_change_reason", "history_user")
            assert list(records) == [("+", SEED_REASON, None)] * model.objects.count()
    record = Visit.history.get()
    assert [link.place.slug for link in record.places.all()] == ["semey"]
    assert [link.person.slug for link in record.met.all()] == ["second"]
    loan = Agreement.history.get(slug="loan-1994")
    assert [link.subject.slug for link in loan.subjects.all()] == ["borders"]
    assert [link.project.slug for link in loan.projects.all()] == ["pipeline"]


def test_seed_leaves_history_of_later_saves_on(fixtures):
    seed(fixtures)
    Person.objects.get(slug="first").save()

    assert Person.history.filter(slug="first").count() == 2


def test_seed_says_nothing_if_asked(fixtures):
    assert seed(fixtures, verbosity=0) == ""


def test_seed_twice_changes_nothing(fixtures):
    seed(fixtures)
    before = contents()

    assert "holds data already" in seed(fixtures)
    assert contents() == before


def test_seed_leaves_a_database_with_one_row_alone(fixtures):
    Place.objects.create(slug="x", name_en="X", state=State.objects.create(code="QAA", name_en="A"))

    assert "holds data already" in seed(fixtures)
    assert not Visit.objects.exists()


def test_dump_gives_the_same_files(fixtures, tmp_path_factory):
    """The set is in canonical form: sorted, defaults left out."""
    seed(fixtures)
    written = tmp_path_factory.mktemp("written")
    call_command("dump_fixtures", fixtures=written, verbosity=0)

    for model in fixture_models():
        name = file_name(model)
        assert (written / name).read_text() == (fixtures.directory / name).read_text()


def test_dump_brings_any_spelling_to_the_canonical_one(fixtures, tmp_path_factory):
    canonical = fixtures.path("agreements.agreement").read_bytes()
    fixtures.rows["agreements.agreement"].reverse()
    fixtures.row("agreements.agreement", 1).update(
        amount="12.5", signed=" 1994 ", note="", place=None, instruments=1
    )
    seed(fixtures)
    written = tmp_path_factory.mktemp("written")
    call_command("dump_fixtures", fixtures=written, verbosity=0)

    assert (written / "agreement.json").read_bytes() == canonical


def test_loaddata_takes_the_files_in_any_order(fixtures):
    files = sorted(str(path) for path in fixtures.directory.glob("*.json"))
    call_command("loaddata", *files, verbosity=0)

    loaded = contents()
    assert [len(rows) for rows in loaded.values()] == [
        len(fixtures.rows[model._meta.label_lower]) for model in fixture_models()
    ]
    bounds = Membership.objects.values_list(
        "start_earliest", "start_latest", "end_earliest", "end_latest"
    ).get()
    assert [str(day) for day in bounds] == ["1992-01-01", "1992-12-31", "2015-01-01", "9999-12-31"]
    assert str(Action.objects.values_list("date_earliest", flat=True).get()) == "1994-01-01"
    assert State.objects.get(search_text__contains="қазақстан").code == "KAZ"


# -- Bad input: nothing is loaded, and each line names file, entry and field


def change(label, place=0, **fields):
    return lambda fixtures: fixtures.row(label, place).update(fields)


def remove(label, name, place=0):
    return lambda fixtures: fixtures.row(label, place).pop(name)


def add(label, **fields):
    return lambda fixtures: fixtures.rows[label].append(fields)


BAD = {
    "no such date": (
        change("visits.visit", date="1993-02-30"),
        "visit.json: first-rus-1993: date: ",
    ),
    "no such field": (
        change("visits.visit", dat="1993"),
        "visit.json: first-rus-1993: dat: no such field; did you mean “date”?",
    ),
    "derived field": (
        change("visits.visit", date_latest="1993-01-01"),
        "visit.json: first-rus-1993: date_latest: no such field",
    ),
    "missing field": (remove("people.person", "name_en"), "person.json: first: name_en: missing"),
    "missing slug": (remove("people.person", "slug"), "person.json: entry 1: slug: missing"),
    "missing reference": (
        remove("organizations.organization", "kind"),
        "organization.json: bank: kind: missing",
    ),
    "unknown reference": (
        change("visits.visit", host=["RUZ"]),
        "visit.json: first-rus-1993: host: no state “RUZ” in state.json; did you mean ['RUS']?",
    ),
    "unknown in a list": (
        change("visits.visit", met=[["nobody"]]),
        "visit.json: first-rus-1993: met: no person “nobody” in person.json",
    ),
    "repeated in a list": (
        change("visits.visit", met=[["second"], ["second"]]),
        "visit.json: first-rus-1993: met: names one row twice",
    ),
    "reference as text": (
        change("visits.visit", host="RUS"),
        'visit.json: first-rus-1993: host: "RUS" in the place of the natural key of a state, ["..."]',
    ),
    "list for a text": (
        change("visits.visit", occasion=["a"]),
        'visit.json: first-rus-1993: occasion: ["a"] in the place of text in quotes',
    ),
    "null for a text": (
        change("visits.visit", occasion=None),
        "visit.json: first-rus-1993: occasion: null in the place of text in quotes",
    ),
    "text for a number": (
        change("sources.passage", position="1"),
        'passage.json: p-1: position: "1" in the place of a whole number, without quotes',
    ),
    "huge number": (change("sources.passage", position=10**30), "passage.json: paper / p-1: position: "),
    "number for a truth": (
        change("organizations.membership", founder=1),
        "membership.json: kaz-pact: founder: 1 in the place of true or false",
    ),
    "no amount": (change("agreements.agreement", amount="much"), "agreement.json: loan-1994: amount: "),
    "NUL byte": (
        change("visits.visit", note="a\0b"),
        "visit.json: first-rus-1993: note: holds a NUL byte, which no database keeps",
    ),
    "no choice": (
        change("visits.visit", kind="state visit"),
        "visit.json: first-rus-1993: kind: Value 'state visit' is not a valid choice. One of: state, official,",
    ),
    "too long": (change("visits.visit", occasion="x" * 301), "visit.json: first-rus-1993: occasion: "),
    "no slug": (change("people.person", slug="The First"), "person.json: The First: slug: "),
    "given twice": (
        add("people.person", **entry("first", name_en="Other")),
        "person.json: first: given twice: no two entries have the same natural key",
    ),
    "constraint": (
        change("visits.visit", sent_by_organization=["pact"]),
        "visit.json: first-rus-1993: Give either the state or the organization that sent the visitor.",
    ),
    "model's own rule": (
        change("organizations.organization", 2, dissolved="1990"),
        "organization.json: pact: dissolved: ",
    ),
    "unique": (
        add(
            "organizations.membership",
            **entry("x", member_state=["KAZ"], organization=["pact"], start="1992"),
        ),
        "membership.json: x: This membership, with this status and start, is recorded already.",
    ),
    "citation of no field": (
        change("visits.visitcitation", 1, field="weather"),
        "visitcitation.json: first-rus-1993 / paper / p-2 / weather / contradicts: field: ",
    ),
    "citation of nothing": (
        add("visits.visitcitation", entry=["nothing"], passage=SECOND),
        "visitcitation.json: of nothing: entry: no visit “nothing” in visit.json",
    ),
    "citation without an entry": (
        add("visits.visitcitation", passage=SECOND),
        "visitcitation.json: entry 3: entry: missing",
    ),
    "party of nothing": (
        add("agreements.party", agreement=["nothing"], party_state=["KAZ"]),
        "party.json: of nothing: agreement: no agreement “nothing” in agreement.json",
    ),
    "nobody's party": (
        add("agreements.party", agreement=["treaty-1995"]),
        "party.json: of treaty-1995: Give either a state or an organization as the party, not both.",
    ),
    "action of nobody": (
        add("agreements.action", party=["loan-1994", "KAZ"], kind="signature"),
        "action.json: of loan-1994 / KAZ: party: no party “loan-1994 / KAZ” in party.json",
    ),
    "nobody's part": (
        add("events.participant", event=["summit-1993"]),
        "participant.json: entry 4: Give one of a state, an organization and a person.",
    ),
    "part given twice": (
        add("events.participant", event=["summit-1993"], participant_state=["KAZ"], role="host"),
        "participant.json: summit-1993 / KAZ / host: given twice: ",
    ),
    "party to no project": (
        add("events.projectparty", project=["nothing"], party_state=["KAZ"]),
        "projectparty.json: entry 3: project: no project “nothing” in project.json",
    ),
    "no event": (
        change("visits.visit", event=["nothing"]),
        "visit.json: first-rus-1993: event: no event “nothing” in event.json",
    ),
    "money without a currency": (
        remove("figures.figure", "currency"),
        "figure.json: loan-worth: Money needs its currency, and nothing else has one.",
    ),
    "uncited": (
        add("people.person", **entry("third", name_en="Third")),
        "person.json: third: citations: published without a passage that supports it; add one to personcitation.json",
    ),
    "only contradicted": (
        lambda fixtures: fixtures.rows["visits.visitcitation"].pop(0),
        "visit.json: first-rus-1993: citations: published without a passage that supports it",
    ),
    "part of itself": (
        change("organizations.organization", 2, parent=["organ"]),
        "organization.json: organ: refers to pact and so, in the end, to itself",
    ),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize(("spoil", "line"), BAD.values(), ids=BAD)
def test_seed_refuses(fixtures, spoil, line):
    spoil(fixtures)
    fixtures.write()

    assert any(found.startswith(line) for found in refusal(fixtures)), refusal(fixtures)


def test_one_mistake_is_one_line(fixtures):
    """What depends on the entry at fault, its citations and visits, is not complained of as well."""
    fixtures.row("people.person")["name_en"] = "x" * 201
    fixtures.row("visits.visitcitation")["note"] = None
    fixtures.write()

    assert refusal(fixtures) == [
        "visitcitation.json: of first-rus-1993: note: null in the place of text in quotes",
        "person.json: first: name_en: Ensure this value has at most 200 characters (it has 201).",
    ]


TEXTS = {
    "not JSON": (b'[\n {"model": "people.person",\n  oops}\n]', "person.json, line 3: not JSON: "),
    "nothing": (b"", "person.json, line 1: not JSON: "),
    "not UTF-8": (
        '[\n "\u00e9"]'.encode("latin-1"),
        "person.json, line 2: not UTF-8: save the file in that encoding",
    ),
    "byte order mark": ("\ufeff[]".encode(), "person.json, line 1: not JSON: Unexpected UTF-8 BOM"),
    "not a list": (b"{}", "person.json: not a list of entries: write [ ... ] around them"),
    "not an entry": (
        b"[3]",
        'person.json: entry 1: not an entry: write {"model": "people.person", "fields": {...}}',
    ),
    "fields no object": (
        b'[{"model": "people.person", "fields": []}]',
        "person.json: entry 1: not an entry: ",
    ),
    "another model": (
        b'[{"model": "visits.visit", "fields": {"slug": "a"}}]',
        'person.json: a: model: "visits.visit" in the place of “people.person”',
    ),
    "primary key": (
        b'[{"model": "people.person", "pk": 1, "fields": {"slug": "a", "name_en": "A"}}]',
        "person.json: a: pk: has no place here: natural keys identify the rows",
    ),
    "field given twice": (
        b'[{"model": "people.person", "fields": {"slug": "a", "slug": "b"}}]',
        "person.json: “slug” is given twice in the entry with",
    ),
    "not a number": (b"[NaN]", "person.json: NaN is no value of any field"),
    "too deep": (b"[" * 100_000, "person.json: nested too deeply: a file is a list of entries"),
    "half a character": (
        rb'[{"model": "people.person", "fields": {"slug": "a", "name_en": "\ud800"}}]',
        "person.json: a: name_en: holds half a character (a lone surrogate)",
    ),
}


@pytest.mark.parametrize("fault", sample(TEXTS, [*TEXTS][:3]))
def test_seed_refuses_a_file(fixtures, fault):
    text, line = TEXTS[fault]
    fixtures.path("people.person").write_bytes(text)

    assert any(found.startswith(line) for found in refusal(fixtures)), refusal(fixtures)


def test_seed_refuses_a_file_of_no_model(fixtures):
    (fixtures.directory / "organisation.json").write_text("[]")

    assert refusal(fixtures) == [
        "organisation.json: no model has fixtures of this name; did you mean “organization.json”?"
    ]


def test_seed_refuses_a_directory_without_fixtures(fixtures):
    with pytest.raises(CommandError, match="There are no fixtures in"):
        call_command("seed", fixtures=fixtures.directory / "elsewhere")


def test_seed_says_what_to_do_without_tables(fixtures, monkeypatch):
    def fail():
        raise OperationalError("no such table: sources_source")

    monkeypatch.setattr("apps.core.management.commands.seed.holds_data", fail)
    with pytest.raises(CommandError, match="run `manage.py migrate` first"):
        call_command("seed", fixtures=fixtures.directory)


def test_seed_shows_fifty_mistakes_and_the_total(fixtures):
    fixtures.rows["people.person"] += [entry(f"p-{number}", name_en=3) for number in range(60)]
    fixtures.write()
    lines = refusal(fixtures)

    assert len(lines) == 51
    assert lines[-1] == "... and 10 more, 60 in all"


# -- Updating


def test_update_of_the_same_has_nothing_to_do(fixtures):
    seed(fixtures)
    before = contents()

    assert "Nothing to do." in seed(fixtures, update=True)
    assert contents() == before


def test_update_adds_changes_and_keeps(fixtures):
    seed(fixtures)
    fixtures.rows["states.state"].append(state("CHN"))
    fixtures.rows["states.statecitation"].append({"entry": ["CHN"], "passage": SECOND})
    fixtures.row("visits.visit").update(date="1993-03", met=[], host=["CHN"])
    del fixtures.rows["agreements.action"][0]
    printed = seed(fixtures, update=True)

    assert printed.splitlines() == [
        "added state CHN",
        "added citation CHN / paper / p-2 / supports",
        "changed visit first-rus-1993",
        "    host: “['RUS']” -> “['CHN']”",
        "    date: “1993-02” -> “1993-03”",
        "    met: “[['second']]” -> nothing",
        "kept action loan-1994 / RUS / signature / 1994: no longer in the fixtures",
        f"2 added, 1 changed, 0 skipped, 1 no longer in the fixtures, {len_of(fixtures) - 3} unchanged",
    ]
    visit = Visit.objects.get()
    assert (str(visit.date), visit.host.code, visit.met.count()) == ("1993-03", "CHN", 0)
    record = Visit.history.first()
    assert (str(record.date), record.history_change_reason, record.met.count()) == ("1993-03", SEED_REASON, 0)
    assert Action.objects.count() == 1
    assert "Nothing to do." in seed(fixtures, update=True)


def test_update_empties_a_list_that_is_left_out(fixtures):
    seed(fixtures)
    del fixtures.row("visits.visit")["met"]
    assert "    met: “[['second']]” -> nothing\n" in seed(fixtures, update=True)

    visit = Visit.objects.get()
    assert (visit.met.count(), visit.places.count()) == (0, 1)
    assert [record.met.count() for record in Visit.history.all()] == [0, 1]
    assert "Nothing to do." in seed(fixtures, update=True)


def len_of(fixtures):
    return sum(map(len, fixtures.rows.values()))


def test_update_keeps_when_a_row_was_made(fixtures):
    seed(fixtures)
    made = Person.objects.get(slug="first").created_at
    fixtures.row("people.person")["note"] = "New."
    seed(fixtures, update=True)

    person = Person.objects.get(slug="first")
    assert (person.note, person.created_at) == ("New.", made)


def test_dry_run_writes_nothing(fixtures):
    assert "dry run" in seed(fixtures, dry_run=True)
    assert not holds_data()

    seed(fixtures)
    before = contents()
    fixtures.row("visits.visit")["date"] = "1994"
    assert "date: “1993-02” -> “1994”" in seed(fixtures, update=True, dry_run=True)
    assert contents() == before


def test_update_moves_passages_up(fixtures):
    seed(fixtures)
    first, second = fixtures.rows["sources.passage"]
    first["position"], second["position"] = 2, 3
    fixtures.rows["sources.passage"].insert(0, first | {"anchor": "p-0", "position": 1})
    seed(fixtures, update=True)

    assert list(Passage.objects.order_by("position").values_list("anchor", flat=True)) == [
        "p-0",
        "p-1",
        "p-2",
    ]


def test_update_refuses_what_seed_refuses(fixtures):
    seed(fixtures)
    before = contents()
    fixtures.row("visits.visit")["date"] = "1993-13"
    fixtures.row("people.person")["note"] = "New."
    fixtures.write()

    with pytest.raises(CommandError, match="first-rus-1993: date: "):
        call_command("seed", update=True, fixtures=fixtures.directory)
    assert contents() == before


def edit_the_entry():
    visit = Visit.objects.get()
    visit.note = "A curator's."
    visit.save()


def edit_a_part():
    citation = Visit.objects.get().citations.get(stance="supports")
    citation.note = "A curator's."
    citation.save()


def delete_a_part():
    Visit.objects.get().citations.get(stance="contradicts").delete()


def add_a_part():
    visit = Visit.objects.get()
    visit.citations.create(passage=Passage.objects.first(), field="host")


def link_another_row():
    Visit.objects.get().met.clear()


def rename_the_entry():
    visit = Visit.objects.get()
    visit.slug = "another"
    visit.save()


CURATING = [edit_the_entry, edit_a_part, delete_a_part, add_a_part, link_another_row, rename_the_entry]


@pytest.mark.parametrize("curate", sample(CURATING, [edit_the_entry, delete_a_part]))
def test_update_leaves_alone_what_a_curator_changed(fixtures, curate):
    seed(fixtures)
    curate()
    before = contents()
    fixtures.row("visits.visit").update(date="1999")
    fixtures.row("visits.visitcitation", 0)["claim"] = "Other."
    fixtures.rows["visits.visitcitation"].append(
        {"entry": ["first-rus-1993"], "passage": SECOND, "field": "met"}
    )
    printed = seed(fixtures, update=True)

    assert "skipped visit first-rus-1993: a curator " in printed
    assert "skipped citation first-rus-1993 / paper / p-2 / met / supports: " in printed
    assert "Nothing to do." in printed
    assert contents() == before


def test_update_does_not_bring_back_what_a_curator_deleted(fixtures):
    seed(fixtures)
    Figure.objects.get().delete()
    Agreement.objects.get(slug="loan-1994").delete()
    before = contents()
    printed = seed(fixtures, update=True)

    assert "skipped agreement loan-1994: a curator deleted or renamed it" in printed
    assert "skipped figure loan-worth: loan-1994 is not there" in printed
    assert "skipped action loan-1994 / RUS / signature / 1994: loan-1994 / RUS is not there" in printed
    assert contents() == before


def test_update_sees_the_change_of_a_part_of_a_part(fixtures):
    seed(fixtures)
    Action.objects.get().delete()
    fixtures.row("agreements.agreement")["note"] = "New."

    assert "skipped agreement loan-1994: a curator changed it" in seed(fixtures, update=True)


def test_update_says_nothing_of_what_curators_added(fixtures):
    seed(fixtures)
    Person.objects.create(slug="own", name_en="Own")

    assert "Nothing to do.\n0 added, 0 changed, 0 skipped, 0 no longer" in seed(fixtures, update=True)


# -- The curator of a first run


def test_local_curator_is_made_once(settings, django_user_model, client):
    settings.DEBUG = True
    out = StringIO()
    call_command("create_local_curator", stdout=out)
    call_command("create_local_curator", stdout=out)

    (line,) = out.getvalue().splitlines()
    password = line.split("password ")[1].split()[0]
    answer = client.post("/admin/login/", {"username": "curator", "password": password, "next": "/admin/"})
    assert answer.headers["Location"] == "/admin/"
    assert django_user_model.objects.get().is_superuser


def test_local_curator_is_refused_on_a_server(django_user_model):
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("create_local_curator")
    assert not django_user_model.objects.exists()
