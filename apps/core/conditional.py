"""Whether what a client has read is still what there is (RFC 9110, section 13)."""

from functools import cache
from hashlib import sha256

from django.conf import settings
from django.utils.http import parse_etags

from apps.core.models import Revision

# What an answer depends on besides the data and the address.
CODE = (
    "requirements.txt",
    "apps/**/*.py",
    "kzforeign/**/*.py",
    "kzforeign/locale*/**/*.mo",
    "templates/**/*.html",
)


class NotModified(Exception):
    """The client has the answer already."""


def entity_tag(request, besides=""):
    """A weak validator of the answer to this address now; one query. `besides` is what else the answer is made of.

    Read before the answer is made: a change that comes in between makes the tag older than what it stands for, and
    then costs a client no more than to be told all of it again.
    """
    revision = Revision.objects.current()
    of_what = (revision.number, revision.changed_at, code_mark(), request.build_absolute_uri(), besides)
    digest = sha256("\n".join(map(str, of_what)).encode()).hexdigest()[:16]
    return f'W/"{revision}-{digest}"'


@cache
def code_mark():
    """A text that is another one wherever the code, a template, a translation or the focal state is another."""
    mark = sha256(settings.FOCUS_STATE.encode())
    for path in sorted(path for pattern in CODE for path in settings.BASE_DIR.glob(pattern)):
        mark.update(path.read_bytes())
    return mark.hexdigest()


def has_it(request, tag):
    """Whether If-None-Match names the tag. "*" is not taken: whether there is anything is known only by answering."""
    weak = tag.removeprefix("W/")
    return any(
        given.removeprefix("W/") == weak for given in parse_etags(request.headers.get("If-None-Match", ""))
    )
