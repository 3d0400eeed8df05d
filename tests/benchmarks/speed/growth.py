"""What the same pages cost on the large database against the small one."""

from tests.benchmarks.speed.findings import Finding, told
from tests.benchmarks.speed.lists import filled, values_of
from tests.benchmarks.speed.measuring import Ask, measure
from tests.benchmarks.speed.servers import ours, production

PART = "The large database against the small one"
# {what: (addresses, goal)}; "{}" as in `lists`, and one of `deep` and `visit`.
PAGES = {
    "list, API": (["/api/v1/visits/?limit=50", "/api/v1/agreements/?limit=50"], "<= 1.2"),
    "list, page": (["/visits/", "/agreements/"], "<= 1.2"),
    "filter, API": (
        [
            "/api/v1/visits/?limit=50&state={code}",
            "/api/v1/agreements/?limit=50&kind={kind}",
            "/api/v1/memberships/?limit=50&state={code}",
            "/api/v1/visits/?limit=50&state={code}&year=2012",
        ],
        "<= 1.2",
    ),
    "filter, page": (["/visits/?state={code}", "/agreements/?kind={kind}"], "<= 1.2"),
    "detail, API": (["/api/v1/visits/{visit}/", "/api/v1/agreements/{agreement}/"], "<= 1.2"),
    "detail, page": (["/visits/{visit}/", "/agreements/{agreement}/"], "<= 1.2"),
    "page in the middle": (["/api/v1/visits/?limit=50&cursor={middle}"], "<= 1.2"),
    "last page but one": (["/api/v1/visits/?limit=50&cursor={late}"], "<= 1.2"),
    "focal state, page": (["/states/KAZ/"], "<= 1.5"),
    "focal state, API": (["/api/v1/states/KAZ/"], "<= 1.5"),
    "time line": (["/timeline/", "/timeline/?state=KAZ", "/api/v1/timeline/?state=KAZ"], "<= 1.5"),
    "map": (["/map/", "/api/v1/map/"], "<= 1.5"),
}


def run(setting):
    if len(setting.sizes) < 2:
        return []
    findings = []
    for kind in setting.kinds:
        small, large = setting.database(kind, setting.sizes[0]), setting.database(kind, setting.sizes[-1])
        with ours(small, cache=False) as first, ours(large, cache=False) as second:
            values = [(server, all_values(server.database)) for server in (first, second)]
            for what, (paths, goal) in PAGES.items():
                asks = [
                    Ask(server.database.size, server, [page for path in paths for page in filled(path, some)])
                    for server, some in values
                ]
                measured = measure(asks, setting.rounds)
                one, other = measured[small.size], measured[large.size]
                where = f"{large.size} / {small.size}, {kind}"
                ratio = other.milliseconds / one.milliseconds
                findings.append(
                    Finding(PART, what, where, f"{told(other)} / {one.milliseconds:.2f} ms", ratio, goal)
                )
    return findings


def all_values(database):
    """Those of the lists, and some visits, agreements and places in the list of visits."""
    visits, agreements = (
        database.rows(f"SELECT slug FROM {table} WHERE status = 'published' ORDER BY id LIMIT 20")
        for table in ("visits_visit", "agreements_agreement")
    )
    count = database.rows("SELECT count(*) FROM visits_visit WHERE status = 'published'")[0][0]
    middle, late = (cursor(database, at) for at in (count // 2, count - 60))
    return [
        value | {"visit": visit, "agreement": agreement, "middle": middle, "late": late}
        for value, (visit,), (agreement,) in zip(values_of(database), visits, agreements, strict=False)
    ]


def cursor(database, at):
    """Of the page of the list of visits that begins so many rows from its beginning."""
    return database.run("-m", "tests.benchmarks.speed.positions", at, **production(database)).strip()
