"""What can be taken home: the releases of the data, how to open them, and their files."""

from typing import NamedTuple

from django.http import Http404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView, View

from apps.core.addresses import root
from apps.core.citing import DATABASE, Cited
from apps.core.conditional import revision_of
from apps.core.downloads import download
from apps.core.releases import release_of, releases
from apps.core.views import Citable
from apps.core.views_day import SAME
from apps.relations.data_examples import examples

CONTENT_TYPES = {
    "zip": "application/zip",
    "sqlite3": "application/vnd.sqlite3",
    "json": "application/json",
    "SHA256SUMS": "text/plain; charset=utf-8",
}
# How the names of the files end, what they are called in short, and what they are.
FORMS = {
    "-csv.zip": (
        "CSV",
        _("Tables as CSV, with a description of every column and key that programs can read (Data Package)."),
    ),
    ".sqlite3": (
        "SQLite",
        _("The same tables as a database to be asked in SQL, with the first and the last day of each date."),
    ),
    "-jsonl.zip": (
        _("JSON lines"),
        _("Each entry on a line, as the API gives it, with its parts and its citations."),
    ),
}


class Table(NamedTuple):
    """A table of a release; `counts` are (form, number of its rows, None where the form has no such table)."""

    name: str
    counts: list


# What releases there are does not follow the revision.
@method_decorator(cache_control(no_cache=True), "dispatch")
class DataView(Citable, TemplateView):
    template_name = "relations/data.html"
    day_means = SAME

    def get_context_data(self, **kwargs):
        latest, *earlier = releases() or [None]
        revision = revision_of(self.request)
        told = self.told_of(latest) if latest else {}
        moved_on = latest and not latest.holds(revision)
        return super().get_context_data(
            latest=latest, earlier=earlier, revision=revision, moved_on=moved_on, **told, **kwargs
        )

    def cited(self, context):
        return Cited(gettext("Data to take home"))

    def told_of(self, release):
        return {
            "files": [(file, form_of(file)[1]) for file in release.files],
            "tables": tables_of(release),
            "examples": examples(f"{DATABASE}-{release.revision}"),
            "site": root(self.request),
        }


def form_of(file):
    """(what it is called, what it is), the name of the file alone for one of a kind that is not made any more."""
    return next((form for end, form in FORMS.items() if file.name.endswith(end)), (file.name, ""))


def tables_of(release):
    names = sorted({name for file in release.files for name in file.rows})
    forms = [(form_of(file)[0], file.rows) for file in release.files]
    return [Table(name, [(label, rows.get(name)) for label, rows in forms]) for name in names]


# What takes no POST need not ask for a token before it says so.
@method_decorator(csrf_exempt, "dispatch")
class FileView(View):
    """A file of a release, by the names that the release itself tells."""

    http_method_names = ["get", "head", "options"]

    def get(self, request, release, name):
        found = release_of(release)
        if not found or name not in found.names or not found.path(name).is_file():
            raise Http404
        content_type = CONTENT_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
        return download(
            request, found.path(name), content_type=content_type, tag=found.checksum(name), changed=found.date
        )
