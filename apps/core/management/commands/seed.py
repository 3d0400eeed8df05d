from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, connection, transaction

from apps.core.fixtures import fixture_models
from apps.core.seeding import Refused, apply, holds_data

HELD = (
    "The database holds data already, so nothing was changed. `manage.py seed --update` brings it up to date with the "
    "fixtures; with --dry-run it only shows what would change."
)


class Command(BaseCommand):
    help = (
        "Loads the fixtures in one transaction, every row validated and with its first record of history. "
        "If one row is wrong, nothing is loaded. A database that holds data is left alone unless --update is given."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--update",
            action="store_true",
            help="Apply the differences to a database that holds data, except to entries that a curator changed.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Show what would be done, and write nothing."
        )
        parser.add_argument(
            "--fixtures",
            type=Path,
            default=settings.BASE_DIR / "fixtures",
            metavar="DIRECTORY",
            help="Where the fixtures are, if not in fixtures/.",
        )

    @transaction.atomic
    def handle(self, *, update, dry_run, fixtures, verbosity, **options):
        self.level = verbosity
        try:
            wait_for_other_seeds()
            if holds_data() and not update:
                self._say(HELD)
                return
            report = apply(fixtures, dry_run=dry_run)
        except Refused as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database cannot be used ({error}). If tables are missing, run `manage.py migrate` first."
            ) from error
        if update:
            self._tell_differences(report)
        else:
            self._tell_counts(report)
        if dry_run:
            self._say("This was a dry run: nothing was written.")

    def _say(self, text, level=1):
        if self.level >= level:
            self.stdout.write(text)

    def _tell_counts(self, report):
        counts = Counter(row.model for row in report.added)
        for model in fixture_models():
            self._say(f"{counts[model]:7} {model._meta.label_lower}")
        self._say(f"{len(report.added):7} in all")

    def _tell_differences(self, report):
        for row in report.added:
            self._tell("added", row)
        for row, changes in report.changed:
            self._tell("changed", row)
            for name, (before, after) in changes.items():
                self._say(f"    {name}: {_shown(before)} -> {_shown(after)}")
        for row, reason in report.skipped:
            self._tell("skipped", row, f": {reason}")
        for row in report.gone:
            self._tell("kept", row, ": no longer in the fixtures")
        if not report.added and not report.changed:
            self._say("Nothing to do.")
        self._say(
            f"{len(report.added)} added, {len(report.changed)} changed, {len(report.skipped)} skipped, "
            f"{len(report.gone)} no longer in the fixtures, {report.unchanged} unchanged"
        )

    def _tell(self, what, row, why=""):
        self._say(f"{what} {row.model._meta.verbose_name} {row.name}{why}")


def wait_for_other_seeds():
    """Until the transaction ends, a second run waits here, and then finds the data of the first.

    SQLite needs no such lock: there a transaction begins by taking that of the whole database.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kzforeign seed'))")


def _shown(value):
    return "nothing" if value in (None, "", []) else f"“{value}”"
