from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connection

from apps.core import backup
from apps.core.backup_file import Doubtful
from apps.core.backup_tables import REVISION


class Command(BaseCommand):
    help = (
        "Makes the database what a backup is, wholly or not at all, and compares each table with what the backup says "
        "of it. A damaged file, one of another kind of database or of a newer version is refused before anything is "
        "touched. The revision goes on from the highest that was ever seen, so that no page of before is shown. "
        "On PostgreSQL run it as the owner of the tables."
    )
    # Where there is no database, or none that is whole, there is nothing to be checked.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="What `manage.py backup` wrote.")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="Put it in the place of all that the database holds; without this, only an empty one is filled.",
        )
        parser.add_argument(
            "--no-input",
            "--noinput",
            action="store_false",
            dest="interactive",
            help="Do not ask before that.",
        )

    def handle(self, *, path, replace, interactive, verbosity, **options):
        connection.close()
        try:
            restored = backup.restore(
                backup.database(connection),
                path,
                replace=replace,
                agrees=self._asked if interactive else lambda _description: True,
            )
        except Doubtful as error:
            raise CommandError(str(error)) from error
        except (backup.Refused, DatabaseError) as error:
            raise CommandError(f"Nothing was restored. {error}") from error
        if verbosity:
            self._tell(restored, shows_empty=verbosity > 1)
        if restored.differing:
            raise CommandError(
                f"The database is not what the backup says in {', '.join(restored.differing)}. If the site runs, "
                "somebody may have written since; otherwise restore again, from another backup."
            )

    def _asked(self, description):
        self.stdout.write(
            f"This puts a backup of {description.made_at} (r{description.revision}) in the place of all that is in "
            f"the database {connection.settings_dict['NAME']}, history and users included."
        )
        try:
            return input("Type “yes” to go on: ").strip() == "yes"
        except EOFError:
            return False

    def _tell(self, restored, *, shows_empty):
        expected = restored.description.tables
        self.stdout.write("in the backup   restored")
        for name in sorted(expected.keys() | restored.tables.keys()):
            before, now = (there.get(name) for there in (expected, restored.tables))
            if shows_empty or not (before and now and before.rows == now.rows == 0):
                said = "raised" if name == REVISION else "differs" if before != now else "identical"
                rows = [table.rows if table else "none" for table in (before, now)]
                self.stdout.write("{:>13} {:>10}  {}: {}".format(*rows, name, said))
        self.stdout.write(
            f"Backup of {restored.description.made_at}; the revision is r{restored.revision} now."
        )
        self.stdout.write("Run `manage.py migrate`, if this version is newer than the backup.")
        if connection.vendor == "postgresql":
            self.stdout.write(
                "If the application has a role of its own, run `manage.py protect_history` for it."
            )
