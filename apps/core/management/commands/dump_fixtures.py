from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand

from apps.core.fixtures import write


class Command(BaseCommand):
    help = "Writes the database to fixture files in their canonical form, replacing what they hold."

    def add_arguments(self, parser):
        parser.add_argument(
            "--fixtures",
            type=Path,
            default=settings.BASE_DIR / "fixtures",
            metavar="DIRECTORY",
            help="Where to write, if not to fixtures/.",
        )

    def handle(self, *, fixtures, verbosity, **options):
        counts = write(fixtures)
        if verbosity:
            for model, count in counts.items():
                self.stdout.write(f"{count:7} {model._meta.label_lower}")
