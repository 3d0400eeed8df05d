import shutil
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from apps.core.curated import NOT_CURATED
from apps.core.dataset_import import Refused, import_dataset


class Command(BaseCommand):
    help = (
        "Brings tables of the layout that export_dataset writes (see /data/layout/ on the site) into the database, "
        "all of them or none. A row that is there, by its natural key, is changed to what the file says, also where a "
        "curator changed it before: whoever imports is a curator. Columns that a file does not have stay as they are. "
        "Rows that are in the database and not in the file stay, and are told. Until it is done, nobody else can write."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="A directory, or a ZIP file, with any of the tables.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Show what would be done, and write nothing."
        )
        parser.add_argument(
            "--reason",
            metavar="TEXT",
            help="Why, for the history of all that is added or changed; without it, “import of” and the path's name.",
        )
        parser.add_argument("--user", metavar="NAME", help="In whose name; if not given, in nobody's.")

    def handle(self, *, path, dry_run, reason, user, verbosity, **options):
        reason = (reason or "").strip() or f"import of {path.resolve().name}"
        if reason in NOT_CURATED:
            raise CommandError(f"Give another reason: “{reason}” marks what no curator has changed.")
        bar = Bar(self.stderr) if self.stderr.isatty() and verbosity else None
        try:
            report = import_dataset(
                path,
                reason=reason,
                user=user and find_user(user),
                dry_run=dry_run,
                **({"progress": bar.show} if bar else {}),
            )
        except Refused as error:
            raise CommandError(f"Nothing was written.\n{error}") from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database cannot be used ({error}). If tables are missing, run `manage.py migrate` first."
            ) from error
        finally:
            if bar:
                bar.clear()
        if verbosity:
            self._tell(report)
        if verbosity and dry_run:
            self.stdout.write("This was a dry run: nothing was written.")

    def _tell(self, report):
        for file, line, changes in report.changes:
            self.stdout.write(f"changed {file}, line {line}")
            for name, (before, after) in changes.items():
                self.stdout.write(f"    {name}: {_shown(before)} -> {_shown(after)}")
        self._tell_rest(report.changed.total() - len(report.changes), "changed")
        for file, name in report.missing:
            self.stdout.write(f"kept {name}: not in {file}")
        self._tell_rest(report.removed.total() - len(report.missing), "kept")
        counters = (report.added, report.changed, report.unchanged, report.removed)
        self.stdout.write("  added changed unchanged not in the file")
        for table in report.tables:
            self._tell_counts([counter[table.model] for counter in counters], table.name)
        self._tell_counts([counter.total() for counter in counters], "in all")

    def _tell_counts(self, counts, name):
        self.stdout.write("{:7} {:7} {:9} {:15}  {}".format(*counts, name))

    def _tell_rest(self, rest, what):
        if rest:
            self.stdout.write(f"... and {rest} more {what}")


def find_user(name):
    users = get_user_model()
    try:
        return users.objects.get_by_natural_key(name)
    except users.DoesNotExist:
        raise CommandError(f"There is no user “{name}”.") from None


def _shown(text):
    return "nothing" if not text else f"“{text}”" if len(text) <= 60 else f"“{text[:60]}...”"


class Bar:
    """How far the import has come, on one line of a terminal."""

    WIDTH = 30

    def __init__(self, out):
        self.out = out

    def show(self, table, position):
        if table is None:
            text = "bringing the index of ties in step"
        else:
            share = min(position / table.size, 1) if table.size else 1
            text = f"[{'#' * round(share * self.WIDTH):{self.WIDTH}}] {share:4.0%} {table.name}"
        width = shutil.get_terminal_size().columns
        self.out.write(f"\r{text[: width - 1]:{width - 1}}", ending="")
        self.out.flush()

    def clear(self):
        self.out.write("\r\033[K", ending="")
