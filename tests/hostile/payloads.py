"""Texts that would run a script where a page did not take them for text, and a world of which every text is of them."""

from itertools import count

from django.db import models

from apps.core.changes import together
from apps.core.fixtures import fixture_models
from tests import factories
from tests.core.world import world
from tests.curation.canary_world import texts_of

# A tag that one of them makes has this attribute.
MARK = "data-xss"
PAYLOADS = [
    "<script data-xss>alert(1)</script>",
    "<img data-xss src=x onerror=alert(2)>",
    "<svg data-xss onload=alert(3)>",
    '<svg><script data-xss href="data:,alert(4)"/></svg>',
    '"><b data-xss onmouseover=alert(5)>',
    "' autofocus onfocus='alert(6)' data-xss='",
    "javascript:alert(7)//",
    "data:text/html,<script>alert(8)</script>",
    "{{7*7}}${alert(9)}{% debug %}<%= 9 %>",
    "</script><script data-xss>alert(10)</script>",
    "--><!--><img data-xss src=y onerror=alert(11)>",
    '<noscript><p title="</noscript><img data-xss src=x onerror=alert(12)>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img data-xss src=x onerror=alert(13)&gt;">',
    "&lt;img data-xss src=x onerror=alert(14)&gt;&#60;script&#62;alert(14)&#60;/script&#62;",
    "\\u003cscript data-xss\\u003ealert(15)\\x3c/script\\x3e%3Cscript%3E",
    "＜script data-xss＞alert(16)＜/script＞",
    "]]><x:script xmlns:x='http://www.w3.org/1999/xhtml' data-xss=''>alert(17)</x:script><![CDATA[",
    '[x](javascript:alert(18)) ![x](y"onerror="alert(18))',
    '=HYPERLINK("javascript:alert(19)";"x")',
    '</title></textarea></style><iframe data-xss srcdoc="<script>alert(20)</script>">',
]
# What takes a text no longer than this has it alone.
SHORTEST = "<b data-xss>"
# Texts by which others are found or that follow a code, of which the site makes addresses.
TAKEN_BY_PATTERN = (models.SlugField, models.URLField)
_numbers = count()


def text(most=None):
    """One that no other is like, of all payloads or of as many as are no longer than `most` together."""
    number = next(_numbers)
    found = str(number)
    for payload in PAYLOADS[number % len(PAYLOADS) :] + PAYLOADS[: number % len(PAYLOADS)]:
        if most is None or len(found) + 1 + len(payload) <= most:
            found += f" {payload}"
    return found if found != str(number) else SHORTEST


def fields(model):
    return [
        field
        for field in texts_of(model)
        if not isinstance(field, TAKEN_BY_PATTERN) and field.name != "wikidata_id"
    ]


def hostile_world():
    """Of every kind of entry and of what they have, rows whose every text is of payloads; the entries of `world`."""
    # The focal state, without which many pages have nothing to tell.
    factories.state("KAZ")
    entries = world()
    with together():
        for model in fixture_models():
            for row in model._base_manager.all():
                for field in fields(model):
                    if field.name != "withdrawn_because":
                        setattr(row, field.name, text(field.max_length))
                row._change_reason = text(100)
                row.save()
    return entries
