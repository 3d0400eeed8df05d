from pathlib import Path

from django.core.management import BaseCommand, CommandError

from apps.core.dataset_export import export


class Command(BaseCommand):
    help = (
        "Writes the public data as a Data Package: a CSV file for each kind of row, and datapackage.json, which "
        "describes them. The same data gives the same bytes."
    )

    def add_arguments(self, parser):
        parser.add_argument("directory", type=Path, help="Where to write; made if it is not there.")

    def handle(self, *, directory, verbosity, **options):
        try:
            package = export(directory)
        except OSError as error:
            raise CommandError(f"The package cannot be written to {directory}: {error}") from error
        if verbosity:
            for resource in package["resources"]:
                self.stdout.write(f"{resource['records']:7} {resource['path']}")
