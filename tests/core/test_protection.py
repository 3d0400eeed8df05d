"""On PostgreSQL the role of the application cannot change history, and can do everything else that it has to."""

from contextlib import contextmanager
from io import StringIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from apps.agreements.models import Agreement, Subject
from apps.core.protection import kept_tables, privileges
from apps.states.models import Place
from apps.visits.models import Visit
from tests import factories
from tests.admin_writes import done, writes
from tests.adminpages import address, submit
from tests.core.dataset_sets import change, load
from tests.core.fixture_sets import FixtureSet
from tests.history_gaps import RECORDED

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles")


def execute(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def role():
    """A role that is gone with the transaction of the test."""
    name = f"kzforeign app {uuid4().hex}"
    execute(f'CREATE ROLE "{name}"')
    return name


@contextmanager
def working_as(role):
    execute(f'SET ROLE "{role}"')
    yield
    execute("RESET ROLE")


def protect(role, **options):
    out = StringIO()
    call_command("protect_history", role, stdout=out, **options)
    return out.getvalue()


def refusal(role, **options):
    with pytest.raises(CommandError) as error:
        protect(role, **options)
    return str(error.value)


# -- What is protected


def history_tables():
    return [name for name in connection.introspection.table_names() if "_historical" in name]


def test_history_of_every_model_and_link_is_protected():
    tables = {model.history.model._meta.db_table for model in RECORDED}
    # Of the links of visits and agreements, and of pending revisions.
    assert len(history_tables()) == len(tables) + 5
    others = {"django_admin_log", "curation_step", "curation_notthesame"}
    assert {*kept_tables()} == {*history_tables()} | others
    assert tables <= {*history_tables()}


def test_model_may_say_that_its_rows_are_only_added(monkeypatch):
    assert privileges()[Subject._meta.db_table] == ("SELECT", "INSERT", "UPDATE", "DELETE")
    monkeypatch.setattr(Subject, "append_only", True, raising=False)
    assert privileges()[Subject._meta.db_table] == ("SELECT", "INSERT")


@on_postgresql
def test_database_refuses_to_change_history(role):
    tables = kept_tables()
    said = protect(role)
    assert said == (
        f"The role “{role}” can read {len(tables)} tables of history and add to them, and can change none of them; "
        f"it can work with the other {len(privileges()) - len(tables)}.\n"
    )
    with working_as(role):
        for table in tables:
            for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                    execute(statement)
            execute(f"SELECT count(*) FROM {table}")


# -- What the application still does


@pytest.fixture
def at_work(role, client):
    """A curator logged in on the site, which works under the role."""
    User.objects.create_superuser("aigul", password="oqu")
    protect(role)
    with working_as(role):
        data = {"username": "aigul", "password": "oqu", "next": "/admin/"}
        done(client.post(reverse("admin:login"), data))
        yield client
        client.post(reverse("admin:logout"))


@on_postgresql
@pytest.mark.parametrize(
    "model",
    [Visit, Place, pytest.param(Agreement, marks=pytest.mark.exhaustive)],
    ids=lambda model: model.__name__,
)
def test_curators_work_as_before(at_work, model):
    for _name, write in writes(at_work, model):
        write()


@on_postgresql
def test_commands_work_as_before(role, dataset, tmp_path):
    protect(role)
    fixtures = FixtureSet(tmp_path)
    fixtures.write()
    with working_as(role):
        call_command("seed", fixtures=tmp_path, verbosity=0)
        fixtures.row("visits.visit").update(note="Changed.", met=[])
        fixtures.write()
        call_command("seed", update=True, fixtures=tmp_path, verbosity=0)
        assert Visit.objects.get().note == "Changed."
        change(dataset, "visit", note="Imported.")
        load(dataset)
        assert Visit.objects.get().note == "Imported."
        call_command("rebuild_ties", verbosity=0)
        call_command("clearsessions")
        Visit.objects.update(note="Written.")
        assert Visit.history.first().note == "Written."


@on_postgresql
def test_accounts_are_kept_as_before(at_work):
    done(at_work.post(reverse("admin:auth_group_add"), {"name": "editors"}))
    password = {"password1": "a long one indeed", "password2": "a long one indeed"}
    data = {"username": "dana", "usable_password": "true", **password}
    done(at_work.post(reverse("admin:auth_user_add"), data))
    dana = User.objects.get(username="dana")
    rights = {"is_staff": "on", "user_permissions": [Permission.objects.first().pk]}
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "10:00"}
    data = {"username": "dana", "groups": [Group.objects.get(name="editors").pk], **joined}
    done(at_work.post(reverse("admin:auth_user_change", args=[dana.pk]), rights | data))
    dana.refresh_from_db()
    assert (dana.is_active, dana.groups.count(), dana.user_permissions.count()) == (False, 1, 1)
    done(at_work.post(reverse("admin:auth_user_password_change", args=[dana.pk]), password))


