"""How a line of the log is written: one for each event, without secrets, whatever has been sent to the site.

In production it is JSON, for machines; with DEBUG it is for people. Ours, since python-json-logger writes whatever a
record has been given beside its message, of which Django's request is one, with its query; what has to be done here is
longer than what would be left to it.
"""

import json
import logging
import re
from datetime import UTC, datetime
from functools import lru_cache

from apps.core.request_ids import current

# Characters of a message or a path, and of a traceback, of which the beginning and the end are kept.
LONGEST, LONGEST_TRACEBACK = 2_000, 16_000
# Bytes after which systemd's journal breaks a line in two.
LONGEST_LINE = 48 * 1024
HIDDEN = "***"
# User and password in an address; values of a query; headers, and what is called so, also as the key of a dictionary;
# what PostgreSQL tells of a row that it refuses.
SECRETS = (
    (re.compile(r"(://)[^\s/'\"]*@"), rf"\1{HIDDEN}@"),
    (re.compile(r"([?&][\w.\[\]%-]+=)[^\s&#'\"<>]+"), rf"\1{HIDDEN}"),
    (
        re.compile(r"(?i)((?:authorization|cookie|csrftoken)['\"]?\s*[:=]\s*)b?['\"]?[^\r\n'\"]+"),
        rf"\1{HIDDEN}",
    ),
    (
        re.compile(
            r"(?i)((?:password|passwd|secret|secret_key|session_key|sessionid|token)['\")]*\s*[:=]\s*\(?)"
            r"b?['\"]?[^\s'\",;)&]+"
        ),
        rf"\1{HIDDEN}",
    ),
    # To the end, since values have lines of their own.
    (re.compile(r"(Failing row contains ).*", re.DOTALL), rf"\1{HIDDEN}"),
    (
        re.compile(r"(Key \(.*?\)=\().*(\) (?:already|is|conflicts) )", re.DOTALL),
        rf"\1{HIDDEN}\2",
    ),
)
# One of these is in each of them.
SIGNS = ("=", ":", "Failing")
# What would end a line, or change how a terminal shows it: controls, separators of lines, directions, halves.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

encoder = json.JSONEncoder(default=str)


def without_secrets(text):
    if not any(sign in text for sign in SIGNS):
        return text  # As nearly always.
    for pattern, shown in SECRETS:
        text = pattern.sub(shown, text)
    return text


def on_one_line(text):
    """The text with each sign that is not to be seen as the name of it, as in a string of Python."""
    return UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def cut(text, longest):
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]} ... {len(text) - 2 * half} left out ... {text[-half:]}"


@lru_cache(maxsize=1)
def second_of(time):
    """The second of a time since 1970, in UTC (ISO 8601)."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%S")


class Line(logging.Formatter):
    """What is told of an event: {name: value}, of which each says how it is written."""

    def format(self, record):
        event = {
            "time": f"{second_of(int(record.created))}.{int(record.created % 1 * 1000):03}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": cut(without_secrets(record.getMessage()), LONGEST),
        }
        if asked := current():
            event |= asked.told()
        known = {"status": getattr(record, "status_code", None), "ms": getattr(record, "ms", None)}
        event |= {name: value for name, value in known.items() if value is not None}
        if record.exc_info or record.exc_text or record.stack_info:
            event["exception"] = cut(without_secrets(self._traceback(record)), LONGEST_TRACEBACK)
        return self.written(event)

    def _traceback(self, record):
        of_error = self.formatException(record.exc_info) if record.exc_info else record.exc_text
        return "\n".join(filter(None, (of_error, record.stack_info)))


class WithoutTraceback(logging.Filter):
    """Of what anybody brings about who asks for another host, and whose traceback would tell nothing of the site."""

    def filter(self, record):
        record.exc_info = None
        return True


class JsonLine(Line):
    def written(self, event):
        line = self._json(event)
        if len(line) > LONGEST_LINE and "exception" in event:
            line = self._json(event | {"exception": cut(event["exception"], LONGEST)})
        return line

    @staticmethod
    def _json(event):
        # JSON leaves one control sign as it is.
        return encoder.encode(event).replace("\x7f", "\\u007f")


class PlainLine(Line):
    """A traceback has lines of its own, set in, so that none of it can be taken for an event."""

    def written(self, event):
        line = on_one_line("{time} {level} {logger}: {message}".format(**event))
        named = ((name, event.get(name)) for name in ("request_id", "user"))
        line += "".join(f" {name}={value}" for name, value in named if value)
        below = event.get("exception", "").splitlines()
        return "\n".join([line, *(f"    {on_one_line(each)}" for each in below)])
