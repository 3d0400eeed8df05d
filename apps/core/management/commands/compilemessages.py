"""`manage.py compilemessages`: compiles the catalogs, as Django's command does, without GNU gettext."""

from django.core.management.base import BaseCommand

from apps.core import catalogs


class Command(BaseCommand):
    help = "Compiles the catalogs of all languages, which are kept in the repository so that nobody else needs to."

    def handle(self, *args, **options):
        catalogs.compile_all()
