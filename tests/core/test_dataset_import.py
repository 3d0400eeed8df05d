"""A dataset comes into the database whole, and comes out of it as it was."""

import zipfile
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.agreements.models import Agreement
from apps.core.curated import SEED_REASON
from apps.core.dataset_export import export
from apps.core.dataset_import import import_dataset
from apps.core.fixtures import fixture_models
from apps.core.models import Revision
from apps.core.seeding import holds_data
from apps.organizations.models import Membership, Organization
from apps.people.models import Person
from apps.relations.index import rebuild
from apps.relations.models import Tie
from apps.sources.models import Passage
from apps.states.models import State
from apps.visits.models import Visit
from tests.core.dataset_sets import change, contents, files, load, put, rows_of, write
from tests.factories import organization, person, state

pytestmark = pytest.mark.django_db


# -- The round trip


def test_import_and_export_give_the_same_files(dataset, tmp_path):
    load(dataset)
    export(tmp_path / "again")
    assert files(tmp_path / "again") == files(dataset)
    for model in fixture_models():
        for row in model._base_manager.all():
            row.full_clean()
    assert not rebuild(check=True).wrong
    assert Tie.objects.concerning(State.objects.get(code="RUS")).filter(kind="visit").exists()


def test_any_text_comes_back(tmp_path):
    odd = 'a "quoted", text\r\nof two lines\rand\n\n one\t=1+1 \\ / ; Ә \u2028 \U0001f600 '
    person(slug="odd", name_en="Odd", note=odd, aliases="=1\n'x")
    cite_all()
    export(tmp_path / "one")
    Person.objects.all().delete()
    load(tmp_path / "one")
    row = Person.objects.get()
    assert (row.note, row.aliases) == (odd, "=1\n'x")
    export(tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


def cite_all():
    from tests.factories import cite

    for row in Person.objects.all():
        cite(row)


def test_the_same_again_changes_nothing(dataset):
    load(dataset)
    before, records, revision = contents(), Visit.history.count(), Revision.objects.current().number
    printed = load(dataset)
    assert printed.splitlines()[-1].split() == [
        "0",
        "0",
        str(sum(map(len, before.values()))),
        "0",
        "in",
        "all",
    ]
    assert contents() == before
    assert (Visit.history.count(), Revision.objects.current().number) == (records, revision)


def test_every_row_added_has_one_record_with_the_reason_and_the_user(dataset, django_user_model):
    user = django_user_model.objects.create_user("aigul")
    load(dataset, reason="A handbook.", user="aigul")
    for model in fixture_models():
        records = model.history.values_list("history_type", "history_change_reason", "history_user")
        assert list(records) == [("+", "A handbook.", user.pk)] * model._base_manager.count(), model
    record, visit = Visit.history.get(), Visit.objects.get()
    assert [link.person.slug for link in record.met.all()] == ["second"]
    assert (visit.created_by, visit.updated_by) == (user, user)
    row = {
        name: getattr(record, name)
        for name in ("slug", "status", "date", "host_id", "created_at", "updated_at")
    }
    assert row == {name: getattr(visit, name) for name in row}


def test_without_a_reason_history_names_what_was_imported(dataset):
    load(dataset)
    assert Visit.history.get().history_change_reason == "import of dataset"


def test_the_reason_of_the_seed_is_no_reason(dataset):
    with pytest.raises(CommandError, match="Give another reason"):
        load(dataset, reason=SEED_REASON)
    assert not holds_data()


def test_an_unknown_user_is_refused(dataset):
    with pytest.raises(CommandError, match="There is no user “nobody”."):
        load(dataset, user="nobody")


def test_a_zip_file_will_do(dataset, tmp_path):
    with zipfile.ZipFile(tmp_path / "dataset.zip", "w") as archive:
        for path in dataset.iterdir():
            archive.write(path, f"dataset/{path.name}")
    load(tmp_path / "dataset.zip")
    export(tmp_path / "again")
    assert files(tmp_path / "again") == files(dataset)


def test_a_dry_run_tells_and_writes_nothing(dataset):
    printed = load(dataset, dry_run=True)
    assert "      1       0         0               0  visit.csv\n" in printed
    assert "This was a dry run: nothing was written." in printed
    assert not holds_data()
    assert not Visit.history.exists()


def test_what_fails_half_way_leaves_nothing(dataset):
    def stop(table, position):
        if table and table.name == "visit.csv":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_dataset(dataset, reason="x", progress=stop)
    assert not holds_data()


def test_the_number_of_queries_is_the_same_for_many_rows(tmp_path):
    where = organization()
    states = [state() for _each in range(40)]

    def rows(some):
        return [
            {"slug": f"m-{row.pk}", "status": "draft", "member_state": row.code, "organization": where.slug}
            for row in some
        ]

    write(tmp_path / "few", "membership", rows(states[:2]))
    write(tmp_path / "many", "membership", rows(states[2:]))
    with CaptureQueriesContext(connection) as few:
        load(tmp_path / "few")
    with CaptureQueriesContext(connection) as many:
        load(tmp_path / "many")
    assert len(many) == len(few)


# -- What is there already


def test_a_row_that_is_there_is_changed_and_the_change_is_told(dataset):
    load(dataset)
    made = Visit.objects.get().created_at
    change(dataset, "visit", date="1993-03", met="", host="KAZ")
    printed = load(dataset, reason="Mended.")
    assert printed.splitlines()[:4] == [
        "changed visit.csv, line 2",
        "    host: “RUS” -> “KAZ”",
        "    date: “1993-02” -> “1993-03”",
        "    met: “second” -> nothing",
    ]
    visit = Visit.objects.get()
    assert (str(visit.date), visit.host.code, visit.met.count()) == ("1993-03", "KAZ", 0)
    assert (str(visit.date_latest), visit.created_at) == ("1993-03-31", made)
    record = Visit.history.first()
    assert (record.history_type, record.history_change_reason, record.met.count()) == ("~", "Mended.", 0)
    assert Visit.history.count() == 2
    assert Tie.objects.filter(kind="visit", state__code="KAZ").exists()
    assert not rebuild(check=True).wrong


def test_what_a_curator_changed_is_overwritten(dataset):
    load(dataset)
    visit = Visit.objects.get()
    visit.note = "A curator's."
    visit.save()
    load(dataset)
    assert Visit.objects.get().note == ""


def test_columns_that_the_file_has_not_stay(tmp_path):
    row = person(slug="a", name_en="A", name_ru="А", status="draft")
    load(put(tmp_path / "some", person="slug,name_en\na,B\n"))
    row.refresh_from_db()
    assert (row.name_en, row.name_ru, row.status) == ("B", "А", "draft")


def test_what_the_file_has_not_stays_and_is_told(dataset):
    load(dataset)
    rows = rows_of(dataset, "statecitation")
    write(dataset, "statecitation", rows[:2])
    printed = load(dataset)
    assert "kept SUN / paper / p-1 / supports: not in statecitation.csv\n" in printed
    assert "      0       0         2               1  statecitation.csv\n" in printed
    assert State.objects.get(code="SUN").citations.count() == 1


def test_drafts_that_the_file_has_not_are_not_told(tmp_path):
    person(status="draft", slug="own")
    printed = load(put(tmp_path / "some", person="slug,name_en\na,A\n"))
    assert "own" not in printed


def test_rows_of_the_database_can_be_named(tmp_path):
    china, where = state("CHN"), organization(slug="sco")
    load(put(tmp_path / "some", membership="slug,member_state,organization\nchn-sco,CHN,sco\n"))
    row = Membership.objects.get()
    assert (row.member_state, row.organization, row.status, row.standing) == (china, where, "draft", "member")


def test_a_row_may_refer_to_one_of_its_kind_that_comes_later(tmp_path):
    put(
        tmp_path / "some",
        organization="slug,name_en,kind,parent\na,A,organ,b\nb,B,organ,c\nc,C,union,\nd,D,organ,a\n",
    )
    load(tmp_path / "some")
    parents = Organization.objects.order_by("slug").values_list("slug", "parent__slug")
    assert list(parents) == [("a", "b"), ("b", "c"), ("c", None), ("d", "a")]


def test_passages_can_move_up(dataset):
    load(dataset)
    rows = rows_of(dataset, "passage")
    moved = [row | {"position": str(int(row["position"]) + 1)} for row in rows]
    write(dataset, "passage", [rows[0] | {"anchor": "p-0", "position": "1"}, *moved])
    load(dataset)
    assert list(Passage.objects.order_by("position").values_list("anchor", flat=True)) == [
        "p-0",
        "p-1",
        "p-2",
    ]


def test_an_agreement_without_amount_is_imported(dataset):
    load(dataset)
    assert Agreement.objects.get(slug="treaty-1995").amount is None


def test_seed_leaves_alone_what_was_imported(exported, dataset):
    load(dataset)
    out = StringIO()
    call_command("seed", update=True, fixtures=exported.parent / "fixtures", stdout=out)
    assert "Nothing to do." in out.getvalue()


def test_rows_of_several_batches_refer_to_each_other(tmp_path, monkeypatch):
    monkeypatch.setattr("apps.core.table_import.BATCH", 3)
    rows = [
        {"slug": f"o-{n}", "name_en": "O", "kind": "organ", "parent": f"o-{(n + 7) % 20}" if n != 5 else ""}
        for n in range(20)
    ]
    write(tmp_path / "some", "organization", rows)
    load(tmp_path / "some")
    assert Organization.objects.filter(parent=None).count() == 1
    assert Organization.objects.count() == 20
    assert "20" in load(tmp_path / "some")
