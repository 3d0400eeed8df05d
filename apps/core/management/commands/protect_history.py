from django.core.management import BaseCommand, CommandError
from django.db import connection, transaction

from apps.core import protection


class Command(BaseCommand):
    help = (
        "On PostgreSQL, lets the role that the application uses read the history and add to it, but not change or "
        "delete any of it; with all other tables it may work as usual. Run it as the owner of the tables, who is "
        "another role, after each `migrate`. Running it again does no harm."
    )

    def add_arguments(self, parser):
        parser.add_argument("role", help="The role in the application's DATABASE_URL.")
        instead = parser.add_mutually_exclusive_group()
        instead.add_argument(
            "--sql", action="store_true", help="Print the statements, for somebody else to run, and run none."
        )
        instead.add_argument(
            "--check", action="store_true", help="Change nothing; fail if the role could change history."
        )

    def handle(self, *, role, sql, check, **options):
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no roles: whoever can write the file can change its history.")
        try:
            protection.refuse(role)
            if sql:
                lines = ["BEGIN", *protection.statements(role), "COMMIT"]
                self.stdout.write("\n".join(f"{line};" for line in lines))
                return
            if not check:
                self._run(role)
            self._tell(role)
        except protection.Unprotectable as error:
            raise CommandError(str(error)) from error

    def _run(self, role):
        protection.refuse_other_than_owner()
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in protection.statements(role):
                cursor.execute(statement)

    def _tell(self, role):
        """What the database says that the role may do, whoever granted it."""
        if found := protection.changeable(role):
            raise CommandError(
                f"The role “{role}” may still change history: {_listed(found)}. Another role granted it that, or a "
                "role of which it is a member: see \\dp and \\du in psql."
            )
        if found := protection.lacking(role):
            raise CommandError(f"The role “{role}” lacks what the application needs: {_listed(found)}.")
        kept = len(protection.kept_tables())
        others = len(protection.privileges()) - kept
        self.stdout.write(
            f"The role “{role}” can read {kept} tables of history and add to them, and can change none of them; "
            f"it can work with the other {others}."
        )


def _listed(tables, shown=5):
    listed = [f"{name} ({', '.join(privileges)})" for name, privileges in [*tables.items()][:shown]]
    return "; ".join(listed) + (f"; and {len(tables) - shown} more" if len(tables) > shown else "")
