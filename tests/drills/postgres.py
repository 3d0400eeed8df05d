"""A PostgreSQL server that restarts, and one that is away for half a minute."""

import socket
from functools import partial
from time import monotonic, sleep

from tests.drills.site import load

PAGES = ["/visits/", "/states/CHN/", "/ru/states/RUS/", "/api/v1/visits/?limit=20", "/api/v1/states/CHN/"]
LIGHT = ["/api/v1/states/CHN/", "/api/v1/states/RUS/"]
STALE = b'<div class="stale"'
RATE = 50


def asks(site):
    """Of each page as anybody, who may get what is kept; of the light ones now and then as a curator, for whom they are
    made: as many as two cores can make beside all else that this does."""
    anybodys = [partial(one, site, page, False) for page in PAGES]
    return [*anybodys * 3, *anybodys[:3], *(partial(one, site, page, True) for page in LIGHT)]


def one(site, page, as_curator):
    return page, as_curator, site.ask(page, as_curator=as_curator)


def right_answers(site):
    right = {}
    for ask in asks(site):
        page, as_curator, told = ask()
        assert told.status == 200, (page, told)
        right[page, as_curator] = told.content
    return right


def wrong(told, right):
    """What is neither the right answer, nor the right one marked as stale, nor 503 with Retry-After."""
    return [
        (page, as_curator, answer.status, answer.content[:100])
        for page, as_curator, answer in told
        if not (answer.is_refusal or is_right(answer, right[page, as_curator], as_curator))
    ]


def is_right(answer, expected, as_curator):
    if answer.status != 200:
        return False
    if "Cache-Status" not in answer.headers:
        return answer.content == expected
    before, mark, rest = answer.content.partition(STALE)
    return not as_curator and before + (rest.partition(b"</div>\n    ")[2] if mark else b"") == expected


def restarts(site, server, times=5):
    """(figure, value, whether it is as it has to be), ..."""
    right, back = right_answers(site), []
    with load(asks(site), RATE) as told:
        sleep(2)
        for _time in range(times):
            server.run("pg_ctl", "-m", "fast", "stop")
            sleep(0.5)
            server.start()
            back.append(monotonic())
            sleep(4)
    faults = wrong(told, right)
    answers = [answer for _page, _curator, answer in told]
    # Two seconds after the server accepts connections, until it is stopped again, all must be as ever.
    late = [a for a in answers if any(at + 2 <= a.at < at + 3.5 for at in back)]
    good = [a for a in late if a.status == 200 and "Cache-Status" not in a.headers]
    yield f"PostgreSQL restarted {times} times, {RATE} requests/s: requests", len(answers), len(answers) > 500
    yield "wrong answers, and failures other than 503 with Retry-After", faults or 0, not faults
    yield "503 with Retry-After", sum(a.is_refusal for a in answers), True
    yield "served marked as stale", sum("Cache-Status" in a.headers for a in answers), True
    yield (
        "good, of those 2 s after it accepts connections",
        f"{len(good)} of {len(late)}",
        late and good == late,
    )
    first = max(first_good(answers, at) for at in back)
    yield "longest until the first answer that is not stale, s", round(first, 2), first < 2


def first_good(answers, at):
    return (
        min(a.at for a in answers if a.at >= at and a.status == 200 and "Cache-Status" not in a.headers) - at
    )


def absence(site, server, seconds=30):
    right, pids = right_answers(site), site.workers()
    server.stop()
    gone = monotonic()
    rest, checks = [], []
    with load(asks(site), 10) as told:
        while monotonic() < gone + seconds:
            rest.append(site.ask("/visits/?year=2009"))
            checks.append((site.ask("/health/live").status, site.ask("/health/ready").status))
            sleep(0.5)
    posted = site.ask("/admin/states/place/add/", method="POST", body="x=1", as_curator=True)
    server.start()
    back = monotonic()
    while site.ask("/visits/", as_curator=True).status != 200 and monotonic() < back + 10:
        sleep(0.05)
    took = monotonic() - back
    faults = wrong(told, right)
    answers = [answer for _page, _curator, answer in told] + rest
    stale = [answer for _page, _curator, answer in told if "Cache-Status" in answer.headers]
    slowest = max(answer.took for answer in answers)
    yield f"PostgreSQL away for {seconds} s: requests", len(answers), len(answers) > 5 * seconds
    yield "wrong answers", faults or 0, not faults
    yield "pages that were not read before: 503", len(rest), all(answer.is_refusal for answer in rest)
    yield "slowest answer, s", round(slowest, 2), slowest < 3
    yield "kept pages served and marked", len(stale), len(stale) > seconds
    yield "/health/live and /health/ready", sorted(set(checks)), set(checks) == {(200, 503)}
    said = b"Nothing that you sent was saved" in posted.content
    yield "a form says that nothing was saved", posted.status, posted.is_refusal and said
    yield "good again after, s", round(took, 2), took < 2
    yield "by the same processes", pids == site.workers(), pids == site.workers()
    ready = site.ask("/health/ready").status
    yield "/health/ready", ready, ready == 200


def silence(site, server):
    """What takes connections and says nothing, as where a firewall drops what the server sends."""
    server.stop()
    with socket.create_server(("127.0.0.1", server.port), backlog=1000):
        with load([partial(site.ask, page, as_curator=True) for page in LIGHT], RATE) as told:
            sleep(6)
        live = site.ask("/health/live")
    server.start()
    sleep(2)
    slowest = max(answer.took for answer in told)
    yield "a server that says nothing: requests", len(told), len(told) > 200
    refused = [answer for answer in told if answer.is_refusal]
    yield "503 with Retry-After", len(refused), len(refused) == len(told)
    yield "slowest, s", round(slowest, 2), slowest < 3
    yield "/health/live, s", round(live.took, 3), live.status == 200 and live.took < 1
    back = site.ask("/visits/", as_curator=True).status
    yield "two seconds after it answers again", back, back == 200
