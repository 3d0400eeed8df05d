"""The servers that are compared, each with one worker process, on loopback ports of their own."""

import json
import os
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent
OURS, PEERS = ROOT / ".venv" / "bin", ROOT / ".venv-bench" / "bin"
THREADS = 4
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(eq=False)
class Server:
    """`backends` are asked for the CPU of the connections that it has to PostgreSQL, if it is on that."""

    name: str
    command: list
    environment: dict
    database: object
    port: int = 0
    process: subprocess.Popen | None = None
    directory: Path = ROOT
    log: Path | None = None
    taken: dict = field(default_factory=dict)

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [str(part).replace("{port}", str(self.port)) for part in self.command]
        environment = os.environ | self.environment | {"PGAPPNAME": self.label}
        self.log = self.database.directory / f"{self.label}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=self.directory, env=environment, stdout=log, stderr=log
            )
        self._wait()
        return self

    def __exit__(self, *error):
        self.process.terminate()
        self.process.wait()
        if not any(error):
            self.log.unlink()

    @property
    def label(self):
        """By which PostgreSQL tells its connections from those of the others."""
        return f"bench-{self.name}-{self.port}".replace(" ", "-")

    def _wait(self):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.process.terminate()
        raise RuntimeError(f"{self.name} did not start; see {self.log}")

    def cpu(self):
        """Seconds that its processes, and its backends on PostgreSQL, have taken so far; those that ended, too."""
        self.taken |= {pid: cpu_of(pid) or self.taken.get(pid, 0) for pid in self._pids()}
        return sum(self.taken.values())

    def precise_cpu(self):
        """The same to the nanosecond, which `cpu` counts by hundredths of a second; of threads that are still there."""
        return precise_cpu_of(self._pids())

    def _pids(self):
        return [*tree(self.process.pid), *self.database.backends(self.label)]

    def memory(self):
        """Megabytes that the process of its tree has that has most."""
        return max(map(held, tree(self.process.pid)))


def tree(pid):
    """The process and all that descend from it."""
    pids = [pid]
    for parent in pids:
        try:
            pids += map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())
        except FileNotFoundError:
            continue
    return pids


def cpu_of(pid):
    """Seconds."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return (int(fields[11]) + int(fields[12])) / TICK


def precise_cpu_of(pids):
    """Seconds that the threads of these processes have taken so far."""
    tasks = [path for pid in pids for path in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    return sum(map(run_of, tasks)) / 1e9


def run_of(path):
    """Nanoseconds."""
    try:
        return int(path.read_text().split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def held(pid):
    """Megabytes, without what the system has of the database's file in memory, which it takes back when it likes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = dict(line.split(":", 1) for line in lines)
    return int(found["RssAnon"].split()[0]) / 1024


def gunicorn(python, application):
    return [
        *(python / "gunicorn", application, "--bind", "127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--workers", "1", "--threads", str(THREADS), "--keep-alive", "75", "--timeout", "600"),
    ]


def production(database):
    """The environment of this project in production."""
    return {
        "DEBUG": "0",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "0",
        "API_RATE": "off",
        "DATABASE_URL": database.url,
        "STATIC_ROOT": str(database.directory / "static"),
        "DJANGO_SETTINGS_MODULE": "kzforeign.settings",
    }


def ours(database, *, cache):
    """This project; without `cache` each page is made anew, as for whoever is the first to ask for it."""
    name = "ours, warm" if cache else "ours"
    environment = production(database) | ({} if cache else {"CACHE_URL": "off"})
    return Server(name, gunicorn(OURS, "kzforeign.wsgi"), environment, database)


def stock(database):
    environment = {"DATABASE_URL": database.url, "DJANGO_SETTINGS_MODULE": "stock.settings"}
    command = gunicorn(PEERS, "django.core.wsgi:get_wsgi_application()")
    return Server("stock DRF", command, environment, database, directory=HERE / "peers")


def bare(database, answer):
    """What answers the bytes of the file `answer` to everything."""
    command = gunicorn(PEERS, "bare:application")
    return Server("bare Django", command, {"ANSWER": str(answer)}, database, directory=HERE / "peers")


def datasette(database):
    """On SQLite. The queries that it knows by name (`datasette.sql`) give the content of our rows."""
    sql = (HERE / "speed" / "datasette.sql").read_text()
    to_host = "AND v.host_id = (SELECT id FROM states_state WHERE code = :host)\nORDER BY"
    queries = {"visits": {"sql": sql}, "visits_to": {"sql": sql.replace("ORDER BY", to_host)}}
    metadata = database.directory / "datasette.json"
    metadata.write_text(json.dumps({"databases": {database.path.stem: {"queries": queries}}}))
    command = [
        *(PEERS / "datasette", "serve", database.path, "--host", "127.0.0.1", "--port", "{port}"),
        *("--metadata", metadata, "--setting", "sql_time_limit_ms", "60000"),
    ]
    return Server("Datasette", command, {}, database)
