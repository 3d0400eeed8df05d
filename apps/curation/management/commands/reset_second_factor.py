from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError

from apps.curation.second_factor import app_of, take_away


class Command(BaseCommand):
    help = (
        "Takes the second factor of a user away, who sets up another at the next login. For where the only superuser "
        "has lost it; otherwise a superuser does it on the page of the user in the admin."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="the name of the user")

    def handle(self, name, **options):
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no user “{name}”.")
        if app_of(user) is None:
            raise CommandError(f"“{name}” has no second factor.")
        take_away(user)
        self.stdout.write(f"The second factor of “{name}” is taken away.")
