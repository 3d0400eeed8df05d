"""What MDN's HTTP Observatory says of the site behind `kzforeign/deploy/nginx.conf`, with the settings of a server.

    npm install --ignore-scripts --prefix DIR @mdn/mdn-http-observatory@1.4.8
    python -m tests.drills.observatory DIR

Prints the score of some pages, and ends with 1 where one has less than 130. Nothing is asked of any other machine.
"""

import json
import os
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.deployed import certify, free_ports, gunicorn, nginx
from tests.databases import manage
from tests.hostile.server import COMMANDS

PATHS = ["/", "/ru/states/CHN/", "/visits/?year=x", "/admin/login/", "/kk/admin/login/", "/api/v1/states/"]
# The API is for all: it gets no points for being shown on no other site.
LEAST, LEAST_OF_API = 130, 120
# Answered by nginx itself.
OF_NGINX = ["/static/kzforeign/icon.svg", "/static/nothing"]
SAID = (
    "Content-Security-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Resource-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
)


def main(installed):
    with TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        scratch.chmod(0o755)
        ports = dict(zip(("site", "http", "https"), free_ports(3), strict=True))
        environment = os.environ | {
            "DEBUG": "0",
            "SECRET_KEY": "of-a-server-that-lives-for-a-minute-0123456789-abcdefghij",
            "ALLOWED_HOSTS": "localhost",
            "TRUSTED_PROXIES": "1",
            "STATIC_ROOT": f"{scratch}/static",
            "DATABASE_URL": f"sqlite:///{scratch}/db.sqlite3",
        }
        for command in COMMANDS:
            if not command.startswith("release"):
                manage(environment["DATABASE_URL"], *command.split(), **environment)
        certify(scratch)
        with gunicorn(scratch, ports["site"], environment), nginx(scratch, ports):
            fine = list(graded(installed, scratch, ports))
            faults = list(unsaid(scratch, ports))
    print(*faults, sep="\n")
    return 0 if all(fine) and not faults else 1


def graded(installed, scratch, ports):
    root = Path(installed).resolve() / "node_modules" / "@mdn" / "mdn-http-observatory"
    preloaded = root / "conf" / "hsts-preload.json"
    if not preloaded.exists():
        # The list of browsers' own, which an installation fetches; `localhost` is not in it.
        preloaded.write_text("{}")
    script = Path(__file__).with_suffix(".mjs")
    command = ["node", script, root, ports["http"], ports["https"], *PATHS]
    environment = os.environ | {"NODE_EXTRA_CA_CERTS": str(scratch / "fullchain.pem")}
    done = subprocess.run(
        list(map(str, command)), env=environment, capture_output=True, text=True, check=True
    )
    for line in done.stdout.splitlines():
        found = json.loads(line)
        print(f"{found['path']}: {found['score']} ({found['grade']}), status {found['status']}")
        print(*(f"    {worth:+d} {result}" for result, worth in found["tests"].values()), sep="\n")
        yield found["score"] >= (LEAST_OF_API if found["path"].startswith("/api/") else LEAST)


def unsaid(scratch, ports):
    """What of the headers is missing, or said twice, where nginx answers by itself."""
    context = ssl.create_default_context(cafile=scratch / "fullchain.pem")
    for path in ["/", *OF_NGINX]:
        try:
            answer = urllib.request.urlopen(f"https://localhost:{ports['https']}{path}", context=context)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            for name in SAID:
                said = answer.headers.get_all(name, [])
                if len(said) != 1:
                    yield f"{path} ({answer.status}) says {name}: {said}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
