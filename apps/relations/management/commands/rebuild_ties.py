from django.core.management import BaseCommand, CommandError

from apps.relations.index import rebuild

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Makes the index of ties afresh from the entries. It is kept in step with them by itself; this is for after a "
        "change of the database by other means, and after an upgrade that words titles in another way."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail if the index is not as it should be."
        )

    def handle(self, *, check, verbosity, **options):
        difference = rebuild(check=check)
        wrong = len(difference.wrong)
        if check and wrong:
            shown = "\n".join(difference.wrong[:SHOWN])
            more = f"\n... and {wrong - SHOWN} more" if wrong > SHOWN else ""
            raise CommandError(
                f"{wrong} of {difference.compared} entries are not indexed as they should be. "
                f"Run `manage.py rebuild_ties`.\n{shown}{more}"
            )
        if verbosity:
            done = "all as they should be" if not wrong else f"{wrong} of them mended"
            self.stdout.write(f"{difference.compared} entries compared, {done}.")
