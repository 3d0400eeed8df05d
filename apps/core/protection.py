"""History that the application cannot change: on PostgreSQL its role may read it and add to it, and nothing else.

For this the tables belong to another role, that of whoever runs `migrate`: no grant binds an owner.
"""

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from simple_history.models import HistoricalChanges

ORDINARY = ("SELECT", "INSERT", "UPDATE", "DELETE")
KEPT = ("SELECT", "INSERT")
# By these a record could be changed: a trigger may alter a row on its way into the table.
FORBIDDEN = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")


class Unprotectable(Exception):
    """Why no grant would keep the role from changing history; `str()` is a sentence."""


def is_kept(model):
    """Whether its rows are only ever added: history, the log of the admin, and models that say `append_only`."""
    return issubclass(model, (HistoricalChanges, LogEntry)) or getattr(model, "append_only", False)


def refuse_deletion(instance, **kwargs):
    """Of a user: with the account would go its log of the admin, and its name from the history."""
    raise ProtectedError(
        _(
            "The user “%(user)s” is not deleted, since the history names who wrote it. Deactivate the account: "
            "is_active = False."
        )
        % {"user": instance},
        {instance},
    )


def privileges():
    """{name of a table: what the application may do with it}, of all tables that `migrate` has made."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    there = sorted(models.keys() & {*connection.introspection.table_names()})
    found = {name: KEPT if is_kept(models[name]) else ORDINARY for name in there}
    if KEPT not in found.values():
        raise Unprotectable("There are no tables of history yet: run `manage.py migrate` first.")
    # Read at each start, and written by whoever migrates.
    return found | {"django_migrations": ("SELECT",)}


def kept_tables():
    return [name for name, may in privileges().items() if may == KEPT]


def refuse(role):
    """Raises Unprotectable for a role that is not there, or that no grant binds."""
    if not _column("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]):
        raise Unprotectable(f"There is no role “{role}”. Make it first: CREATE ROLE {quoted(role)} LOGIN.")
    mighty = (
        "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolcreaterole) AND pg_has_role(%s, oid, 'MEMBER')"
    )
    for name in _column(mighty, [role]):
        what = "is" if name == role else f"can become “{name}”,"
        raise Unprotectable(
            f"No grant binds the role “{role}”: it {what} a superuser or may make itself a member of other roles. "
            "Let the application have a plain role."
        )
    for what, owner in _owned():
        if _column("SELECT 1 WHERE pg_has_role(%s, %s, 'MEMBER')", [role, owner]):
            whose = "it owns" if owner == role else f"it can become “{owner}”, who owns"
            raise Unprotectable(
                f"No grant binds the role “{role}”: {whose} the {what}. Let the application have another role than "
                "the one that runs `manage.py migrate`."
            )


def _owned():
    """(what, its owner) of all whose owners can change or drop the tables of history."""
    for owner in owners():
        yield "tables", owner
    (schema,) = _column("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = %s", [_schema()])
    yield "schema", schema
    query = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    yield "database", _column(query)[0]


def owners():
    """The roles to which the tables belong; one, unless it was not always the same that migrated."""
    query = (
        "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = %s AND tablename = ANY(%s) ORDER BY 1"
    )
    return _column(query, [_schema(), list(privileges())])


def refuse_other_than_owner():
    """Raises Unprotectable where this connection's role may not grant on the tables."""
    for owner in owners():
        if not _column("SELECT 1 WHERE pg_has_role(current_user, %s, 'USAGE')", [owner]):
            raise Unprotectable(
                f"The tables belong to “{owner}”, and this is run by “{_column('SELECT current_user')[0]}”, who may "
                "grant nothing on them. Run it as their owner, or hand what --sql prints to who administers them."
            )


def statements(role):
    """SQL that gives the role what the application needs, and takes away what it had beyond that."""
    schema, to = quoted(_schema()), quoted(role)
    yield f"GRANT USAGE ON SCHEMA {schema} TO {to}"
    for name, may in privileges().items():
        table = f"{schema}.{quoted(name)}"
        if may == KEPT:
            yield f"REVOKE {', '.join(FORBIDDEN)} ON {table} FROM PUBLIC"
        yield f"REVOKE ALL ON {table} FROM {to}"
        yield f"GRANT {', '.join(may)} ON {table} TO {to}"
    for name in sequences():
        yield f"REVOKE ALL ON SEQUENCE {schema}.{quoted(name)} FROM {to}"
        yield f"GRANT USAGE ON SEQUENCE {schema}.{quoted(name)} TO {to}"
    for owner in owners():
        # What an upgrade brings may be history, and is treated as such until this is run again.
        future = f"ALTER DEFAULT PRIVILEGES FOR ROLE {quoted(owner)} IN SCHEMA {schema}"
        yield f"{future} GRANT {', '.join(KEPT)} ON TABLES TO {to}"
        yield f"{future} GRANT USAGE ON SEQUENCES TO {to}"


def sequences():
    """Names of those that number the rows of the tables."""
    query = """
        SELECT sequence.relname FROM pg_class sequence
        JOIN pg_depend ON objid = sequence.oid AND deptype IN ('a', 'i') AND classid = 'pg_class'::regclass
        JOIN pg_class numbered ON numbered.oid = refobjid
        WHERE sequence.relkind = 'S' AND numbered.relname = ANY(%s) AND numbered.relnamespace = %s::regnamespace
        ORDER BY 1
    """
    return _column(query, [list(privileges()), quoted(_schema())])


def changeable(role):
    """{table of history: what the role may do with it and should not}, from whomever it has that."""
    found = {}
    for name, privilege in _held(role, kept_tables(), FORBIDDEN):
        found.setdefault(name, []).append(privilege)
    return found


def lacking(role):
    """{table: what the role may not do with it and needs to}."""
    found = {}
    for name, may in privileges().items():
        held = {privilege for _name, privilege in _held(role, [name], may)}
        if missing := [privilege for privilege in may if privilege not in held]:
            found[name] = missing
    return found


def _held(role, names, asked):
    """[(table, privilege)]; UPDATE also where it is held on some columns only."""
    query = """
        SELECT name, privilege FROM unnest(%s) name, unnest(%s) privilege
        WHERE CASE WHEN privilege = 'UPDATE'
            THEN has_any_column_privilege(%s, format('%%I.%%I', %s, name), privilege)
            ELSE has_table_privilege(%s, format('%%I.%%I', %s, name), privilege) END
        ORDER BY 1, 2
    """
    schema = _schema()
    return _rows(query, [names, list(asked), role, schema, role, schema])


def quoted(name):
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _schema():
    return _column("SELECT current_schema()")[0]


def _column(query, parameters=()):
    return [value for (value,) in _rows(query, parameters)]


def _rows(query, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(query, parameters or None)
        return cursor.fetchall()
