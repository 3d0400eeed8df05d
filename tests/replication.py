"""A PostgreSQL primary and its streaming replica, of one test's own, on free ports of this machine."""

import os
import shlex
import shutil
import socket
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psycopg2

# Nothing here outlives a crash; what the replica missed it asks for again at once.
OPTIONS = "-c fsync=off -c full_page_writes=off -c wal_retrieve_retry_interval=200ms -c wal_keep_size=64MB"


def programs():
    """The directory of PostgreSQL's own programs, the newest there are; None where servers cannot be made."""
    newest = max(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), default=None
    )
    if newest is None and (found := shutil.which("initdb")):
        newest = Path(found).resolve().parent
    return (
        newest if newest and all((newest / name).exists() for name in ("initdb", "pg_basebackup")) else None
    )


@contextmanager
def replicated(of_primary=(), of_replica=()):
    """Yields (primary, replica), both empty; what they begin with besides is given as ["name=value", ...]."""
    scratch = mkdtemp(prefix="kzforeign-replicated-")
    if os.getuid() == 0:
        # PostgreSQL refuses to run as root.
        shutil.chown(scratch, "postgres")
    primary = Server(Path(scratch), "primary", of_primary)
    replica = Server(Path(scratch), "replica", [*of_primary, *of_replica])
    try:
        primary.run(
            "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-N"
        )
        primary.start()
        copied_from = ["-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres"]
        replica.run("pg_basebackup", *copied_from, "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        replica.start()
        yield primary, replica
    finally:
        for server in (replica, primary):
            server.stop(check=False)
        shutil.rmtree(scratch)


class Server:
    def __init__(self, scratch, name, options=()):
        self.data = scratch / name
        self.log = scratch / f"{name}.log"
        self.options = " ".join([OPTIONS, *(f"-c {shlex.quote(option)}" for option in options)])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def address(self, database="kzforeign"):
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, program, *arguments, check=True):
        """A program of PostgreSQL's on the directory of the server."""
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        command = [*as_postgres, programs() / program, "-D", self.data, *arguments]
        # Not by a pipe, which the server that pg_ctl starts would keep open.
        with self.log.with_suffix(".said").open("w+") as said:
            done = subprocess.run(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False
            )
            if check and done.returncode:
                said.seek(0)
                raise RuntimeError(
                    f"{program}: {said.read()}{self.log.read_text() if self.log.exists() else ''}"
                )

    def start(self):
        options = f"-h 127.0.0.1 -p {self.port} -k {self.data.parent} {self.options}"
        self.run("pg_ctl", "-w", "-l", self.log, "-o", options, "start")

    def stop(self, check=True):
        """As when the machine is switched off."""
        self.run("pg_ctl", "-m", "immediate", "stop", check=check)

    def ask(self, statement, database="kzforeign"):
        """The first row of what a statement finds, if any, committed."""
        with closing(psycopg2.connect(self.address(database))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone() if cursor.description else None
