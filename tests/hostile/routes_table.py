"""What is asked of every route of the resolver, at an address where there is something."""

from typing import NamedTuple

from tests.hostile.table import DIGITS, HUGE, LONG

SIGNS = "x" * 10_000


class Hostile(NamedTuple):
    """What is put behind an address, the method, the head and the body."""

    query: str = ""
    method: str = "GET"
    heads: dict = {}
    body: bytes = b""
    # Put behind the path.
    path: str = ""

    def __str__(self):
        return f"{self.method} {self.path}?{self.query[:40]} {self.heads} {self.body[:20]}"[:100]


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PARTS = {"Content-Type": "multipart/form-data; boundary=x"}
JSON = {"Content-Type": "application/json"}

HOSTILE = [
    Hostile("a=%00&%00=1"),
    Hostile("%FF=%ED%A0%80&q=%ED%A0%80&state=%C0%AE&as_of=%FF&p=%ED%A0%80"),
    Hostile(f"page={HUGE}&limit={HUGE}&year={HUGE}&years={HUGE}&p={HUGE}&o={HUGE}&id={HUGE}&at={HUGE}"),
    Hostile(f"p={DIGITS}&limit={DIGITS}&as_of={DIGITS}&from={DIGITS}&at={DIGITS}"),
    Hostile("as_of=99999&year=10000&from=0000&to=-1&at=0000-00-00&recorded_at=99999-01-01"),
    Hostile(f"q={SIGNS}"),
    Hostile(f"state={SIGNS}&as_of={SIGNS}&cursor={SIGNS}&of={SIGNS}&next=/{SIGNS}&term={SIGNS}"),
    Hostile("q[]=a&q[]=b&state[]=CHN&state[$ne]=1&id[]=1&as_of[]=2012"),
    Hostile("q=a&q=b&state=CHN&state=RUS&as_of=2012&as_of=2013&p=1&p=2&o=1&o=2&at=2020&at=2021"),
    Hostile("status__regex=(a%2B)%2B%24&note__iregex=(a%2B)%2B%24&slug__iregex=(.*)*%24"),
    Hostile("password__startswith=pbkdf2&user__password__regex=.&created_by__password__startswith=p"),
    Hostile("username__contains=a&pk__in=1&history__id=1&id__range=1,2&updated_by__is_superuser=1"),
    Hostile("_to_field=password&_popup=1"),
    Hostile("_to_field=%00x&_popup=x&_source_model=a.b&_facets=True&_changelist_filters=%FF%3D%26"),
    Hostile("o=-9999.1&p=-1&e=1&all=&_facets=True"),
    Hostile("o=1.2.3.-4&p=99999999&all=1"),
    Hostile("format=..%2F..%2Fetc%2Fpasswd&ordering=-password&cursor=%ED%A0%80&lang=..%2Fx"),
    Hostile("preview=1&recorded_at=2020-01-01&revision=-1&format=json"),
    Hostile("{{7*7}}=${7*7}&%25s%25n=1&__class__=x&self=1&_method=DELETE"),
    Hostile("&".join(f"x{number}=1" for number in range(10_001))),
    Hostile(path="../../../../etc/passwd"),
    Hostile(path="%2e%2e%2f%2e%2e%2fetc%2fpasswd%00"),
    Hostile(path="..%5C..%5Cwin.ini;jsessionid=1"),
    Hostile(method="HEAD"),
    Hostile(method="OPTIONS", heads={"Origin": "null", "Access-Control-Request-Method": "\xff"}),
    Hostile(method="PROPFIND", heads={"Depth": "infinity"}),
    Hostile(method="TRACE"),
    Hostile(method="DELETE", body=b"\x00"),
    Hostile(method="PUT", heads=JSON, body=b"[" * 100_000),
    Hostile(method="PATCH", heads=JSON, body=b'{"a":' * 50_000),
    Hostile(method="POST", heads=JSON, body=b"[" * 100_000),
    Hostile(method="POST", heads=FORM, body=b"a=%00&b=%ED%A0%80&%FF=1&action=%00&_selected_action=%00"),
    Hostile(method="POST", heads=FORM, body=b"&".join(b"x%d=1" % number for number in range(10_001))),
    Hostile(method="POST", heads=FORM, body=f"q={LONG}&action=x&index={HUGE}".encode()),
    Hostile(method="POST", heads=PARTS, body=b"--x\r\nContent-Disp"),
    Hostile(method="POST", heads=PARTS, body=b'--x\r\nContent-Disposition: form-data; name="\x00"\r\n\r\n\xff'),
    Hostile(method="POST", heads={"Content-Type": "multipart/form-data"}, body=b"x"),
    Hostile(method="POST", heads={"Content-Type": "text/xml"}, body=b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///x">]>'),
    Hostile(heads=JSON, body=b"[" * 10_000),
    Hostile(heads={"If-None-Match": '"a",W/"' * 900, "If-Modified-Since": f"Mon, 01 Jan {HUGE} 00:00:00 GMT"}),
    Hostile(heads={"If-Match": "garbage", "If-Unmodified-Since": "Mon, 01 Jan 0001 00:00:00 GMT"}),
    Hostile(heads={"Range": f"bytes=-{HUGE}", "If-Range": "\xff"}),
    Hostile(heads={"Range": "bytes=" + "0-0," * 5_000}),
    Hostile(heads={"Cookie": "sessionid=\xed\xa0\x80; csrftoken=\x00; messages=[[; django_language=../x; known=\xff"}),
    Hostile(heads={"Cookie": 'sessionid="\\000\\355\\240"; known="' + "x" * 7_000}),
    Hostile(heads={"Cookie": "known=1:2:3; messages=" + "[" * 6_000 + "; sessionid[]=a"}),
    Hostile(heads={"Accept": "text/nonsense," * 7_000, "Accept-Language": "x-" * 4_000}),
    Hostile(heads={"X-Huge": "x" * 100_000, "User-Agent": "\xff" * 8_000, "Referer": "javascript:alert(1)//\xff"}),
    Hostile(heads={"Accept": "*/*;q=1e999", "Accept-Encoding": "br;q=x, zstd;q=-1", "Content-Length": "-1"}),
]  # fmt: skip

# Where there is something, in addition to what tests/hostile/table.py names.
PUBLIC = [
    "/api/v1/relations/CHN/",
    "/api/v1/relations/CHN/RUS/",
    "/api/v1/search/?q=sco",
    "/relations/CHN/",
    "/relations/CHN/RUS/",
    "/years.csv",
    "/matrix.csv",
    "/balance.csv",
    "/data/r1/SHA256SUMS",
    "/cite/bibtex/?of=/states/CHN/",
    "/sitemap-visit.xml",
    "/states/CHN/feed/",
]
# Of the admin, under the address of a model: of a row and of one of its versions.
ROWS = [
    "{row}/",
    "{row}/change/",
    "{row}/delete/",
    "{row}/history/",
    "{row}/history/look/?at=2099-01-01",
    "{row}/history/compare/?from=2020-01-01",
    "{row}/history/restore/",
    "{row}/history/{version}/",
    "{row}/review/",
    "{row}/step/",
    "{row}/merge/",
    "{row}/password/",
    "{row}/second-factor/",
]
# Whoever is there to be logged out would be.
WITHOUT_SESSION = {"admin/logout/"}
