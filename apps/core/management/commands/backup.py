from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from apps.core import backup


class Command(BaseCommand):
    help = (
        "Writes the whole database, history and users included, to one file, as it is at one moment; the site may go "
        "on. The file is checked before it gets its name. Keep it from others: it holds the hashes of passwords. "
        "Releases (RELEASES_ROOT) are files of their own and not in it. PostgreSQL needs pg_dump and pg_restore."
    )
    # A database in trouble is to be saved all the same.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            default=Path(),
            help="A file that is not there yet, or a directory, in which it is named after the moment. "
            "Without it, the current directory.",
        )

    def handle(self, *, path, verbosity, **options):
        if path.is_dir():
            path /= f"kzforeign-{timezone.now():%Y%m%dT%H%M%SZ}.backup.zip"
        try:
            description = backup.make(backup.database(connection), path)
        except (backup.Refused, DatabaseError) as error:
            raise CommandError(f"There is no backup. {error}") from error
        if verbosity:
            rows = sum(table.rows for table in description.tables.values())
            self.stdout.write(
                f"{path}: {description.kind}, r{description.revision}, {len(description.tables)} tables with {rows} "
                f"rows, {path.stat().st_size} bytes."
            )
