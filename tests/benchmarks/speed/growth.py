"""What the same pages cost on the large database against the smaller ones."""

from contextlib import ExitStack

from tests.benchmarks.speed.findings import Finding, told
from tests.benchmarks.speed.lists import filled
from tests.benchmarks.speed.measuring import Ask, measure
from tests.benchmarks.speed.servers import ours, production

PART = "The large database against the smaller ones"
# {what: (addresses, goal)}; "{}" is one of the values below. Filtered lists are short: the smallest has as many rows.
PAGES = {
    "list, API": (["/api/v1/visits/?limit=50", "/api/v1/agreements/?limit=50"], "<= 1.2"),
    "list, page": (["/visits/", "/agreements/"], "<= 1.2"),
    "filter, API": (
        [
            "/api/v1/visits/?limit=10&state=KAZ",
            "/api/v1/visits/?limit=10&capacity=head_of_state",
            "/api/v1/visits/?limit=10&kind=official",
            "/api/v1/agreements/?limit=10&state=KAZ",
            "/api/v1/agreements/?limit=10&kind=agreement",
            "/api/v1/memberships/?limit=10&state=KAZ",
        ],
        "<= 1.2",
    ),
    "filter, page": (["/visits/?limit=10&state=KAZ", "/agreements/?limit=10&kind=agreement"], "<= 1.2"),
    "detail, API": (["/api/v1/visits/{visit}/", "/api/v1/agreements/{agreement}/"], "<= 1.2"),
    "detail, page": (["/visits/{visit}/", "/agreements/{agreement}/"], "<= 1.2"),
    "page in the middle": (["/api/v1/visits/?limit=50&cursor={middle}"], "<= 1.2"),
    "last full page": (["/api/v1/visits/?limit=50&cursor={late}"], "<= 1.2"),
    "focal state, page": (["/states/KAZ/"], "<= 1.5"),
    "focal state, API": (["/api/v1/states/KAZ/"], "<= 1.5"),
    "time line, page": (["/timeline/"], "<= 1.5"),
    "time line of the focal state": (["/timeline/?state=KAZ", "/api/v1/timeline/?state=KAZ"], "<= 1.5"),
    "map, page": (["/map/"], "<= 1.5"),
    "map, API": (["/api/v1/map/"], "<= 1.5"),
}


def run(setting):
    if len(setting.sizes) < 2:
        return []
    return [finding for kind in setting.kinds for finding in _compared(setting, kind)]


def _compared(setting, kind):
    with ExitStack() as started:
        servers = {
            size: started.enter_context(ours(setting.database(kind, size), cache=False))
            for size in setting.sizes
        }
        values = {size: values_of(server.database) for size, server in servers.items()}
        for what, (paths, goal) in PAGES.items():
            measured = measure(
                [
                    Ask(size, server, [page for path in paths for page in filled(path, values[size])])
                    for size, server in servers.items()
                ],
                setting.rounds,
            )
            *smaller, large = setting.sizes
            for size in smaller:
                one, other = measured[size].milliseconds, measured[large]
                words = f"{told(other)}; {size}: {one:.2f} ms"
                yield Finding(PART, what, f"{large} / {size}, {kind}", words, other.milliseconds / one, goal)


def values_of(database):
    """Some visits and agreements, and places in the list of visits."""
    visits, agreements = (
        database.rows(f"SELECT slug FROM {table} WHERE {public} ORDER BY id LIMIT 12")
        for table, public in (
            (
                "visits_visit",
                "status = 'published' AND sent_by_organization_id IS NULL AND visitor_id IN "
                "(SELECT id FROM people_person WHERE status = 'published')",
            ),
            ("agreements_agreement", "status = 'published'"),
        )
    )
    told = database.run("-m", "tests.benchmarks.speed.positions", **production(database))
    middle, late = told.split()
    return [
        {"visit": visit, "agreement": agreement, "middle": middle, "late": late}
        for (visit,), (agreement,) in zip(visits, agreements, strict=True)
    ]
