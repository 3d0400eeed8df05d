"""Statements that a connection to PostgreSQL prepares: their answers are those of the statements as they stand."""

import pytest
from django.db import DataError, connection, transaction

from apps.core import connections, prepared
from apps.core.prepared import execute, written_in
from apps.states.models import State
from kzforeign.api import ROUTES
from tests import factories
from tests.core.world import world

only_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite prepares by itself")
SUM = "SELECT %s::int + 1"


@pytest.fixture
def link(db):
    """A connection of its own, which is in no transaction."""
    link = connection.copy()
    yield link
    link.close()


def asked(link, sql=SUM, params=(1,)):
    """(the row, the first word of each statement by which the server was asked for it)"""
    sent = []

    def note(execute, sql, params, many, context):
        sent.append(sql.split()[0])
        return execute(sql, params, many, context)

    with link.execute_wrapper(note), link.cursor() as cursor:
        execute(cursor, sql, params)
        return cursor.fetchone(), sent


def ask(link, *statements):
    with link.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def counted(link):
    """[(statement, how often it was executed by a plan without its values, by one with them)]"""
    return ask(link, "SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements")


def test_in_a_transaction_it_is_executed_as_it_stands(db):
    with connection.cursor() as cursor:
        execute(cursor, "SELECT %s", ["x"])
        assert cursor.fetchone() == ("x",)
        assert not getattr(connection, "prepared", None)


@only_postgresql
def test_it_is_planned_once(link):
    assert asked(link) == ((2,), ["PREPARE"])
    assert asked(link, params=(5,)) == ((6,), ["EXECUTE"])
    ((statement, generic, custom),) = counted(link)
    assert statement.startswith("PREPARE kzforeign_") and (generic, custom) == (2, 0)


@only_postgresql
def test_revision_is_planned_once_and_told_where_its_statement_is_gone(link):
    """By the driver's own cursors and errors, past Django's."""
    link.ensure_connection()
    told = [connections._asked(link) for _time in range(3)]
    assert [(generic, custom) for _statement, generic, custom in counted(link)] == [(3, 0)]
    ask(link, "DEALLOCATE ALL")
    assert [connections._asked(link) for _time in range(3)] == told
    assert link.prepared is None and counted(link) == []


@only_postgresql
def test_percent_signs_and_values_are_kept(link):
    sql = written_in(link, "SELECT %s || '%%s %%'", ["5%s'"]) + " || %s || %s"
    for _time in range(2):
        assert asked(link, sql, ["a%s", "'b"])[0] == ("5%s'%s %a%s'b",)
    link.close()
    with transaction.atomic(using=link.alias):
        assert asked(link, sql, ["a%s", "'b"])[0] == ("5%s'%s %a%s'b",)


@only_postgresql
def test_a_new_connection_prepares_anew(link):
    asked(link)
    link.close()
    assert asked(link) == ((2,), ["PREPARE"])


@only_postgresql
@pytest.mark.parametrize("lost", ["DISCARD ALL", "DEALLOCATE ALL"])
def test_one_that_is_gone_is_executed_as_it_stands(link, lost):
    """As where a pooler leads each transaction to another session."""
    asked(link)
    ask(link, lost)
    assert asked(link) == ((2,), ["EXECUTE", "SELECT"])
    assert asked(link) == ((2,), ["SELECT"])
    link.close()
    assert asked(link) == ((2,), ["PREPARE"])


@only_postgresql
def test_one_that_is_there_already_is_executed_as_it_stands(link):
    asked(link)
    link.prepared = set()
    assert asked(link) == ((2,), ["PREPARE", "SELECT"])


@only_postgresql
def test_columns_that_change(link):
    ask(link, "CREATE TEMPORARY TABLE changing AS SELECT 1 AS number")
    sql = "SELECT number FROM changing WHERE number = ANY (%s)"
    assert asked(link, sql, ["{1}"]) == ((1,), ["PREPARE"])
    ask(link, "ALTER TABLE changing ALTER number TYPE bigint")
    assert asked(link, sql, ["{1}"]) == ((1,), ["EXECUTE", "SELECT"])
    assert asked(link, sql, ["{1}"]) == ((1,), ["SELECT"])


