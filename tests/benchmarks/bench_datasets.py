"""Rows a second and peak memory of a dataset's import and export on the database of DATABASE_URL, empty but migrated.

    DEBUG=1 python -m tests.benchmarks.bench_datasets [MEMBERSHIPS]

100,000 published memberships unless told otherwise, each with one citation, with the states and organizations that
they need; the same in every run. Both commands run as processes of their own, their start included in the time. At the
end what was exported is compared with what was imported, byte by byte.
"""

import csv
import filecmp
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

STATES, PASSAGES = 200, 1000
PUBLISHED = "published"


def write(directory, name, columns, rows):
    with open(directory / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def make(directory, memberships):
    """Writes the package; each state is in every organization, once."""
    codes = [f"Q{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(STATES)]
    slugs = [f"organization-{n:05}" for n in range(-(-memberships // STATES))]
    passages = [f"p-{n:04}" for n in range(PASSAGES)]
    cited = {"states": codes, "organizations": slugs}
    write(directory, "source", ["slug", "kind", "title"], [["paper", "book", "A paper"]])
    write(
        directory,
        "passage",
        ["source", "anchor", "position", "paragraph"],
        [["paper", anchor, n + 1, n + 1] for n, anchor in enumerate(passages)],
    )
    write(directory, "state", ["code", "status", "name_en"], [[c, PUBLISHED, f"State {c}"] for c in codes])
    write(
        directory,
        "organization",
        ["slug", "status", "name_en", "kind"],
        [[slug, PUBLISHED, slug.replace("-", " ").title(), "intergovernmental"] for slug in slugs],
    )
    for name, keys in (("statecitation", cited["states"]), ("organizationcitation", cited["organizations"])):
        write(directory, name, ["entry", "passage"], [[key, f"paper/{passages[0]}"] for key in keys])
    pairs = [(codes[n % STATES], slugs[n // STATES]) for n in range(memberships)]
    write(
        directory,
        "membership",
        ["slug", "status", "member_state", "organization", "start", "end", "attested"],
        [
            [
                f"{code}-{slug}".lower(),
                PUBLISHED,
                code,
                slug,
                f"{1900 + n % 90}-{n % 12 + 1:02}",
                "..",
                "2016",
            ]
            for n, (code, slug) in enumerate(pairs)
        ],
    )
    write(
        directory,
        "membershipcitation",
        ["entry", "passage"],
        [
            [f"{code}-{slug}".lower(), f"paper/{passages[n % PASSAGES]}"]
            for n, (code, slug) in enumerate(pairs)
        ],
    )
    return memberships + len(codes) * 2 + len(slugs) * 2 + memberships + len(passages) + 1


def run(name, memberships, rows, *arguments):
    """Runs a command of manage.py and prints what it took."""
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, "manage.py", *map(str, arguments), "--verbosity", "0"])
    _pid, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - begin
    if status:
        sys.exit(f"{name} failed")
    print(
        f"{name} {took:6.1f} s, {usage.ru_utime + usage.ru_stime:6.1f} s CPU; {rows / took:6.0f} rows/s in all, "
        f"{memberships / took:6.0f} memberships/s; {usage.ru_maxrss / 1024:4.0f} MB at most"
    )


def main(memberships=100_000):
    with TemporaryDirectory() as made:
        first, second, third = (Path(made) / name for name in ("made", "exported", "again"))
        first.mkdir()
        rows = make(first, memberships)
        print(f"{memberships} memberships, {rows} rows in all")
        run("import      ", memberships, rows, "import_dataset", first)
        run("export      ", memberships, rows, "export_dataset", second)
        run("import again", memberships, rows, "import_dataset", second)
        run("export again", memberships, rows, "export_dataset", third)
        names = sorted(path.name for path in second.iterdir())
        _same, differing, failed = filecmp.cmpfiles(second, third, names, shallow=False)
        print("the exports differ" if differing or failed else "both exports are the same")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
