"""What was found out, row by row, and the table that it makes."""

import os
import platform
import statistics
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).resolve().parent.parent / "RESULTS.md"


@dataclass
class Finding:
    """`ratio` is to meet the `goal`, a text such as ">= 4"; both are empty where there is only a number to tell."""

    part: str
    what: str
    where: str
    found: str
    ratio: float | None = None
    goal: str = ""

    @property
    def holds(self):
        if self.ratio is None or not self.goal:
            return None
        sign, value = self.goal.split()[:2]
        return self.ratio >= float(value) if sign == ">=" else self.ratio <= float(value)

    def __str__(self):
        verdict = {True: "yes", False: "NO", None: ""}[self.holds]
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return f"| {self.what} | {self.where} | {self.found} | {ratio} | {self.goal} | {verdict} |"


def told(measured):
    """A Measured in words."""
    words = f"{measured.milliseconds:.2f} ms"
    if measured.per_second:
        words += f", {measured.per_second:.0f}/s"
    return f"{words}, p50 {measured.quantile(0.5):.1f}, p99 {measured.quantile(0.99):.1f}"


def machine():
    """The computer and the programs, as far as they bear on the numbers."""
    models = [
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    ]
    model = models[0].partition(":")[2].strip() if models else platform.processor()
    load = statistics.fmean(os.getloadavg())
    return f"{model}, {os.cpu_count()} cores, load {load:.1f}; Python {platform.python_version()}"


def commit():
    """The one that this was run on, with "changed" behind it where the code is not as it has it."""
    told = _git("rev-parse", "--short", "HEAD")
    # Each run changes the file of the results.
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ":/", f":(exclude){RESULTS.name}")
    return f"{told}, changed" if changed else told or "unknown"


def _git(*words):
    return subprocess.run(["git", *words], cwd=RESULTS.parent, capture_output=True, text=True).stdout.strip()


def write(findings, databases, asked):
    """Puts the findings first in RESULTS.md, before those of earlier runs of other parts or sizes."""
    versions = ", ".join(sorted({database.version() for database in databases}))
    lines = [
        f"## {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {asked}",
        "",
        f"{machine()}; {versions}; commit {commit()}.",
    ]
    for part in dict.fromkeys(finding.part for finding in findings):
        lines += [
            "",
            f"### {part}",
            "",
            "| what | where | found | ratio | goal | holds |",
            "|---|---|---|---|---|---|",
        ]
        lines += [str(finding) for finding in findings if finding.part == part]
    text = "\n".join(lines) + "\n"
    head, _mark, earlier = (RESULTS.read_text() if RESULTS.exists() else HEAD).partition("\n## ")
    RESULTS.write_text("\n".join([head.rstrip("\n"), "", text + (f"\n## {earlier}" if earlier else "")]))
    print(text, file=sys.stdout)


HEAD = """# How fast it is

What `make bench` printed, the latest first, with the commit that it was run on. Times are CPU milliseconds of all
processes of a server for one request, its connections to PostgreSQL included: medians of rounds in which the servers
were asked in turns, each for 0.4 s of CPU, five requests at least. p50 and p99 are of the latency in milliseconds on
one connection (of pages that take long, of some dozens of requests), requests a second of four connections at once.
Each server has one worker process.

S has 60 states, 120 visits and 120 agreements, M 200 states, 50,000 visits and 30,000 agreements, L 200 states, 500,000
visits and 300,000 agreements, of which one in sixty or so is a draft, or names one. So L has three times the states of
S, and pages of all states that much more to tell.

- Cold is a page that is made anew, by a process that has made others of its kind since anything was written: what it
  keeps of all rows for a revision it has by then, as how many rows a list has, the entries to choose from, the numbers
  of the map, what lists say of states, people, organizations, places, sources and passages. The first page after a
  write has none of this. PostgreSQL is asked for the revision every 0.02 s, as where readers come one after another.
- Warm is what the cache of pages has. Without a server, the application is called in a process of its own: the layer in
  front of Django alone, and with the line that it writes to the log.
- "Stock DRF" is a Django REST framework as its tutorial writes it, on the same tables; "Datasette, table" is its page
  of a table as JSON, "labels" the same with the names of what a row refers to, "SQL" one query of ours, named, with the
  content of our rows. Bare Django is a view that answers the same bytes, without any middleware.

The ratio is, of cold lists and of requests a second, how many times more the other took; of warm pages, our CPU time
to that of bare Django; of the large database, its CPU time to that of the smaller one; of the first page after a
write, its CPU time to that of a server without a cache; of exports, our rows a second to those of the database's own
program. Of searches, the slowest addresses and memory it is the figure that has the goal, milliseconds or MB. A "NO"
is a goal that this run did not meet.
"""
