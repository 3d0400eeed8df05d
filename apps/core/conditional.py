"""Whether what a client has read is still what there is (RFC 9110, section 13)."""

from functools import cache
from hashlib import sha256

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.utils import timezone
from django.utils.http import parse_etags

from apps.core.addresses import root
from apps.core.changes import is_undone
from apps.core.connections import current_revision, skip_health_check

# What an answer depends on besides the data and the address.
CODE = (
    "kzforeign/locks/requirements.lock",
    "apps/**/*.py",
    "apps/**/*.json",
    "kzforeign/**/*.py",
    "kzforeign/locale*/**/*.mo",
    # Of which pages name the files by their content.
    "kzforeign/static/**/*.*",
    "templates/**/*.*",
)
# What is known of a request, beside its headers: the Revision that it is answered from, and the entity tag of an answer
# that is made of nothing else than this revision, the code, the day and the address.
REVISION, TAG = "kzforeign.revision", "kzforeign.tag"


# The cookies by which the site knows who asks.
OF_SOMEBODY = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, CookieStorage.cookie_name)


class NotModified(Exception):
    """The client has the answer already."""


def is_anybodys(environ):
    """Whether nothing in a request tells who asks, so that the answer is the same for everybody.

    A name within another cookie's value counts as well: then the answer is made for this one alone.
    """
    cookies = environ.get("HTTP_COOKIE")
    return "HTTP_AUTHORIZATION" not in environ and not (
        cookies and any(name in cookies for name in OF_SOMEBODY)
    )


def revision_of(request):
    """The Revision that the database is at; one query, or none where it has told it a moment ago, or for this request.

    Read before the answer is made: a change that comes in between makes it older than what the answer is made from, and
    then costs no more than to make or to send the answer again.
    """
    environ = request.META
    if REVISION not in environ:
        environ[REVISION] = current_revision()
    skip_health_check()
    return environ[REVISION]


def mark_of(request):
    """What is another one once anything was written; None where an answer is made of what will be undone."""
    if is_undone():
        return None
    revision = revision_of(request)
    return revision.number, revision.changed_at


def entity_tag(request, besides="", *, day=""):
    """A weak validator of the answer to this address now. `besides` is what else the answer is made of.

    `day` is today, for an answer that names it.
    """
    revision = revision_of(request)
    address = root(request) + request.get_full_path()
    of_what = (revision.number, revision.changed_at, code_mark(), address, besides or day)
    digest = sha256("\n".join(map(str, of_what)).encode()).hexdigest()[:16]
    tag = f'W/"{revision}-{digest}"'
    if not besides:
        request.META[TAG] = tag
    return tag


def page_tag(request):
    """The entity tag of a page, at whose foot stands the day on which it is read."""
    return entity_tag(request, day=timezone.localdate())


@cache
def code_mark():
    """A text that is another one wherever the code, a template, a translation or the focal state is another."""
    mark = sha256(settings.FOCUS_STATE.encode())
    paths = {path for pattern in CODE for path in settings.BASE_DIR.glob(pattern) if path.is_file()}
    for path in sorted(paths):
        mark.update(path.read_bytes())
    return mark.hexdigest()


def forget_code(**kwargs):
    """Where the development server has seen a file change."""
    code_mark.cache_clear()


def has_it(request, tag):
    """Whether If-None-Match names the tag. "*" is not taken: whether there is anything is known only by answering."""
    return names_tag(request.META.get("HTTP_IF_NONE_MATCH", ""), tag)


def names_tag(condition, tag):
    """Whether one of the tags of an If-None-Match is this one, by the weak comparison."""
    weak = tag.removeprefix("W/")
    return any(given.removeprefix("W/") == weak for given in parse_etags(condition))
