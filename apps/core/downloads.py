"""Files that readers take home: whole, in part, or only when they do not have them yet (RFC 9110)."""

import re

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from apps.core.api import open_to_all

CHUNK = 1 << 16
# One part, as whoever resumes a download asks for it. Of a list of parts all is sent, which RFC 9110 allows.
_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))").fullmatch


class OutOfRange(ValueError):
    """The part asked for begins beyond the end of the file."""


def download(request, path, *, content_type, tag, changed):
    """The file at `path` as an attachment. `tag` stands for its content, `changed` is the time of its last change."""
    etag, size = f'"{tag}"', path.stat().st_size
    response = get_conditional_response(request, etag, int(changed.timestamp()))
    if response is None:
        response = _content(request, path, size, etag, changed)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed.timestamp())
    response["Accept-Ranges"] = "bytes"
    # As the API has it: whoever keeps a file asks each time whether it is still there.
    response["Cache-Control"] = "public, no-cache"
    open_to_all(response)
    if response.status_code in (200, 206):
        response["Content-Type"] = content_type
        response["Content-Disposition"] = f'attachment; filename="{path.name}"'
    return response


def _content(request, path, size, etag, changed):
    try:
        part = _part(request, size, etag, changed)
    except OutOfRange:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        return _all(request, path, size)
    first, last = part
    response = StreamingHttpResponse(_read(path, first, last), status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    return response


def _all(request, path, size):
    """To HEAD without the content, which a server would otherwise read and send."""
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": str(size)})
    return FileResponse(path.open("rb"))


def _part(request, size, etag, changed):
    """(first, last) of the bytes asked for, or None for all of them; raises OutOfRange."""
    asked = _RANGE(request.headers.get("Range", ""))
    unless_changed = request.headers.get("If-Range")
    if (
        request.method != "GET"
        or not asked
        or unless_changed not in (None, etag, http_date(changed.timestamp()))
    ):
        return None
    start, end, length = asked.groups()
    if length:
        first, last = max(size - int(length), 0), size - 1
    else:
        first, last = int(start), min(int(end or size - 1), size - 1)
    if length and not int(length) or first >= size:
        raise OutOfRange
    return (first, last) if first <= last else None


def _read(path, first, last):
    with path.open("rb") as file:
        file.seek(first)
        rest = last - first + 1
        while rest and (chunk := file.read(min(CHUNK, rest))):
            rest -= len(chunk)
            yield chunk
