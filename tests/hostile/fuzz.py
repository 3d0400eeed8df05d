"""`make fuzz`: the API under thousands of requests made up from its own description of itself (schemathesis).

Against the site as it runs for real, on SQLite, or on the PostgreSQL that DATABASE_URL names. Ends with one line of
what was found, and fails if that is anything.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile.server import failures, serving

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
)
FIRST_EXAMPLES = 100  # for each operation; more follow until there are as many cases as wanted


def run(url, examples, seed, phases="examples,coverage,fuzzing,stateful"):
    """The report of schemathesis on the API at `url`; what it has to say of failures is printed."""
    with TemporaryDirectory() as directory:
        report = Path(directory) / "report.json"
        command = [
            *(Path(sys.executable).with_name("schemathesis"), "--no-color", "run", f"{url}/api/v1/schema/"),
            *("--checks", ",".join(CHECKS), "--max-examples", str(examples), "--seed", str(seed)),
            *(
                "--phases",
                phases,
                "--report",
                "json",
                "--report-json-path",
                report,
                "--generation-database",
                "none",
            ),
            *("--continue-on-failure", "--suppress-health-check", "all", "--warnings", "off"),
        ]
        subprocess.run(list(map(str, command)), cwd=directory)
        if not report.exists():
            raise RuntimeError("schemathesis made no report: see above.")
        return json.loads(report.read_text())


def found(reports):
    """(number of cases, {kind of failure: how often}), errors of the tool itself included."""
    cases, kinds = 0, {}
    for report in reports:
        cases += report["test_cases"]["generated"]
        for failure in report["failures"]:
            kinds[failure["title"]] = kinds.get(failure["title"], 0) + failure["count"]
        if report["errors"]:
            kinds["Errors of the tool"] = kinds.get("Errors of the tool", 0) + len(report["errors"])
    return cases, kinds


def main():
    wanted = int(os.environ.get("CASES", "5000"))
    seed = int(os.environ.get("SEED") or int.from_bytes(os.urandom(3)))
    reports = []
    with serving(os.environ.get("DATABASE_URL", "")) as (url, log):
        examples = FIRST_EXAMPLES
        while found(reports)[0] < wanted:
            reports.append(run(url, examples, seed + len(reports)))
        logged = failures(log.read_text(errors="replace"))
    cases, kinds = found(reports)
    if logged:
        kinds["failures in the log of the server"] = len(logged)
    said = ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "0 failures"
    print(f"fuzz: {cases} cases (SEED={seed}), {said}")
    sys.exit(bool(kinds))


if __name__ == "__main__":
    main()