@only_postgresql
def test_another_error_is_raised(link):
    for _time in range(2):
        with pytest.raises(DataError):
            asked(link, "SELECT 1 / %s", [0])
    assert asked(link, "SELECT 1 / %s", [1])[0] == (1,)


@only_postgresql
def test_no_more_than_so_many_are_prepared(link, monkeypatch):
    monkeypatch.setattr(prepared, "MOST", 1)
    assert asked(link)[1] == ["PREPARE"]
    assert asked(link, "SELECT %s::int", [1]) == ((1,), ["SELECT"])
    assert asked(link)[1] == ["EXECUTE"]


@only_postgresql
def test_it_is_planned_anew_for_a_table_that_grew(link):
    ask(link, "CREATE TEMPORARY TABLE growing (id int PRIMARY KEY, filler text)", "ANALYZE growing")
    sql = "SELECT id FROM growing WHERE id = ANY (%s)"
    assert asked(link, sql, ["{1}"])[0] is None
    plan = f"EXPLAIN {prepared.commands(sql)[1] % repr('{7}')}"
    assert "Seq Scan" in ask(link, plan)[0][0]
    ask(link, "INSERT INTO growing SELECT n, repeat('x', 100) FROM generate_series(1, 20000) AS n")
    ask(link, "ANALYZE growing")
    assert asked(link, sql, ["{7}"]) == ((7,), ["EXECUTE"])
    assert "Seq Scan" not in ask(link, plan)[0][0]


def addresses():
    """Of every list, and of it by each parameter whose value is one of few or names an entry, with a later page."""
    needed = {"state": State.objects.earliest("pk").code, "as_of": "1994-04-26"}
    for prefix, viewset in ROUTES.items():
        yield f"/api/v1/{prefix}/?limit=1"
        for name, parameter in viewset.filterset_class.base_filters.items():
            if parameter.is_closed:
                values = [value for value, _label in parameter.extra["choices"] if value]
            elif parameter.names_entry:
                values = parameter.rows().values_list(parameter.field.to_field_name, flat=True)
            else:
                continue
            beside = f"&{parameter.needs}={needed[parameter.needs]}" if parameter.needs else ""
            yield from (f"/api/v1/{prefix}/?limit=1&{name}={value}{beside}" for value in values[:1])


@only_postgresql
@pytest.mark.exhaustive
@pytest.mark.django_db(transaction=True)
def test_lists_are_those_that_were_not_prepared(client, monkeypatch):
    monkeypatch.setattr(prepared, "MOST", 10_000)
    world()
    for first in addresses():
        later = client.get(first).json().get("next")
        for address in filter(None, (first, later)):
            answer = client.get(address)
            with transaction.atomic():
                # What needs yet another parameter is refused.
                assert answer.status_code == 400 or client.get(address).content == answer.content
    # None was prepared wrongly.
    assert len(connection.prepared) > 100


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_all_tables_of_a_page_are_put_in_order(client):
    """Beyond the limit PostgreSQL begins with the first that is named, however few rows of another are asked for."""
    about = factories.project()
    factories.agreement(parties=[factories.state("KAZ")]).projects.add(about)
    for _once_more in range(2):  # Rows whose number is known are read with all that is said of them.
        assert client.get(f"/api/v1/agreements/?project={about.slug}").json()["count"] == 1
    tables = max(sql.count(" JOIN ") + sql.count("(SELECT") + 1 for sql in connection.prepared)
    limits = [
        int(ask(connection, f"SHOW {name}")[0][0]) for name in ("join_collapse_limit", "geqo_threshold")
    ]
    assert 8 < tables <= limits[0] < limits[1]
