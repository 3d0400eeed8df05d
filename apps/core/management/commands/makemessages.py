"""`manage.py makemessages`: brings the catalogs in step with the source, and compiles them. It needs GNU gettext."""

from itertools import product

from django.core.management.commands import makemessages

from apps.core import catalogs, catalogs_of_packages


class Command(makemessages.Command):
    """Django's, to catalogs that differ only by what is said: without places, dates, guesses and what is gone."""

    help = "Writes the messages of the source into the catalogs of all languages, and compiles these."
    # A guess looks like a translation, and is that of another sentence.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args, **options):
        given = {"locale": catalogs.LANGUAGES, "no_location": True, "no_obsolete": True}
        ignored = [*options["ignore_patterns"], "tests", "staticfiles", "releases"]
        super().handle(*args, **options | given | {"ignore_patterns": ignored})
        for language in catalogs.LANGUAGES:
            path = catalogs.path_of(catalogs.OWN, language)
            _head, _blank, rest = path.read_text().partition("\n\n")
            path.write_text(catalogs.head(language) + rest)
        for language, domain in product(catalogs.LANGUAGES, catalogs_of_packages.DOMAINS):
            catalogs_of_packages.update(language, domain)
        catalogs.compile_all()
