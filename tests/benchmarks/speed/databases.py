"""The synthetic databases that all servers are asked about, made where they are not there yet."""

import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.benchmarks.speed.servers import ROOT, production

POSTGRESQL = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432")


@dataclass(frozen=True)
class Database:
    """One size on one of the two: `kind` is sqlite or postgres."""

    kind: str
    size: str
    directory: Path

    @property
    def path(self):
        return self.directory / f"{self.size}.sqlite3"

    @property
    def url(self):
        return f"sqlite:///{self.path}" if self.kind == "sqlite" else f"{POSTGRESQL}/{self.name}"

    @property
    def name(self):
        return f"kzforeign_bench_{self.size.lower()}"

    def prepare(self):
        """Makes it, or brings it to the latest migration; and the files that the server needs."""
        self.directory.mkdir(parents=True, exist_ok=True)
        if not self._is_there():
            print(f"Making {self.name} on {self.kind} ...", file=sys.stderr)
            if self.kind == "postgres":
                self.ask(f"CREATE DATABASE {self.name}", of="postgres")
            self.run("-m", "tests.benchmarks.synthetic", self.size)
        self.run("manage.py", "migrate", "--verbosity", "0")
        if self.kind == "sqlite":
            forget_statistics(self.path)
        else:
            # The CPU that a parallel worker took is lost with it.
            self.ask(f"ALTER DATABASE {self.name} SET max_parallel_workers_per_gather = 0", of="postgres")
        if not self._has_static_files():
            self.run("manage.py", "collectstatic", "--noinput", "--verbosity", "0", **production(self))

    def run(self, *arguments, **environment):
        """What a Python process on this database prints."""
        given = {
            "DATABASE_URL": self.url,
            "DEBUG": "1",
            "STATIC_ROOT": str(self.directory / "static"),
            "DJANGO_SETTINGS_MODULE": "kzforeign.settings",
        }
        command = [sys.executable, *map(str, arguments)]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | given | environment, check=True, stdout=subprocess.PIPE
        )
        return done.stdout.decode()

    def rows(self, sql):
        return self.ask(sql, of=self.name) if self.kind == "postgres" else self._read(sql)

    def backends(self, label):
        """Process ids of the connections to PostgreSQL that bear this name."""
        if self.kind == "sqlite":
            return []
        found = self.ask(f"SELECT pid FROM pg_stat_activity WHERE application_name = '{label}'", of=self.name)
        return [pid for (pid,) in found]

    def ask(self, sql, *, of):
        import psycopg2

        connection = psycopg2.connect(f"{POSTGRESQL}/{of}")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def version(self):
        if self.kind == "sqlite":
            return f"SQLite {sqlite3.sqlite_version}"
        return f"PostgreSQL {self.ask('SHOW server_version', of='postgres')[0][0]}"

    def _is_there(self):
        if self.kind == "sqlite":
            return self.path.exists()
        return bool(self.ask(f"SELECT 1 FROM pg_database WHERE datname = '{self.name}'", of="postgres"))

    def _has_static_files(self):
        """Those that there are now; to compress them takes most of a minute."""
        made = self.directory / "static" / "staticfiles.json"
        ours = (ROOT / "kzforeign" / "static").rglob("*")
        return made.exists() and made.stat().st_mtime > max(path.stat().st_mtime for path in ours)

    def _read(self, sql):
        with sqlite3.connect(self.path) as connection:
            return connection.execute(sql).fetchall()


def forget_statistics(path):
    """Of a file that somebody has analysed: SQLite is to plan as it does for a site (`kzforeign.settings`)."""
    with sqlite3.connect(path) as connection:
        (is_analysed,) = connection.execute(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1')"
        ).fetchone()
        if is_analysed:
            connection.execute("DROP TABLE sqlite_stat1")


def psql(database):
    """The words of a psql command on it."""
    parts = urlsplit(database.url)
    return ["psql", "--no-psqlrc", "--quiet", parts.geturl()]
