"""Lists of 50 rows that nobody asked for before, against Datasette and a stock Django REST framework."""

from contextlib import ExitStack

from tests.benchmarks.speed.findings import Finding, told
from tests.benchmarks.speed.measuring import Ask, measure
from tests.benchmarks.speed.servers import datasette, ours, stock

# {what: (our address, that of the stock project, {how: that of Datasette})}; "{}" is one of `values`.
LISTS = {
    "visits": (
        "/api/v1/visits/?limit=50",
        "/visits/?limit=50",
        {
            "table": "/visits_visit.json?_size=50",
            "labels": "/visits_visit.json?_size=50&_labels=on",
            "SQL": "/visits.json",
        },
    ),
    "agreements": (
        "/api/v1/agreements/?limit=50",
        "/agreements/?limit=50",
        {
            "table": "/agreements_agreement.json?_size=50",
            "labels": "/agreements_agreement.json?_size=50&_labels=on",
        },
    ),
    "memberships": (
        "/api/v1/memberships/?limit=50",
        "/memberships/?limit=50",
        {
            "table": "/organizations_membership.json?_size=50",
            "labels": "/organizations_membership.json?_size=50&_labels=on",
        },
    ),
    "visits to a state": (
        "/api/v1/visits/?limit=50&state={code}&direction=in",
        "/visits/?limit=50&host__code={code}",
        {
            "table": "/visits_visit.json?_size=50&host_id={state}",
            "labels": "/visits_visit.json?_size=50&_labels=on&host_id={state}",
            "SQL": "/visits_to.json?host={code}",
        },
    ),
    "agreements of a kind": (
        "/api/v1/agreements/?limit=50&kind={kind}",
        "/agreements/?limit=50&kind={kind}",
        {
            "table": "/agreements_agreement.json?_size=50&kind={kind}",
            "labels": "/agreements_agreement.json?_size=50&_labels=on&kind={kind}",
        },
    ),
    "members of an organization": (
        "/api/v1/memberships/?limit=50&organization={slug}",
        "/memberships/?limit=50&organization__slug={slug}",
        {
            "table": "/organizations_membership.json?_size=50&organization_id={organization}",
            "labels": "/organizations_membership.json?_size=50&_labels=on&organization_id={organization}",
        },
    ),
}
# Those that are also asked for on several connections at once.
AT_ONCE = ("visits",)
PART = "Cold lists"


def run(setting):
    findings = []
    for database in setting.databases():
        with ExitStack() as started:
            mine = started.enter_context(ours(database, cache=False))
            other = started.enter_context(stock(database))
            explorer = started.enter_context(datasette(database)) if database.kind == "sqlite" else None
            values = values_of(database)
            for what, (our_path, their_path, others) in LISTS.items():
                asks = [
                    Ask("ours", mine, filled(our_path, values), what in AT_ONCE),
                    Ask("stock DRF", other, filled(their_path, values), what in AT_ONCE),
                ]
                for how, path in others.items() if explorer else ():
                    path = f"/{database.path.stem}{path}"
                    asks.append(Ask(f"Datasette, {how}", explorer, filled(path, values), what in AT_ONCE))
                findings += compared(what, database, measure(asks, setting.rounds))
    return findings


def values_of(database):
    """Values of the filters: what many rows have and what few have."""
    states = database.rows("SELECT id, code FROM states_state ORDER BY id LIMIT 20")
    organizations = database.rows(
        "SELECT id, slug FROM organizations_organization WHERE status = 'published' ORDER BY id LIMIT 20"
    )
    kinds = ["agreement", "treaty", "protocol", "memorandum", "declaration", "loan", "other"]
    return [
        {"state": state, "code": code, "organization": organization, "slug": slug, "kind": kinds[n % 7]}
        for n, ((state, code), (organization, slug)) in enumerate(zip(states, organizations, strict=False))
    ]


def filled(path, values):
    return list(dict.fromkeys(path.format(**value) for value in values))


def compared(what, database, measured):
    mine, where = measured.pop("ours"), f"{database.size}, {database.kind}"
    yield Finding(PART, f"{what}: ours", where, told(mine))
    for name, other in measured.items():
        goal = ">= 5" if name == "stock DRF" else ">= 4"
        yield Finding(
            PART, f"{what}: {name}", where, told(other), other.milliseconds / mine.milliseconds, goal
        )
