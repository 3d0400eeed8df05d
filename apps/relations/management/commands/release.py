from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from apps.core.releases import NotReleased
from apps.relations.release import release


class Command(BaseCommand):
    help = (
        "Makes a release of all published data, named after the revision of the database: CSV, JSON lines and SQLite, "
        "in a directory of RELEASES_ROOT, from where the site offers it. A release never changes afterwards."
    )

    def handle(self, *, verbosity, **options):
        if not settings.SITE_ADDRESS:
            raise CommandError(
                "Set the environment variable SITE_ADDRESS to the address of the site's first page, as "
                "https://kzforeign.example: entries in the release have addresses there."
            )
        try:
            made = release(settings.SITE_ADDRESS)
        except NotReleased as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        except OSError as error:
            raise CommandError(
                f"The release could not be written, and nothing was changed. {error}"
            ) from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database cannot be used ({error}). If tables are missing, run `manage.py migrate` first."
            ) from error
        if verbosity:
            self.stdout.write(
                f"{made.revision} in {made.path('')}, with addresses at {settings.SITE_ADDRESS}"
            )
            for file in made.files:
                self.stdout.write(f"{file.size:12,}  {sum(file.rows.values()):9,} rows  {file.name}")
