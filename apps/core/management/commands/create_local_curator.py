import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError

NAME = "curator"


class Command(BaseCommand):
    help = (
        "Makes a superuser for local use and prints its password, this once. "
        "Does nothing where there is a user already; refused on a server, where DEBUG is off."
    )

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError("For local use only. On a server use `manage.py createsuperuser`.")
        users = get_user_model().objects
        if users.exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser(NAME, password=password)
        self.stdout.write(
            f"Curator for local use: name {NAME}, password {password} (shown this once; "
            f"`manage.py changepassword {NAME}` sets another)"
        )