# -- Whom it cannot protect from


def test_sqlite_has_no_roles(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    assert refusal("app") == "SQLite has no roles: whoever can write the file can change its history."


@on_postgresql
def test_role_that_no_grant_binds_is_refused(role):
    assert refusal("nobody") == 'There is no role “nobody”. Make it first: CREATE ROLE "nobody" LOGIN.'
    execute(f'ALTER TABLE people_person OWNER TO "{role}"')
    assert f"No grant binds the role “{role}”: it owns the tables." in refusal(role)
    execute("ALTER TABLE people_person OWNER TO CURRENT_USER", "CREATE ROLE kz_owner")
    execute("ALTER TABLE people_person OWNER TO kz_owner", f'GRANT kz_owner TO "{role}"')
    assert "it can become “kz_owner”, who owns the tables" in refusal(role, check=True)
    execute("ALTER TABLE people_person OWNER TO CURRENT_USER", f'ALTER ROLE "{role}" CREATEROLE')
    assert "it is a superuser or may make itself a member" in refusal(role, sql=True)


@on_postgresql
def test_only_the_owner_of_the_tables_can_run_it(role):
    with working_as(role):
        assert f"this is run by “{role}”, who may grant nothing on them" in refusal(role)
        assert protect(role, sql=True)


# -- What is looked at


@on_postgresql
def test_check_says_what_the_role_may_change(role):
    assert "lacks what the application needs: agreements_action (SELECT, " in refusal(role, check=True)
    protect(role)
    execute("GRANT UPDATE (note), TRIGGER ON visits_historicalvisit TO PUBLIC")
    assert "may still change history: visits_historicalvisit (TRIGGER, UPDATE)." in refusal(role, check=True)
    protect(role)
    protect(role, check=True)
    execute("CREATE ROLE kz_group", f'GRANT kz_group TO "{role}"')
    execute("GRANT DELETE ON django_admin_log TO kz_group")
    assert "may still change history: django_admin_log (DELETE)." in refusal(role)


@on_postgresql
def test_sql_does_the_same_by_the_hand_of_somebody_else(role):
    first, *lines, last = protect(role, sql=True).splitlines()
    assert (first, last) == ("BEGIN;", "COMMIT;")
    execute(*lines)
    protect(role, check=True)


@on_postgresql
def test_table_of_an_upgrade_can_be_read_and_added_to_until_the_next_run(role):
    protect(role)
    execute("CREATE TABLE visits_historicalnew (id bigserial, note text)")
    with working_as(role):
        execute("INSERT INTO visits_historicalnew (note) VALUES ('x')")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            execute("DELETE FROM visits_historicalnew")


# -- Users, whom history names


def test_user_is_not_deleted(admin_client, admin_user):
    place = factories.place()
    done(submit(admin_client, Place, place.pk, note="Changed."))
    for delete in (admin_user.delete, User.objects.all().delete):
        with (
            pytest.raises(ProtectedError, match="“admin” is not deleted, since the history"),
            transaction.atomic(),
        ):
            delete()
    assert place.history.first().history_user == admin_user


def test_admin_offers_to_deactivate_a_user_instead(admin_client, admin_user):
    other = User.objects.create_user("dana")
    assert admin_client.post(address(User, "delete", other.pk), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    admin_client.post(address(User, "changelist"), data)
    assert User.objects.filter(username="dana").exists()
    listed = admin_client.get(address(User, "changelist"))
    assert "delete_selected" not in listed.content.decode()
    page = admin_client.get(address(User, "change", other.pk)).content.decode()
    assert "Users are not deleted: the history names them." in page
    assert "deletelink" not in page
