"""What a wrong environment is answered with, before anything starts."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

SAFE = {"PATH": os.environ["PATH"], "SECRET_KEY": "x"}


def start(**environment):
    command = [sys.executable, "-c", "import kzforeign.settings"]
    return subprocess.run(command, env=SAFE | environment, capture_output=True, text=True, check=False)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("DEBUG", "maybe"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysql://user@host/name"),
        ("DATABASE_REPLICA_URL", "sqlite:////tmp/replica.sqlite3"),
        ("DATABASE_REPLICA_URL", "postgres://user@host:port/name"),
        ("DATABASE_REPLICA_URL", "postgres://user@host"),
        ("REPLICA_LAG", "-1"),
        ("REPLICA_LAG", "3601"),
        ("READ_TIMEOUT", "a minute"),
        ("FOCUS_STATE", "kaz"),
        ("FOCUS_STATE", "KAZAKHSTAN"),
        ("SECURE_HSTS_SECONDS", "a year"),
        ("API_RATE", "0/minute"),
        ("API_RATE", "20/fortnight"),
        ("API_RATE", "many"),
        ("TRUSTED_PROXIES", "-1"),
        ("RELEASES_ROOT", ""),
        ("SITE_ADDRESS", "kzforeign.example"),
        ("SITE_ADDRESS", "ftp://kzforeign.example"),
        ("CACHE_URL", ""),
        ("CACHE_URL", "yes"),
        ("CACHE_URL", "http://127.0.0.1"),
        ("CACHE_URL", "redis://"),
        ("CACHE_URL", "redis://127.0.0.1:port/0"),
        ("CACHE_URL", "redis://127.0.0.1:6379/first"),
        ("CACHE_URL", "redis://127.0.0.1/0?db=1"),
        ("CACHE_BYTES", "64M"),
        ("SITE_ADDRESS", "https://"),
        ("SITE_ADDRESS", "https://kzforeign.example/?page=1"),
    ],
)
def test_wrong_value_is_named(name, value):
    refused = start(**{name: value})
    assert refused.returncode
    last = refused.stderr.strip().splitlines()[-1]
    assert f"The environment variable {name} is missing or cannot be read. " in last


def test_secret_key_is_needed_without_debug():
    assert "set DEBUG=1 for local use" in start(SECRET_KEY="").stderr
    assert start(DEBUG="1").returncode == 0


def test_sqlite_has_no_replica():
    refused = start(DATABASE_REPLICA_URL="postgres://user@host/name")
    last = refused.stderr.strip().splitlines()[-1]
    assert "names a replica, and SQLite has none. Name the PostgreSQL database that it follows in" in last
    followed = {
        "DATABASE_URL": "postgres://user@host/name",
        "DATABASE_REPLICA_URL": "postgres://user@other/name",
    }
    assert start(**followed).returncode == 0
    assert start(DATABASE_REPLICA_URL="").returncode == 0


def test_the_environment_of_a_server_names_what_is_read():
    deploy = settings.BASE_DIR / "kzforeign" / "deploy"
    lines = (deploy / "environment").read_text().splitlines()
    names = [line.split("=")[0] for line in lines if not line.startswith("#")]
    read = (settings.BASE_DIR / "kzforeign" / "settings.py").read_text()
    read += (deploy / "gunicorn.conf.py").read_text()
    assert [name for name in names if f'"{name}"' not in read] == []
